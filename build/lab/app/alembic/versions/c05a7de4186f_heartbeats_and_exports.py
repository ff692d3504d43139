"""heartbeats and exports

Revision ID: c05a7de4186f
Revises: 91c6f2ab3d08
Create Date: 2025-11-18 08:05:27
"""

import sqlalchemy as sa
from alembic import op

revision = "c05a7de4186f"
down_revision = "91c6f2ab3d08"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "job_heartbeats",
        sa.Column("runner_id", sa.String(80), primary_key=True),
        sa.Column("last_heartbeat", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "export_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("mode", sa.String(20), nullable=False),
        sa.Column("bookings", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("export_events")
    op.drop_table("job_heartbeats")
