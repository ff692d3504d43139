"""booking notes

Revision ID: a7d24c6e1b93
Revises: 5e83b1f0c94d
Create Date: 2025-12-11 16:02:18
"""

import sqlalchemy as sa
from alembic import op

revision = "a7d24c6e1b93"
down_revision = "5e83b1f0c94d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "booking_notes",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("booking_id", sa.BigInteger(), sa.ForeignKey("bookings.id", ondelete="CASCADE"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
    )
    op.create_index("ix_booking_notes_booking_id", "booking_notes", ["booking_id"])
    op.create_index("ix_bookings_scheduled_at", "bookings", ["scheduled_at"])


def downgrade() -> None:
    op.drop_index("ix_bookings_scheduled_at", table_name="bookings")
    op.drop_table("booking_notes")
