"""loyalty tier

Revision ID: 0c9f5ae27d41
Revises: a7d24c6e1b93
Create Date: 2025-12-17 11:48:30
"""

import sqlalchemy as sa
from alembic import op

revision = "0c9f5ae27d41"
down_revision = "a7d24c6e1b93"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("customers", sa.Column("loyalty_tier", sa.String(20), nullable=True))


def downgrade() -> None:
    op.drop_column("customers", "loyalty_tier")
