"""What servers' catalogs, plans of the infrastructure and registers say."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def _table(name: str, *columns: str) -> None:
    op.create_table(
        name,
        sa.Column("run", sa.Integer, sa.ForeignKey("runs.number", ondelete="CASCADE"), primary_key=True),
        sa.Column("key", sa.String(32), primary_key=True),
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        *(sa.Column(column, sa.Text, nullable=False) for column in columns),
    )


def upgrade() -> None:
    _table("settings", "store", "path", "name", "value", "detail")
    _table("entries", "register", "dataset", "place", "values")


def downgrade() -> None:
    op.drop_table("entries")
    op.drop_table("settings")
