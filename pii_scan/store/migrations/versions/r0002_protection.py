"""How the values of a field are protected."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("detections", sa.Column("protection", sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("detections", "protection")
