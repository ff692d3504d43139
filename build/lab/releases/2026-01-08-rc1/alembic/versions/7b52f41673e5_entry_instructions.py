"""entry instructions

Revision ID: 7b52f41673e5
Revises: a7d24c6e1b93
Create Date: 2026-01-07 14:31:26
"""

import sqlalchemy as sa
from alembic import op

revision = "7b52f41673e5"
down_revision = "a7d24c6e1b93"
branch_labels = None
depends_on = None

BATCH = 1000


def upgrade() -> None:
    connection = op.get_bind()
    # A pilot was given the column by hand.
    if "entry_instructions" not in {column["name"] for column in sa.inspect(connection).get_columns("bookings")}:
        op.add_column("bookings", sa.Column("entry_instructions", sa.Text(), nullable=True))

    last = connection.execute(sa.text("SELECT coalesce(max(id), 0) FROM bookings")).scalar_one()
    for first in range(1, last + 1, BATCH):
        connection.execute(
            sa.text("UPDATE bookings SET entry_instructions = access_notes WHERE id BETWEEN :first AND :last AND entry_instructions IS NULL"),
            {"first": first, "last": first + BATCH - 1},
        )


def downgrade() -> None:
    op.get_bind().execute(sa.text("UPDATE bookings SET access_notes = entry_instructions WHERE access_notes IS DISTINCT FROM entry_instructions"))
    op.drop_column("bookings", "entry_instructions")
