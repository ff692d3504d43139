"""invoice numbers by year

Revision ID: e6b40d8a2f17
Revises: a7d24c6e1b93
Create Date: 2025-12-22 15:57:20
"""

import sqlalchemy as sa
from alembic import op

revision = "e6b40d8a2f17"
down_revision = "a7d24c6e1b93"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE invoices SET number = 'R' || to_char(issued_at, 'YYYY') || '-' || lpad(id::text, 8, '0')")
    op.alter_column("invoices", "number", type_=sa.String(20), existing_type=sa.String(40), existing_nullable=False)


def downgrade() -> None:
    raise RuntimeError("invoices were sent under their new numbers; the old ones can't come back")
