"""Which cells of a column have what a rule needs: told by counting bytes, before any automaton runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np

from . import arrow, needs, stretches
from .cells import Column, Ints
from .rules import Rule
from .text import ODD

#: First bytes of the characters that `fold` replaces.
_ODD_LEADS: Final = (0xC2, 0xD9, 0xDB, 0xE0, 0xE2, 0xE3, 0xEF)
_ALNUM: Final = needs.DIGIT | needs.LETTER
#: Lengths of a row of digits, and of a token, that are looked for once for all rules that need them.
_RUNS: Final = (8, 12)
_TOKEN: Final = 15
_CUTS: Final = ~np.isin(np.arange(256), [ord(c) for c in stretches.TOKEN])
#: Lengths that are told apart, by the number of bytes; a wish for another asks for the level below.
_LEVELS: Final = (*range(16), 16, 18, 20, 22, 24, 26, 28, 30, 32, 36, 40, 48, 56, 64, 80, 100)
_LEVEL: Final = np.searchsorted(_LEVELS, np.arange(_LEVELS[-1] + 1), side="right").astype(np.uint32) - 1
_MOST_DIGITS: Final = 31
#: The classes of which every character may stand in a token.
_TOKENS: Final = 0xFFFF & ~int(np.bitwise_or.reduce(needs.MARKS[_CUTS]))
#: Rules with fewer digits are asked for one by one where a word is to stand beside.
_FEW: Final = 3
_NONE: Final = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a cell must have for a rule; `told`: a context word must stand beside, so other characters too."""

    length: int
    digits: int
    marks: tuple[int, ...]
    run: int
    token: bool
    told: bool


@lru_cache(maxsize=4096)
def wish_of(rule: Rule, told: bool) -> Wish:
    need = needs.of(rule.regex)
    digits = max(need.digits, rule.digits)
    run = max((level for level in _RUNS if level <= max(need.run, rule.digits)), default=0)
    return Wish(need.length, digits, need.marks, run, need.token >= _TOKEN, told)


@dataclass(frozen=True, slots=True)
class _Kinds:
    """The cells of a column by what wishes ask for: `kind` of each cell, and what each kind has."""

    kind: np.ndarray[Any, np.dtype[np.int32]]
    length: np.ndarray[Any, np.dtype[np.uint32]]
    digits: np.ndarray[Any, np.dtype[np.uint32]]
    marks: np.ndarray[Any, np.dtype[np.uint32]]

    @classmethod
    def of(cls, column: Column) -> _Kinds:
        code = _LEVEL[np.minimum(column.lengths, _LEVELS[-1])] << np.uint32(21)
        code |= np.minimum(column.digits, _MOST_DIGITS).astype(np.uint32) << np.uint32(16)
        code |= column.marks
        found = arrow.numbers(code).dictionary_encode()
        codes = arrow.values(found.dictionary)
        length, digits = codes >> np.uint32(21), codes >> np.uint32(16) & np.uint32(_MOST_DIGITS)
        return cls(arrow.values(found.indices), length, digits, codes & np.uint32(0xFFFF))

    def able(self, wish: Wish) -> Any:
        """True for the kinds that have what is needed, but for runs and tokens."""
        able = self.length >= _LEVEL[min(wish.length, _LEVELS[-1])]
        if wish.digits:
            able &= self.digits >= min(wish.digits, _MOST_DIGITS)
        for mark in wish.marks:
            able &= self.marks & np.uint32(mark) != 0
        if wish.told:
            able &= self.marks & np.uint32(~_ALNUM & 0xFFFF) != 0
        return able


def _kinds(column: Column) -> _Kinds:
    if "kinds" not in column.notes:
        column.notes["kinds"] = _Kinds.of(column)
    kinds: _Kinds = column.notes["kinds"]
    return kinds


def _possible(seen: int, wish: Wish) -> bool:
    """True if the column as a whole has what is needed."""
    if wish.digits and not seen & (needs.DIGIT | needs.WIDE):
        return False
    if wish.told and not seen & ~_ALNUM:
        return False
    return all(seen & (mark | needs.WIDE) for mark in wish.marks)


def _cells(column: Column, wish: Wish, kinds: Any) -> Ints:
    """The cells of some kinds that have what else is needed; with hidden forms of characters, any cell."""
    folds = has_odd(column)
    if not kinds.any() and not folds:
        return _NONE
    able = kinds[_kinds(column).kind]
    if wish.token and able.any():
        able &= _tokens(column)
    if wish.run and column.seen & ~needs.DIGIT and able.any():
        able &= _runs(column, wish.run)
    if folds:
        able |= _odd(column)
    return np.flatnonzero(able)


def _runs(column: Column, run: int) -> Any:
    """The cells with so many digits in a row but for separators."""

    def look(texts: Column) -> Any:
        found = np.zeros(len(texts), bool)
        some = np.flatnonzero(texts.digits >= run)
        if some.size:
            found[some] = texts.take(some).str.contains(f"(?s:.?){_run(run)}").to_numpy()
        return found

    return _noted(column, f"run {run}", look)


def _noted(column: Column, name: str, look: Callable[[Column], Any]) -> Any:
    """What a look at each cell tells, kept; the digits may be masked, so lines are seen by their forms."""
    if name not in column.notes:
        known = column.templates
        column.notes[name] = _noted(known.forms, name, look)[known.codes] if known else look(column)
    return column.notes[name]


def _run(digits: int) -> str:
    return f"[0-9](?:[ ./()-]{{0,{stretches.BETWEEN}}}[0-9]){{{digits - 1}}}"


def _tokens(column: Column) -> Any:
    """The cells that may have a token of `_TOKEN` characters: so many without a space or a sign."""
    if not column.seen & ~_TOKENS:
        return column.lengths >= _TOKEN
    return _noted(column, "tokens", _with_token)


def _with_token(column: Column) -> Any:
    cuts = np.take(_CUTS, column.data, mode="clip", out=np.empty(len(column.data), bool))
    cuts[column.offsets[:-1]] = True
    places = np.append(np.flatnonzero(cuts), len(column.data))
    starts = places[:-1][np.diff(places) >= _TOKEN]
    found = np.zeros(len(column), bool)
    found[np.searchsorted(column.offsets, starts, side="right") - 1] = True
    return found


def has_odd(column: Column) -> bool:
    return bool(column.seen & needs.WIDE) and bool(_odd(column).any())


def _odd(column: Column) -> Any:
    """The cells with a character that hides ASCII text."""
    return _noted(column, "odd", _with_odd)


def _with_odd(column: Column) -> Any:
    odd = np.zeros(len(column), bool)
    raw = column.data.tobytes() if column.seen & needs.WIDE else b""
    if any(lead in raw for lead in _ODD_LEADS):
        some = np.flatnonzero((column.marks & np.uint16(needs.WIDE)) != 0)
        odd[some[column.take(some).str.contains(ODD).to_numpy()]] = True
    return odd


def able(column: Column, rules: Iterable[Rule], *, told: bool) -> dict[str, Ints]:
    """By rule the cells that have what it needs; with `told` a context word too must find room there.

    Rules of equal answers share one array.
    """
    if not len(column):
        return {}
    longest = int(column.lengths.max())
    found: dict[str, Ints] = {}
    cache: dict[Wish, Ints] = {}
    shared: dict[tuple[bytes, int, bool], Ints] = {}
    for rule in rules:
        wish = wish_of(rule, told)
        if longest < wish.length or not _possible(column.seen, wish):
            continue
        if wish not in cache:
            kinds = _kinds(column).able(wish)
            same = (kinds.tobytes(), wish.run, wish.token)
            if same not in shared:
                shared[same] = _cells(column, wish, kinds)
            cache[wish] = shared[same]
        if cache[wish].size:
            found[rule.id] = cache[wish]
    return found


def speakable(column: Column, rules: Iterable[Rule]) -> Ints:
    """The cells in which a rule could hit beside a word: a superset, for all rules at once."""
    wishes = {wish_of(rule, told=True) for rule in rules}
    if not len(column) or not wishes:
        return _NONE
    longest = int(column.lengths.max())
    by_stretch: dict[tuple[int, bool], Any] = {}
    for wish in _joined(wishes):
        if longest >= wish.length and _possible(column.seen, wish):
            kinds = _kinds(column).able(wish)
            same = (wish.run, wish.token)
            by_stretch[same] = by_stretch[same] | kinds if same in by_stretch else kinds
    found = np.zeros(len(column), bool)
    for (run, token), kinds in by_stretch.items():
        found[_cells(column, Wish(0, 0, (), run, token, True), kinds)] = True
    return np.flatnonzero(found)


def _joined(wishes: Iterable[Wish]) -> set[Wish]:
    """Those of few digits as they are, the others as one that asks for no more than any of them."""
    many = [wish for wish in wishes if wish.digits >= _FEW]
    rest = {wish for wish in wishes if wish.digits < _FEW}
    if many:
        shortest = min(wish.length for wish in many)
        rest.add(Wish(shortest, min(wish.digits for wish in many), (), 0, False, True))
    return rest
