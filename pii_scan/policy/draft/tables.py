"""Tables of a policy: what their columns hold, and the statements of a row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ...core.category import ROOT
from ...core.declaration import ClaimKind
from . import mentions
from .classify import Context, Reading
from .lexicon import Lexicon
from .segments import Block

_WEIGHT = 0.7
#: What a row says by the columns of its table: the first that it has.
_PRIMARY: tuple[tuple[str, ClaimKind], ...] = (
    ("period", "retain"), ("recipient", "allow_share"), ("purpose", "purpose"), ("data", "collect"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """The words of one cell, and where they begin in the row."""

    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Said:
    """A row's statement: its reading, and the stretch of the row that says it."""

    reading: Reading
    start: int
    end: int


def cells(row: str) -> list[Cell]:
    """The cells of a row, empty ones left out."""
    parts = re.finditer(r"[^|]+", row)
    return [Cell(m[0].strip(), m.start() + len(m[0]) - len(m[0].lstrip())) for m in parts if m[0].strip()]


def columns(block: Block, following: Block | None, lexicon: Lexicon) -> tuple[str, ...]:
    """What each column holds, if the block is the first row of a table; empty if it names none."""
    if block.kind != "row" or following is None or following.kind != "row":
        return ()
    return header(block.text, lexicon)


def header(row: str, lexicon: Lexicon) -> tuple[str, ...]:
    """What each column holds by its name; empty if fewer than two are known, or one holds a sentence."""
    names = cells(row)
    if len(names) < 2 or any(len(name.text.split()) > 7 for name in names):
        return ()
    made = tuple(_column(name.text, lexicon.groups["columns"]) for name in names)
    return made if sum(map(bool, made)) >= 2 or made[0] else ()


def _column(name: str, forms: Mapping[str, re.Pattern[str]]) -> str:
    return next((key for key, form in forms.items() if form.search(name)), "")


def said(row: str, held: Sequence[str], context: Context, lexicon: Lexicon) -> Iterator[Said]:
    """The statements of a row below the named columns."""
    found = cells(row)
    by = {key: cell for key, cell in reversed(list(zip(held, found, strict=False))) if key}
    by = _by_heading(by, found, context)
    if not found or header(row, lexicon) == tuple(held):  # printed anew on the next page
        return
    first = next((name for name, _ in _PRIMARY if name in by), "")
    if not first:
        return
    kind = dict(_PRIMARY)[first]
    data = _data(by, found, first, lexicon)
    if first in ("purpose", "recipient"):
        cell = by[first]
        yield Said(_reading(kind, data), cell.start, found[-1].end if first == "recipient" else cell.end)
    elif first == "period":
        yield Said(_reading(kind, data), found[0].start, by[first].end)
    elif data != (ROOT,):
        named = by.get("examples", by["data"])
        yield Said(_reading(kind, data), min(by["data"].start, named.start), max(by["data"].end, named.end))
    if first == "period" and "recipient" in by:
        yield Said(_reading("allow_share", data), by["recipient"].start, by["recipient"].end)
    if first == "period" and "purpose" in by:
        yield Said(_reading("purpose", (ROOT,)), by["purpose"].start, by["purpose"].end)
    if first != "data" and "collect" in context.topics and "data" in by and data != (ROOT,):
        yield Said(_reading("collect", data), by["data"].start, by["data"].end)


def _by_heading(by: dict[str, Cell], found: Sequence[Cell], context: Context) -> dict[str, Cell]:
    """The heading tells what a column holds whose name does not: a time stands last, a recipient first."""
    missing = {"retain": ("period", found[-1]), "allow_share": ("recipient", found[0])}
    for topic in context.topics[:1]:
        key, cell = missing.get(topic, ("", found[0]))
        if key and key not in by and not {"period", "recipient", "purpose"} & set(by):
            return {**{k: c for k, c in by.items() if c != cell}, key: cell}
    return by


def _data(by: Mapping[str, Cell], found: Sequence[Cell], first: str, lexicon: Lexicon) -> tuple[str, ...]:
    """The categories of the row: those that its data column names, or its first cell if it has none."""
    if first == "purpose":
        return (ROOT,)
    named: tuple[str, ...]
    if first == "recipient":
        named = (by["data"].text,) if "data" in by else ()
    else:
        named = tuple(by[key].text for key in ("data", "examples", "cookie") if key in by) or (found[0].text,)
    return mentions.categories(" ; ".join(named), lexicon) or (ROOT,)


def _reading(kind: ClaimKind, data: tuple[str, ...]) -> Reading:
    return Reading(kind, f"row_{kind}", _WEIGHT, data)
