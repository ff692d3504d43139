"""invoices

Revision ID: 91c6f2ab3d08
Revises: 4b1d0c7e92a5
Create Date: 2025-10-27 14:40:03
"""

import sqlalchemy as sa
from alembic import op

revision = "91c6f2ab3d08"
down_revision = "4b1d0c7e92a5"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "invoices",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("booking_id", sa.BigInteger(), sa.ForeignKey("bookings.id"), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("paid", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
    )
    op.create_index("ix_invoices_number", "invoices", ["number"], unique=True)
    op.create_index("ix_invoices_booking_id", "invoices", ["booking_id"])


def downgrade() -> None:
    op.drop_table("invoices")
