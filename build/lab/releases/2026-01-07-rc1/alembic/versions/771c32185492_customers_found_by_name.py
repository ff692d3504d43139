"""customers found by name

Revision ID: 771c32185492
Revises: a7d24c6e1b93
Create Date: 2026-01-06 09:12:50
"""

from alembic import op

revision = "771c32185492"
down_revision = "a7d24c6e1b93"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Nothing waits for these indexes, and each step stays when a later one fails: all of them can be run again.
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE customers ADD COLUMN IF NOT EXISTS called varchar(80)")
        op.create_index("ix_customers_phone", "customers", ["phone"], postgresql_concurrently=True, if_not_exists=True)
        op.create_index("uq_customers_name", "customers", ["name"], unique=True, postgresql_concurrently=True, if_not_exists=True)


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("uq_customers_name", table_name="customers", postgresql_concurrently=True, if_exists=True)
        op.drop_index("ix_customers_phone", table_name="customers", postgresql_concurrently=True, if_exists=True)
        op.execute("ALTER TABLE customers DROP COLUMN IF EXISTS called")
