"""booking photos

Revision ID: ab04c2bafff7
Revises: a7d24c6e1b93
Create Date: 2026-01-02 11:47:39
"""

import sqlalchemy as sa
from alembic import op

revision = "ab04c2bafff7"
down_revision = "a7d24c6e1b93"
branch_labels = ("photos",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "booking_photos",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("booking_id", sa.BigInteger(), sa.ForeignKey("bookings.id", ondelete="CASCADE"), nullable=False),
        sa.Column("url", sa.String(400), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
    )
    op.create_index("ix_booking_photos_booking_id", "booking_photos", ["booking_id"])


def downgrade() -> None:
    op.drop_table("booking_photos")
