"""From which columns a statement takes those that it fills."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_COLUMNS = ("source", "target", "transform", "kind", "place", "to")


def upgrade() -> None:
    op.create_table(
        "edges",
        sa.Column("run", sa.Integer, sa.ForeignKey("runs.number", ondelete="CASCADE"), primary_key=True),
        sa.Column("key", sa.String(32), primary_key=True),
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        *(sa.Column(column, sa.Text, nullable=False) for column in _COLUMNS),
    )


def downgrade() -> None:
    op.drop_table("edges")
