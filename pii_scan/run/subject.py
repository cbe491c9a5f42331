"""Where one person's data is: opens the sources, keeps the audit log, and asks."""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pyarrow as pa

from ..core.errors import ConfigError, SourceError, classify
from ..core.inventory import Inventory
from ..core.model import OWN, Store
from ..core.ports import HasBlocks
from ..detect import nested
from ..lineage.joins import joins, single
from ..lineage.values import Sets
from ..subjects import find as subjects
from ..subjects.answer import Answer, Place
from ..subjects.audit import Asked, AuditLog
from ..subjects.erasure import Plan, plan
from ..subjects.find import Found
from ..subjects.holds import Hold, applying, holds
from ..subjects.identifier import Identifier, identifiers
from ..subjects.index import Built, Index
from ..subjects.scope import Known, Leaves, Scope, by_field
from .check import judged
from .context import Context
from .sources import chosen


def leaves(context: Context, *, words: bool = False) -> Leaves:
    """The values inside a cell, by the same paths as the inventory's; with `words` base64 in texts, too."""
    limit = context.options.limit
    bounds = nested.Bounds(*(limit(f"json_{name}") for name in ("bytes", "depth", "leaves", "keys")))

    def inside(path: tuple[str, ...], text: str) -> Sequence[tuple[tuple[str, ...], str]]:
        tree = nested.parse(text, bounds)
        found = () if tree is None else tuple(nested.leaves(path, tree, bounds))
        if not words:
            return found
        told = {leaf for _, leaf in found}
        more = [
            ((*at, nested.BASE64), said)
            for at, leaf in found or ((path, text),)
            for said in nested.encoded(leaf)
            if said not in told
        ]
        return (*found, *(deeper for at, said in more for deeper in inside(at, said) or ((at, said),)))

    return inside


def nesting(texts: pa.Array) -> Sequence[str]:
    """The texts that may have values inside them: all for which `leaves` with `words` tells any."""
    text = pl.col("text")
    cells = pl.DataFrame({"text": pl.Series(texts)})
    return cells.filter(nested.likely(text) | nested.worded(text))["text"].to_list()


@contextmanager
def scope(context: Context, wanted: Sequence[str], run: str | None = None) -> Iterator[Scope]:
    """Every dataset of the sources, open until the end; what can't be opened is named."""
    inventory = judged(context, run)
    masker = context.masker
    known: list[Known] = []
    unreachable: dict[str, str] = {}
    with ExitStack() as stack:
        for source in chosen(context.loaded, wanted):
            try:
                connector = source.open()
                stack.callback(connector.close)
                known += [Known(connector, raw, masker.dataset(raw)) for raw in connector.datasets()]
            except SourceError as error:
                unreachable[masker.store(Store(source.kind, source.name)).urn] = str(error)
        sets = context.repository.value_sets(inventory.run.id)
        yield Scope(
            tuple(known),
            inventory,
            masker,
            leaves(context, words=True),
            unreachable,
            by_field(inventory),
            joins_of(inventory, sets),
            single(inventory.profiles, sets),
        )


def joins_of(inventory: Inventory, sets: Sets) -> tuple[tuple[str, str], ...]:
    """The fields of our tables and the keys that their values are, by the run's sketches."""
    tables = frozenset(d.urn for d in inventory.datasets if d.kind == "table" and d.store.role == OWN)
    found = joins(inventory.fields, inventory.profiles, sets, tables)
    return tuple((join.child, join.parent) for join in found)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: the identifiers of one person as text, one a line, and why."""

    text: str = field(repr=False)
    purpose: str = "not stated"
    sources: tuple[str, ...] = ()
    run: str | None = None


def beside(context: Context) -> Path:
    """The folder of the inventory; beside the configuration if the inventory is on a server."""
    inventory = str(context.loaded.inventory)
    return context.loaded.base / ".pii-scan" if "://" in inventory else Path(inventory).parent


def audit_log(context: Context) -> AuditLog:
    return AuditLog(beside(context) / "subject-audit.jsonl", context.key)


def index_of(context: Context) -> Index:
    return Index(beside(context) / "subject-index", context.key.derive("subject-index"))


def build_index(context: Context, wanted: Sequence[str]) -> Built:
    """Indexes files and logs for look-ups; what was indexed before and is as it was is not read again."""
    index, made = index_of(context), Built()
    with scope(context, wanted) as opened:
        made += Built(gaps=tuple(f"{store}: {reason}" for store, reason in opened.unreachable.items()))
        for known in opened.datasets:
            if isinstance(known.connector, HasBlocks) and not known.raw.skip:
                made += index.build(known, opened.leaves, nesting)
    return made


def forget(context: Context, question: Question) -> int:
    """Drops what the index holds of a person; how many blocks have to be indexed anew."""
    with asking(context, question, "forget") as (opened, audited):
        index = index_of(context)
        only = opened.datasets if question.sources else None
        dropped = index.forget(index.asked(audited.given), only)
        audited.log.write(audited.asked, "answered", {"blocks": dropped})
    return dropped


@contextmanager
def asking(context: Context, question: Question, action: str) -> Iterator[tuple[Scope, Audited]]:
    """An open scope for one question. The log has the question before anything is looked at."""
    given = identifiers(question.text)
    log = audit_log(context)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    asked = Asked(actor(), action, question.purpose, log.keyed(given), now)
    log.write(asked, "asked")
    with scope(context, question.sources, question.run) as opened:
        yield opened, Audited(given, log, asked)


@dataclass(frozen=True, slots=True)
class Audited:
    """A question that is in the log; its answer comes to be seen through `answered` alone."""

    given: tuple[Identifier, ...]
    log: AuditLog = field(repr=False)
    asked: Asked

    def answered(self, found: Found) -> Found:
        counts = {
            "places": len(found.answer.places),
            "rows": found.answer.rows,
            "searched": len(found.answer.searched),
            "not_searched": len(found.answer.not_searched),
        }
        self.log.write(self.asked, "answered", counts)
        return found


def find(context: Context, question: Question) -> Found:
    """Where the person's data is. Raises StoreError if the audit log can't be written."""
    with asking(context, question, "find") as (opened, audited):
        return audited.answered(subjects.find(opened, audited.given, index_of(context)))


def erase(context: Context, question: Question, out: Path | None = None) -> tuple[Plan, tuple[str, ...]]:
    """The plan of erasing the person, with their keyed identifiers; nothing is executed.

    `out` is a new file, readable by its owner alone, for every identifier of theirs, those that their rows
    told included: once the rows are gone nothing tells these any more, and `verify` needs them.
    """
    with asking(context, question, "erase") as (opened, audited):
        found = audited.answered(subjects.find(opened, audited.given, index_of(context)))
        keyed = audited.log.keyed(found.known)
        made = plan(opened, found, holds(opened.inventory, keyed, context.as_of))
    if out is not None:
        private(out, [one.written or one.text for one in found.known])
    return made, keyed


def private(out: Path, lines: Iterable[str]) -> None:
    """Writes a new file that its owner alone can read. Raises ConfigError if it can't be written."""
    try:
        descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)
    except OSError as error:
        reason = f"the list can't be written ({classify(error)})"
        raise ConfigError(reason, "name a new file in a folder that you may write to") from None


@dataclass(frozen=True, slots=True)
class Left:
    """What an erasure left: places that nothing keeps, and those that a hold does."""

    answer: Answer
    left: tuple[Place, ...]
    kept: tuple[tuple[Place, Hold], ...]

    @property
    def code(self) -> int:
        """1 if something is left, 3 if that can't be told of everything, else 0."""
        if self.left:
            return 1
        return 3 if self.answer.not_searched else 0


def verify(context: Context, question: Question) -> Left:
    """Looks for the person again; what others have a part in is no remainder of its own."""
    with asking(context, question, "verify") as (opened, audited):
        answer = audited.answered(subjects.find(opened, audited.given, index_of(context))).answer
        given = holds(opened.inventory, audited.asked.subjects, context.as_of)
        found = [(p, applying(given, opened.inventory, p)) for p in answer.places if p.relation != "shared"]
    left = tuple(place for place, hold in found if hold is None)
    return Left(answer, left, tuple((place, hold) for place, hold in found if hold is not None))


def actor() -> str:
    """The account that asks, by its number if it has no name."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid {os.getuid()}"
