"""booking state, without access notes

Revision ID: 7fa3d9c5e810
Revises: a7d24c6e1b93
Create Date: 2025-12-21 13:15:44
"""

import sqlalchemy as sa
from alembic import op

revision = "7fa3d9c5e810"
down_revision = "a7d24c6e1b93"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("bookings", "status", new_column_name="state")
    op.drop_column("bookings", "access_notes")


def downgrade() -> None:
    # The notes themselves are gone: the column comes back empty.
    op.add_column("bookings", sa.Column("access_notes", sa.Text(), nullable=True))
    op.alter_column("bookings", "state", new_column_name="status")
