"""What tells whether a dataset has changed since a run: tokens and how far logs were read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "states",
        sa.Column("run", sa.Integer, sa.ForeignKey("runs.number", ondelete="CASCADE"), primary_key=True),
        sa.Column("dataset", sa.String(32), primary_key=True),
        sa.Column("urn", sa.Text, nullable=False),
        sa.Column("token", sa.Text, nullable=False),
        sa.Column("cursor", sa.Text, nullable=False),
        sa.Column("plan", sa.Text, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("states")
