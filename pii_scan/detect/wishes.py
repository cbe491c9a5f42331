"""Which cells of a column have what a rule needs: told by counting bytes, before any automaton runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np

from . import needs, stretches
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
#: Rules with fewer digits are asked for one by one where a word is to stand beside.
_FEW: Final = 3


@dataclass(frozen=True, slots=True)
class Wish:
    """What a cell must have for a rule; `told`: a context word must stand beside, so other characters too."""

    length: int
    digits: int
    marks: tuple[int, ...]
    run: int
    token: bool
    told: bool


def wish_of(rule: Rule, told: bool) -> Wish:
    return _wish(rule.regex, rule.digits, told)


@lru_cache(maxsize=2048)
def _wish(regex: str, least: int, told: bool) -> Wish:
    need = needs.of(regex)
    digits = max(need.digits, least)
    run = max((level for level in _RUNS if level <= max(need.run, least)), default=0)
    return Wish(need.length, digits, need.marks, run, need.token >= _TOKEN, told)


def _possible(seen: int, wish: Wish) -> bool:
    """True if the column as a whole has what is needed."""
    if wish.digits and not seen & (needs.DIGIT | needs.REST):
        return False
    if wish.told and not seen & ~_ALNUM:
        return False
    return all(seen & (mark | needs.REST) for mark in wish.marks)


def _cells(column: Column, wish: Wish, folds: bool) -> Ints:
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
    return _noted(column, "tokens", _with_token)


def _with_token(column: Column) -> Any:
    cuts = np.concatenate([np.flatnonzero(_CUTS[column.data]), column.offsets])
    cuts.sort(kind="stable")
    starts = cuts[:-1][np.diff(cuts) >= _TOKEN]
    found = np.zeros(len(column), bool)
    found[np.searchsorted(column.offsets, starts, side="right") - 1] = True
    return found


def has_odd(column: Column) -> bool:
    return bool(column.seen & needs.REST) and bool(_odd(column).any())


def _odd(column: Column) -> Any:
    """The cells with a character that hides ASCII text."""
    return _noted(column, "odd", _with_odd)


def _with_odd(column: Column) -> Any:
    odd = np.zeros(len(column), bool)
    if np.isin(_ODD_LEADS, column.data).any():
        some = np.flatnonzero((column.marks & np.uint16(needs.REST)) != 0)
        odd[some[column.take(some).str.contains(ODD).to_numpy()]] = True
    return odd


def able(column: Column, rules: Iterable[Rule], *, told: bool) -> dict[str, Ints]:
    """By rule the cells that have what it needs; with `told` a context word too must find room there."""
    if not len(column):
        return {}
    longest = int(column.lengths.max())
    folds = has_odd(column)
    found: dict[str, Ints] = {}
    cache: dict[Wish, Ints] = {}
    for rule in rules:
        wish = wish_of(rule, told)
        if longest < wish.length or not _possible(column.seen, wish):
            continue
        if wish not in cache:
            cache[wish] = _cells(column, wish, folds)
        if cache[wish].size:
            found[rule.id] = cache[wish]
    return found


def speakable(column: Column, rules: Iterable[Rule]) -> Ints:
    """The cells in which a rule could hit beside a word: a superset, for all rules at once."""
    wishes = {wish_of(rule, told=True) for rule in rules}
    if not len(column) or not wishes:
        return np.zeros(0, np.int64)
    many = [wish for wish in wishes if wish.digits >= _FEW]
    rest = {wish for wish in wishes if wish.digits < _FEW}
    if many:
        shortest = min(wish.length for wish in many)
        rest.add(Wish(shortest, min(wish.digits for wish in many), (), 0, False, True))
    longest = int(column.lengths.max())
    found = np.zeros(len(column), bool)
    for wish in rest:
        if longest >= wish.length and _possible(column.seen, wish):
            found[_cells(column, wish, has_odd(column))] = True
    return np.flatnonzero(found)
