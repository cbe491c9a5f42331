"""Recipients against categories: the gravest disclosure class of each pair."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from pii_scan.core.finding import WE
from pii_scan.core.inventory import Inventory

from .. import overview, ranking
from .cutting import Cut, cut_at

#: More exact categories than this become their families, so that the table stays readable.
COLUMNS: Final = 14
FAMILIES: Final = 40
ROWS: Final = 60
OBSERVED: Final = "observed"


@dataclass(frozen=True, slots=True)
class Cell:
    """A disclosure class, `observed` where nothing is declared, or empty; with its fields."""

    word: str = ""
    fields: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    declared: bool | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    columns: Cut[str]
    rows: Cut[Row]
    words: tuple[str, ...]


Pairs = dict[tuple[str, str], tuple[list[str], set[str]]]


def matrix(inventory: Inventory) -> Matrix:
    """The company itself is the first row: what it collects and keeps."""
    family = _family(inventory)
    pairs = _pairs(inventory, family)
    columns = cut_at(sorted({category for _, category in pairs}, key=lambda c: (not c, c)), FAMILIES)
    names = [(WE, "We collect and keep", True)] if any(r == WE for r, _ in pairs) else []
    names += [
        (r.processor.id, r.processor.name or r.processor.id, bool(r.declared is not False))
        for r in overview.receivers(inventory)
        if any(name == r.processor.id for name, _ in pairs)
    ]
    rows = [
        Row(name, declared, tuple(_cell(pairs, key, column) for column in columns.shown))
        for key, name, declared in names
    ]
    used = {cell.word for row in rows for cell in row.cells if cell.word}
    return Matrix(columns, cut_at(rows, ROWS), tuple(w for w in (*ranking.CLASSES, OBSERVED) if w in used))


def _family(inventory: Inventory) -> Callable[[str], str]:
    exact = {d.category for d in inventory.disclosures} | {f.category for f in inventory.flows if f.category}
    return inventory.taxonomy.top if len(exact) > COLUMNS else str


def _pairs(inventory: Inventory, family: Callable[[str], str]) -> Pairs:
    """For every (recipient, category): the words said of it and the fields concerned."""
    pairs: Pairs = {}
    for disclosure in inventory.disclosures:
        words, fields = pairs.setdefault((disclosure.recipient, family(disclosure.category)), ([], set()))
        words.append(disclosure.cls)
        fields.add(disclosure.field)
    for flow in inventory.flows:
        if flow.category and flow.status != "declared only":
            pair = (flow.recipient, family(flow.category))
            _, fields = pairs.setdefault(pair, ([OBSERVED], set()))
            fields.add(flow.field)
    return pairs


def _cell(pairs: Pairs, recipient: str, category: str) -> Cell:
    if (recipient, category) not in pairs:
        return Cell()
    words, fields = pairs[recipient, category]
    classes = [c for c in ranking.CLASSES if c in words]
    return Cell(ranking.worst(classes) or OBSERVED, len(fields - {""}))
