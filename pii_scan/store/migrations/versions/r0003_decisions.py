"""What the user's decisions were accepted with, and the detector of each run."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("runs", sa.Column("detector", sa.Text, nullable=False, server_default=""))
    op.create_table(
        "decisions",
        sa.Column("run", sa.Integer, sa.ForeignKey("runs.number", ondelete="CASCADE"), primary_key=True),
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("accepted", sa.Text, nullable=False),
        sa.Column("detector", sa.Text, nullable=False),
        sa.Column("basis", sa.Text, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("decisions")
    op.drop_column("runs", "detector")
