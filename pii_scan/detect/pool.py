"""The cells of a batch that a rule may hit, of all columns in one series, and where each rule may hit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import polars as pl

from . import needs, stretches
from .cells import Column, Ints
from .rules import SHIPPED, Rule
from .text import ODD, fold

#: First bytes of the characters that `fold` replaces.
_ODD_LEADS: Final = (0xC2, 0xD9, 0xDB, 0xE0, 0xE2, 0xE3, 0xEF)
_ALNUM: Final = needs.DIGIT | needs.LETTER
#: Lengths of a row of digits, and of a token, that are looked for once for all rules that need them.
_RUNS: Final = (8, 12)
_TOKEN: Final = 15
_CUTS: Final = ~np.isin(np.arange(256), [ord(c) for c in stretches.TOKEN])


@dataclass(frozen=True)
class Pool:
    """`column` (index into `columns`) and `cell` of every text; `may` gives positions by rule id."""

    columns: Sequence[Column]
    column: Ints = field(repr=False)
    cell: Ints = field(repr=False)
    texts: pl.Series = field(repr=False)
    may: Mapping[str, Ints] = field(repr=False)

    def of(self, positions: Ints) -> pl.Series:
        """The texts at some positions."""
        return self.texts if len(positions) == len(self.texts) else self.texts.gather(positions)

    def matching(self, positions: Ints, regex: str) -> Ints:
        """Those of the positions whose text holds a match."""
        if len(positions):
            positions = positions[self.of(positions).str.contains(regex).to_numpy()]
        return positions


def pool(columns: Sequence[Column], rules: Sequence[Rule], hinted: Mapping[int, frozenset[str]]) -> Pool:
    """The cells that have what some rule needs; `hinted` are the rules a column's name speaks for."""
    parts: list[pl.Series] = []
    owners, cells = [], []
    may: dict[str, list[Ints]] = {rule.id: [] for rule in rules}
    start = 0
    own = [rule.id for rule in rules if rule.origin != SHIPPED]
    for index, column in enumerate(columns):
        named = hinted.get(column.number, frozenset())
        able = _able(column, rules, named)
        plain = () if named else column.notes.get("plain", ())
        chosen, chosen_texts = _union(column, able.values(), plain, [able[i] for i in own if i in able])
        if not chosen.size:
            continue
        place = np.full(len(column), -1, np.int64)
        place[chosen] = np.arange(start, start + len(chosen))
        for rule, some in able.items():
            places = place[some]
            may[rule].append(places[places >= 0])
        parts.append(_folded(column, chosen_texts))
        owners.append(np.full(len(chosen), index))
        cells.append(chosen)
        start += len(chosen)
    texts = pl.concat(parts) if parts else pl.Series("t", [], dtype=pl.String)
    return Pool(columns, _joined(owners), _joined(cells), texts, {r: _joined(p) for r, p in may.items()})


def _joined(parts: Sequence[Ints]) -> Ints:
    return np.concatenate(parts).astype(np.int64) if parts else np.zeros(0, np.int64)


def _union(
    column: Column, parts: Iterable[Ints], plain: Iterable[str], anyway: Iterable[Ints]
) -> tuple[Ints, pl.Series]:
    """The cells of any part, and their texts, but for those of a plain shape that are not in `anyway`."""
    asked = np.zeros(len(column), bool)
    for part in anyway:
        asked[part] = True
    wanted = np.zeros(len(column), bool)
    for part in parts:
        wanted[part] = True
    chosen = np.flatnonzero(wanted)
    texts = column.take(chosen)
    for regex in plain if chosen.size else ():
        kept = ~texts.str.contains(regex).to_numpy() | asked[chosen]
        if not kept.all():
            chosen, texts = chosen[kept], texts.filter(pl.Series(kept))
    return chosen, texts


def _able(column: Column, rules: Sequence[Rule], hinted: frozenset[str]) -> dict[str, Ints]:
    """By rule the cells that have what it needs."""
    if not len(column):
        return {}
    longest = int(column.lengths.max())
    folds = _has_odd(column)
    found: dict[str, Ints] = {}
    cache: dict[_Wish, Ints] = {}
    for rule in rules:
        wish = _wish(rule, told=not rule.free and rule.id not in hinted)
        if longest < wish.length or not _possible(column.seen, wish):
            continue
        if wish not in cache:
            cache[wish] = _cells(column, wish, folds)
        if cache[wish].size:
            found[rule.id] = cache[wish]
    return found


@dataclass(frozen=True, slots=True)
class _Wish:
    """What a cell must have for a rule; `told`: a context word must stand beside, so other characters too."""

    length: int
    digits: int
    marks: tuple[int, ...]
    run: int
    token: bool
    told: bool


def _wish(rule: Rule, told: bool) -> _Wish:
    need = needs.of(rule.regex)
    digits = max(need.digits, rule.digits)
    run = max((level for level in _RUNS if level <= max(need.run, rule.digits)), default=0)
    return _Wish(need.length, digits, need.marks, run, need.token >= _TOKEN, told)


def _possible(seen: int, wish: _Wish) -> bool:
    """True if the column as a whole has what is needed."""
    if wish.digits and not seen & (needs.DIGIT | needs.REST):
        return False
    if wish.told and not seen & ~_ALNUM:
        return False
    return all(seen & (mark | needs.REST) for mark in wish.marks)


def _cells(column: Column, wish: _Wish, folds: bool) -> Ints:
    """The cells that have what is needed; with hidden forms of characters, any cell."""
    able = column.lengths >= wish.length
    if wish.digits:
        able &= column.digits >= wish.digits
    for mark in wish.marks:
        if mark & column.seen != column.seen and not (wish.digits and mark & needs.DIGIT):
            able &= (column.marks & np.uint16(mark)) != 0
    if wish.told:
        able &= (column.marks & np.uint16(~_ALNUM & 0xFFFF)) != 0
    if wish.token and able.any():
        able &= _tokens(column)
    if wish.run and column.seen & ~needs.DIGIT and able.any():
        able &= _runs(column, wish.run)
    if folds:
        able |= _odd(column)
    return np.flatnonzero(able)


def _runs(column: Column, run: int) -> Any:
    """The cells with so many digits in a row but for separators."""
    name = f"run {run}"
    if name not in column.notes:
        found = np.zeros(len(column), bool)
        some = np.flatnonzero(column.digits >= run)
        if some.size:
            found[some] = column.take(some).str.contains(f"(?s:.?){_run(run)}").to_numpy()
        column.notes[name] = found
    return column.notes[name]


def _run(digits: int) -> str:
    return f"[0-9](?:[ ./()-]{{0,{stretches.BETWEEN}}}[0-9]){{{digits - 1}}}"


def _tokens(column: Column) -> Any:
    """The cells that may have a token of `_TOKEN` characters: so many without a space or a sign."""
    if "tokens" not in column.notes:
        cuts = np.concatenate([np.flatnonzero(_CUTS[column.data]), column.offsets])
        cuts.sort(kind="stable")
        starts = cuts[:-1][np.diff(cuts) >= _TOKEN]
        found = np.zeros(len(column), bool)
        found[np.searchsorted(column.offsets, starts, side="right") - 1] = True
        column.notes["tokens"] = found
    return column.notes["tokens"]


def _has_odd(column: Column) -> bool:
    return bool(column.seen & needs.REST) and bool(_odd(column).any())


def _odd(column: Column) -> Any:
    """The cells with a character that hides ASCII text."""
    if "odd" not in column.notes:
        odd = np.zeros(len(column), bool)
        if np.isin(_ODD_LEADS, column.data).any():
            some = np.flatnonzero((column.marks & np.uint16(needs.REST)) != 0)
            odd[some[column.take(some).str.contains(ODD).to_numpy()]] = True
        column.notes["odd"] = odd
    return column.notes["odd"]


def _folded(column: Column, texts: pl.Series) -> pl.Series:
    """The texts with hidden forms of ASCII text folded; most columns stay as they are."""
    if not _has_odd(column):
        return texts
    return folded(texts)


def folded(texts: pl.Series) -> pl.Series:
    odd = texts.str.contains(ODD)
    if not odd.any():
        return texts
    frame = pl.DataFrame({"t": texts, "odd": odd})
    fixed = pl.col("t").map_elements(fold, return_dtype=pl.String)
    return frame.select(t=pl.when("odd").then(fixed).otherwise("t"))["t"]
