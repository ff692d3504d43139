"""every customer has a phone

Revision ID: 46aac368e777
Revises: b0f90ac3b6cb
Create Date: 2026-01-08 08:40:19
"""

import sqlalchemy as sa
from alembic import op

revision = "46aac368e777"
down_revision = "b0f90ac3b6cb"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("customers", "phone", existing_type=sa.String(40), nullable=False)


def downgrade() -> None:
    op.alter_column("customers", "phone", existing_type=sa.String(40), nullable=True)
