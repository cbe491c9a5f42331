"""The cells of a batch that a rule may hit, of all columns in one series, and where each rule may hit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import numpy as np
import polars as pl

from . import prefilter, wishes
from .cells import Column, Ints
from .rules import SHIPPED, Rule
from .text import ODD, fold

FEW: Final = 12_000


@dataclass(frozen=True)
class Pool:
    """`column` (index into `columns`) and `cell` of every text; `may` gives positions by rule id.

    In `may` are the rules that count by themselves or by a column's name; of those that need a word beside,
    only that one of them might hit is known: `speakable`.
    """

    columns: Sequence[Column]
    column: Ints = field(repr=False)
    cell: Ints = field(repr=False)
    texts: pl.Series = field(repr=False)
    may: Mapping[str, Ints] = field(repr=False)
    speakable: Ints = field(repr=False)
    #: Texts of fewer bytes together are tested one by one.
    few: int = FEW

    def of(self, positions: Ints) -> pl.Series:
        """The texts at some positions."""
        return self.texts if len(positions) == len(self.texts) else self.texts.gather(positions)

    @cached_property
    def lengths(self) -> Ints:
        """Bytes of each text."""
        lengths: Ints = self.texts.str.len_bytes().to_numpy()
        return lengths

    def matching(self, positions: Ints, rule: Rule, form: Callable[[Rule], str]) -> Ints:
        """Those of the positions whose text matches a form (of `prefilter`) of the rule."""
        if not len(positions):
            return positions
        texts = self.of(positions)
        if self.lengths[positions].sum() > self.few:
            held = texts.str.contains(form(rule)).to_numpy()
        else:
            test = prefilter.single(rule, form)
            held = np.array([test(text) is not None for text in texts.to_list()], bool)
        chosen: Ints = positions[held]
        return chosen

    def columns_of(self, positions: Ints) -> Iterator[tuple[int, Ints]]:
        """Positions, which are ascending, by the index of their column."""
        cuts = np.flatnonzero(np.diff(self.column[positions])) + 1
        for part in np.split(positions, cuts) if len(positions) else ():
            yield int(self.column[part[0]]), part

    def beside(self, spoken: Ints, rules: Sequence[Rule]) -> dict[str, Ints]:
        """By rule the positions, of those where a word stands, that have what the rule needs."""
        found: dict[str, list[Ints]] = {}
        for index, part in self.columns_of(spoken):
            few = self.columns[index].only(self.cell[part])
            for rule, some in wishes.able(few, rules, told=True).items():
                found.setdefault(rule, []).append(part[some])
        return {rule: _joined(parts) for rule, parts in found.items()}


def pool(
    columns: Sequence[Column], rules: Sequence[Rule], hinted: Mapping[int, frozenset[str]], few: int = FEW
) -> Pool:
    """The cells that have what some rule needs; `hinted` are the rules a column's name speaks for.

    A value of a plain shape (a date, a word) is only for those and for the user's rules.
    """
    own = frozenset(rule.id for rule in rules if rule.origin != SHIPPED)
    needy = [rule for rule in rules if rule.needy]
    texts: list[pl.Series] = []
    owners, cells, speak = [], [], []
    may: dict[str, list[Ints]] = {rule.id: [] for rule in rules}
    start = 0
    for index, column in enumerate(columns):
        named = hinted.get(column.number, frozenset())
        able = wishes.able(column, [r for r in rules if r.free or r.id in named], told=False)
        spoken = wishes.speakable(column, needy)
        chosen = _union(len(column), [*able.values(), spoken])
        if not chosen.size:
            continue
        part = column.take(chosen)
        plain = np.zeros(len(column), bool)
        plain[chosen] = _plain(part, column.notes.get("plain", ()))
        asked = _union(len(column), [able[rule] for rule in able if rule in named or rule in own])
        kept = ~plain[chosen] | np.isin(chosen, asked, assume_unique=True)
        if not kept.all():
            chosen, part = chosen[kept], part.filter(pl.Series(kept))
        place = np.zeros(len(column), np.int64)
        place[chosen] = np.arange(start, start + len(chosen))
        ordinary: dict[int, Ints] = {}
        for rule, some in able.items():
            if rule in named or rule in own:
                may[rule].append(place[some])
                continue
            if id(some) not in ordinary:
                ordinary[id(some)] = place[some[~plain[some]]]
            may[rule].append(ordinary[id(some)])
        speak.append(place[spoken[~plain[spoken]]])
        texts.append(_folded(column, part))
        owners.append(np.full(len(chosen), index))
        cells.append(chosen)
        start += len(chosen)
    joined = pl.concat(texts, rechunk=True) if texts else pl.Series("t", [], dtype=pl.String)
    found = {rule: _joined(parts) for rule, parts in may.items()}
    return Pool(columns, _joined(owners), _joined(cells), joined, found, _joined(speak), few)


def _joined(parts: Sequence[Ints]) -> Ints:
    return np.concatenate(parts).astype(np.int64) if parts else np.zeros(0, np.int64)


def _union(size: int, parts: Iterable[Ints]) -> Ints:
    chosen = np.zeros(size, bool)
    for part in {id(part): part for part in parts}.values():
        chosen[part] = True
    return np.flatnonzero(chosen)


def _plain(texts: pl.Series, forms: Iterable[str]) -> Any:
    """True for values of the plain shapes that a sample of the column has."""
    plain = np.zeros(len(texts), bool)
    for form in forms:
        rest = np.flatnonzero(~plain)
        if rest.size:
            part = texts if len(rest) == len(texts) else texts.gather(rest)
            plain[rest] = part.str.contains(form).to_numpy()
    return plain


def _folded(column: Column, texts: pl.Series) -> pl.Series:
    """The texts with hidden forms of ASCII text folded; most columns stay as they are."""
    if not wishes.has_odd(column):
        return texts
    return folded(texts)


def folded(texts: pl.Series) -> pl.Series:
    odd = texts.str.contains(ODD)
    if not odd.any():
        return texts
    frame = pl.DataFrame({"t": texts, "odd": odd})
    fixed = pl.col("t").map_elements(fold, return_dtype=pl.String)
    return frame.select(t=pl.when("odd").then(fixed).otherwise("t"))["t"]
