"""without loyalty events

Revision ID: b0f90ac3b6cb
Revises: d18e47b06c52
Create Date: 2026-01-07 17:02:44
"""

import sqlalchemy as sa
from alembic import op

revision = "b0f90ac3b6cb"
down_revision = "d18e47b06c52"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("loyalty_events")


def downgrade() -> None:
    # The events themselves are gone: the table comes back empty.
    op.create_table(
        "loyalty_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("customer_id", sa.BigInteger(), sa.ForeignKey("customers.id", ondelete="CASCADE"), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
    )
    op.create_index("ix_loyalty_events_customer_id", "loyalty_events", ["customer_id"])
