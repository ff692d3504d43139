"""booking source

Revision ID: 5e83b1f0c94d
Revises: c05a7de4186f
Create Date: 2025-12-09 10:21:55
"""

import sqlalchemy as sa
from alembic import op

revision = "5e83b1f0c94d"
down_revision = "c05a7de4186f"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("bookings", sa.Column("source", sa.String(40), nullable=True))


def downgrade() -> None:
    op.drop_column("bookings", "source")
