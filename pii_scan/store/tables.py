"""The tables: every row belongs to a run; names are masked, values appear as keyed hashes alone.

URNs may be longer than an index allows, so keys hold their digest (`key_of`) beside the URN.
Paths, tags and evidence are JSON arrays in text columns, written in one canonical way.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

import sqlalchemy as sa

#: The newest migration; equal to `meta.schema` in an inventory that needs none.
HEAD: Final = "0009"


class Safe(sa.types.TypeDecorator[str]):
    """Text that every database takes: NUL and lone surrogates become `\ufffd`."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:
        if value is None:
            return None
        return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def key_of(urn: str) -> str:
    """A URN's digest of 32 hex digits: a key of fixed length."""
    return hashlib.blake2b(urn.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


METADATA = sa.MetaData()


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, Safe, nullable=False)


def _integer(name: str, *, key: bool = False, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, primary_key=key, nullable=nullable, autoincrement=False)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False)


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(32), primary_key=True)


def _of_run(name: str, *columns: sa.Column[Any]) -> sa.Table:
    run: sa.Column[int] = sa.Column("run", sa.ForeignKey("runs.number", ondelete="CASCADE"), primary_key=True)
    return sa.Table(name, METADATA, run, *columns)


META = sa.Table("meta", METADATA, sa.Column("name", sa.String(32), primary_key=True), _text("value"))
RUNS = sa.Table(
    "runs",
    METADATA,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("id", sa.String(64), nullable=False, unique=True),
    _text("started"),
    _text("as_of"),
    _text("mode"),
    _integer("seed"),
    _text("version"),
    _text("finished"),
    _text("state"),
    sa.Column("detector", Safe, nullable=False, server_default=""),
    sqlite_autoincrement=True,
)
STORES = _of_run(
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
DATASETS = _of_run(
    "datasets",
    _key("key"),
    _text("urn"),
    sa.Column("store", sa.String(32), nullable=False),
    _text("path"),
    _text("kind"),
    _integer("rows", nullable=True),
    sa.Column("modified", Safe),
    _text("skip"),
    _flag("planned"),
)
FIELDS = _of_run(
    "fields",
    _key("dataset"),
    _integer("position", key=True),
    _text("path"),
    _text("type"),
    sa.Column("nullable", sa.Boolean),
    sa.Column("references", Safe),
)
PROFILES = _of_run(
    "profiles",
    _key("dataset"),
    _integer("shard", key=True),
    _integer("position", key=True),
    _text("path"),
    _text("body"),
)
#: Keyed sketches of what a dataset's shards hold, by field (the digest of its path) and kind of value.
VALUES = _of_run(
    "value_sets",
    _key("dataset"),
    _key("field"),
    sa.Column("kind", sa.String(16), primary_key=True),
    _text("path"),
    sa.Column("hashes", sa.LargeBinary, nullable=False),
    sa.Column("forms", sa.LargeBinary, nullable=False),
)
DETECTIONS = _of_run(
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
    _text("protection"),
)
COVERAGE = _of_run(
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
#: `rows` to `planned` are the shard's own share of the coverage, so that a resumed run can add it up.
CHECKPOINTS = _of_run(
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
FLOWS = _of_run(
    "flows",
    _integer("position", key=True),
    _text("field"),
    _text("recipient"),
    _text("category"),
    _text("status"),
    _text("evidence"),
    _flag("masking"),
)
FINDINGS = _of_run(
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
CLAIMS = _of_run(
    "claim_verdicts",
    _integer("position", key=True),
    _text("id"),
    _text("verdict"),
    _text("because"),
    _text("needs"),
)
#: What each of the user's decisions was accepted with; carried on from run to run.
DECISIONS = _of_run(
    "decisions",
    sa.Column("id", sa.String(64), primary_key=True),
    _text("accepted"),
    _text("detector"),
    _text("basis"),
)
#: What told, when a run read a dataset, in which state it was, and how it was read.
STATES = _of_run("states", _key("dataset"), _text("urn"), _text("token"), _text("cursor"), _text("plan"))
#: Facts by the store that they were read from: what guards it, and what registers say.
SETTINGS = _of_run(
    "settings",
    _key("key"),
    _integer("position", key=True),
    _text("store"),
    _text("path"),
    _text("name"),
    _text("value"),
    _text("detail"),
)
ENTRIES = _of_run(
    "entries",
    _key("key"),
    _integer("position", key=True),
    _text("register"),
    _text("dataset"),
    _text("place"),
    _text("values"),
)
#: By which SQL a column's values reach another one, by the store whose SQL it is; no statement is kept.
EDGES = _of_run(
    "edges",
    _key("key"),
    _integer("position", key=True),
    _text("source"),
    _text("target"),
    _text("transform"),
    _text("kind"),
    _text("place"),
    _text("to"),
)
#: Members of cohorts and their rows by dataset, as numbers; `kind` is `roll` or `tally`.
COHORTS = _of_run("cohorts", _integer("position", key=True), _text("kind"), _text("body"))
#: What other systems say of their jobs, by the store that it was read from; names are masked.
MAPPINGS = _of_run("mappings", _key("key"), _integer("position", key=True), _text("body"))
