"""loyalty events

Revision ID: d18e47b06c52
Revises: 0c9f5ae27d41
Create Date: 2025-12-18 09:31:07
"""

import sqlalchemy as sa
from alembic import op

revision = "d18e47b06c52"
down_revision = "0c9f5ae27d41"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "loyalty_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("customer_id", sa.BigInteger(), sa.ForeignKey("customers.id", ondelete="CASCADE"), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
    )
    op.create_index("ix_loyalty_events_customer_id", "loyalty_events", ["customer_id"])


def downgrade() -> None:
    op.drop_table("loyalty_events")
