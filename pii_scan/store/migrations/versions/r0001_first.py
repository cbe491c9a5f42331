"""The first schema."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=nullable)


def _integer(name: str, *, key: bool = False, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, primary_key=key, nullable=nullable, autoincrement=False)


def _flag(name: str, *, nullable: bool = False) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=nullable)


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(32), primary_key=True)


def _create(name: str, *columns: sa.Column[Any]) -> None:
    run = sa.Column("run", sa.Integer, sa.ForeignKey("runs.number", ondelete="CASCADE"), primary_key=True)
    op.create_table(name, run, *columns)


def _runs() -> None:
    op.create_table("meta", sa.Column("name", sa.String(32), primary_key=True), _text("value"))
    op.create_table(
        "runs",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("id", sa.String(64), nullable=False, unique=True),
        _text("started"),
        _text("as_of"),
        _text("mode"),
        _integer("seed"),
        _text("version"),
        _text("finished"),
        _text("state"),
        sqlite_autoincrement=True,
    )


def _datasets() -> None:
    _create(
        "stores",
        _key("key"),
        _text("kind"),
        _text("name"),
        _text("owner"),
        _text("region"),
        _text("role"),
        _text("purpose"),
        _text("tags"),
        _text("default_path"),
    )
    _create(
        "datasets",
        _key("key"),
        _text("urn"),
        sa.Column("store", sa.String(32), nullable=False),
        _text("path"),
        _text("kind"),
        _integer("rows", nullable=True),
        _text("modified", nullable=True),
        _text("skip"),
        _flag("planned"),
    )
    _create(
        "fields",
        _key("dataset"),
        _integer("position", key=True),
        _text("path"),
        _text("type"),
        _flag("nullable", nullable=True),
        _text("references", nullable=True),
    )


def _observations() -> None:
    _create(
        "profiles",
        _key("dataset"),
        _integer("shard", key=True),
        _integer("position", key=True),
        _text("path"),
        _text("body"),
    )
    _create(
        "detections",
        _key("dataset"),
        _integer("position", key=True),
        _text("field"),
        _text("category"),
        _text("verdict"),
        sa.Column("confidence", sa.Double, nullable=False),
        sa.Column("share", sa.Double),
        sa.Column("low", sa.Double),
        sa.Column("high", sa.Double),
        _integer("count"),
        _text("places"),
        _text("evidence"),
    )


def _coverage() -> None:
    _create(
        "coverage",
        _key("dataset"),
        _text("urn"),
        _text("state"),
        _integer("rows"),
        _integer("bytes"),
        _integer("total", nullable=True),
        _text("reason"),
        _flag("planned"),
    )
    _create(
        "checkpoints",
        _key("dataset"),
        _integer("shard", key=True),
        _integer("of"),
        _text("urn"),
        _text("state"),
        _integer("rows"),
        _integer("bytes"),
        _integer("total", nullable=True),
        _text("reason"),
        _flag("planned"),
    )


def _conclusions() -> None:
    _create(
        "flows",
        _integer("position", key=True),
        _text("field"),
        _text("recipient"),
        _text("category"),
        _text("status"),
        _text("evidence"),
        _flag("masking"),
    )
    _create(
        "findings",
        _integer("position", key=True),
        sa.Column("fingerprint", sa.String(16), nullable=False),
        _text("check"),
        _text("severity"),
        _text("subject"),
        _text("message"),
        _text("claim"),
        _text("recipient"),
        _text("category"),
        _text("verdict"),
        _text("evidence"),
    )
    _create(
        "claim_verdicts",
        _integer("position", key=True),
        _text("id"),
        _text("verdict"),
        _text("because"),
        _text("needs"),
    )


def upgrade() -> None:
    _runs()
    _datasets()
    _observations()
    _coverage()
    _conclusions()


def downgrade() -> None:
    for name in (
        "claim_verdicts",
        "findings",
        "flows",
        "checkpoints",
        "coverage",
        "detections",
        "profiles",
        "fields",
        "datasets",
        "stores",
        "runs",
        "meta",
    ):
        op.drop_table(name)
