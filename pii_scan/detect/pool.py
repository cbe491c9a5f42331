"""The cells of a batch that a rule may hit, of all columns in one series, and where each rule may hit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import numpy as np
import polars as pl

from . import lines, prefilter, shapes, wishes
from .cells import Column, Ints, union
from .rules import SHIPPED, Rule
from .text import folded

#: Texts of so many bytes together are tested one by one; so few texts without their forms.
FEW: Final = 12_000
_LINES: Final = 256
_NONE: Final = np.zeros(0, np.int64)


@dataclass(frozen=True)
class Pool:
    """`column` (index into `columns`) and `cell` of every text; `may` gives positions by rule id.

    In `may` are the rules that count by themselves or by a column's name; of those that need a word beside,
    only that one of them might hit is known: `speakable`; in columns of lines it is known of which, and that
    a word of it stands there: `near`. Those have a form in `forms`, with masked digits: `form`, else -1.
    """

    columns: Sequence[Column]
    column: Ints = field(repr=False)
    cell: Ints = field(repr=False)
    texts: pl.Series = field(repr=False)
    may: Mapping[str, Ints] = field(repr=False)
    speakable: Ints = field(repr=False)
    near: Mapping[str, Ints] = field(repr=False)
    form: Ints = field(repr=False)
    forms: pl.Series = field(repr=False)
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
        if self.lengths[positions].sum() > self.few:
            regex = form(rule)
            held = self.holds(positions, lambda texts: texts.str.contains(regex), regex)
        else:
            test = prefilter.single(rule, form)
            held = np.array([test(text) is not None for text in self.of(positions).to_list()], bool)
        chosen: Ints = positions[held]
        return chosen

    def holds(self, positions: Ints, look: Callable[[pl.Series], pl.Series], *regexes: str) -> Any:
        """What a look tells of each text; of lines by their forms, if its regexes find there the same."""
        codes = self.form[positions]
        if len(codes) < _LINES or (codes < 0).all() or not all(map(lines.closed, regexes)):
            return look(self.of(positions)).to_numpy()
        alike = np.zeros(len(self.forms) + 1, bool)
        alike[codes] = True
        alike[-1] = False
        some = np.flatnonzero(alike)
        alike[some] = look(self.forms.gather(some)).to_numpy()
        held, rest = alike[codes], np.flatnonzero(codes < 0)
        if rest.size:
            held[rest] = look(self.of(positions[rest])).to_numpy()
        return held

    def spans(self, positions: Ints, before: str, regex: str, after: str) -> pl.Series:
        """The first match in each text, null where there is none."""
        texts, codes = self.of(positions), self.form[positions]
        if not lines.closed(before + regex + after) or not (codes >= 0).any():
            return texts.str.extract(f"{before}({regex}){after}", 1)
        formed, rest = np.flatnonzero(codes >= 0), np.flatnonzero(codes < 0)
        found = lines.spans(texts.gather(formed), self.forms, codes[formed], before, regex, after)
        if not rest.size:
            return found
        others = texts.gather(rest).str.extract(f"{before}({regex}){after}", 1)
        return pl.concat([found, others]).gather(np.argsort(np.concatenate([formed, rest])))

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
    owners, cells, speak, form, forms = [], [], [], [], [pl.Series("t", [], dtype=pl.String)]
    may: dict[str, list[Ints]] = {rule.id: [] for rule in rules}
    near: dict[str, list[Ints]] = {rule.id: [] for rule in needy}
    start = 0
    for index, column in enumerate(columns):
        named = hinted.get(column.number, frozenset())
        if not named and not own and _all_plain(column):
            continue
        able, spoken, beside = _wanted(column, rules, needy, named)
        chosen = union(len(column), [*able.values(), spoken, *beside.values()])
        if not chosen.size:
            continue
        part = column.take(chosen)
        plain = np.zeros(len(column), bool)
        plain[chosen] = _plain(part, column.notes.get("plain", ()))
        asked = union(len(column), [able[rule] for rule in able if rule in named or rule in own])
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
        for rule, some in beside.items():
            near[rule].append(place[some[~plain[some]]])
        texts.append(_folded(column, part))
        form.append(np.full(len(chosen), -1))
        if column.templates:
            form[-1] = column.templates.codes[chosen] + sum(map(len, forms))
            forms.append(folded(column.templates.forms.series))
        owners.append(np.full(len(chosen), index))
        cells.append(chosen)
        start += len(chosen)
    joined = pl.concat(texts, rechunk=True) if texts else pl.Series("t", [], dtype=pl.String)
    found, told = ({rule: _joined(parts) for rule, parts in some.items()} for some in (may, near))
    known = _joined(form), pl.concat(forms)
    return Pool(columns, _joined(owners), _joined(cells), joined, found, _joined(speak), told, *known, few)


def _wanted(
    column: Column, rules: Sequence[Rule], needy: Sequence[Rule], named: frozenset[str]
) -> tuple[dict[str, Ints], Ints, dict[str, Ints]]:
    """Cells by rule that may count by itself, those where a word may tell, by rule those with its word."""
    rules = [rule for rule in rules if rule.free or rule.id in named]
    if column.templates:
        return lines.able(column.templates, rules, named), _NONE, lines.beside(column.templates, needy)
    return wishes.able(column, rules, told=False), wishes.speakable(column, needy), {}


def _joined(parts: Sequence[Ints]) -> Ints:
    return np.concatenate(parts).astype(np.int64) if parts else np.zeros(0, np.int64)


def _plain(texts: pl.Series, forms: Iterable[str]) -> Any:
    """True for values of the plain shapes that a sample of the column has."""
    plain = np.zeros(len(texts), bool)
    for form in forms:
        rest = np.flatnonzero(~plain)
        if rest.size:
            part = texts if len(rest) == len(texts) else texts.gather(rest)
            plain[rest] = part.str.contains(form).to_numpy()
    return plain


def _all_plain(column: Column) -> bool:
    """True if each value is of one of the plain shapes; asked only where a sample has no others."""
    seen = column.notes.get("shapes", ())
    if not len(column) or not seen or not shapes.PLAIN.issuperset(seen):
        return False
    return bool(_plain(column.series, column.notes["plain"]).all())


def _folded(column: Column, texts: pl.Series) -> pl.Series:
    """The texts with hidden forms of ASCII text folded; most columns stay as they are."""
    if not wishes.has_odd(column):
        return texts
    return folded(texts)
