"""customer language

Revision ID: f9d4df2db07e
Revises: a7d24c6e1b93
Create Date: 2026-01-02 10:05:12
"""

import sqlalchemy as sa
from alembic import op

revision = "f9d4df2db07e"
down_revision = "a7d24c6e1b93"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("customers", sa.Column("language", sa.String(8), nullable=True))


def downgrade() -> None:
    op.drop_column("customers", "language")
