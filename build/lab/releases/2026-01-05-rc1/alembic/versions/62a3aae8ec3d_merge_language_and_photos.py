"""merge customer language and booking photos

Revision ID: 62a3aae8ec3d
Revises: f9d4df2db07e, ab04c2bafff7
Create Date: 2026-01-04 16:20:03
"""

revision = "62a3aae8ec3d"
down_revision = ("f9d4df2db07e", "ab04c2bafff7")
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
