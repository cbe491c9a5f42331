"""Conditions for rows that hold some texts, in the words of each dialect, with the texts apart from them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Final

from pii_scan.core.model import Field
from pii_scan.core.sought import Sought

from .batching import Page
from .timeout import StatementTimeoutError

#: Types whose values are no texts of people; a whole value may be of any type.
_NO_TEXT: Final = frozenset(("boolean", "timestamp", "date", "time", "number"))
#: Rows or blocks of the first stretch, and seconds below which the next one is wider.
_FIRST: Final = 4_096
_QUICK: Final = 0.25
_LARGEST: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a dialect says it: `cell` gives a column as text, `mark` the place of the n-th value.

    `within` and `equal` are patterns of `{cell}` and `{value}`; `number` compares an integer column.
    `wrap` is put around a cell in lower case, after characters were taken away.
    """

    name: Callable[[Field], str]
    cell: Callable[[Field], str]
    mark: Callable[[int], str]
    within: str
    equal: str = "{cell} = {value}"
    number: str = "{cell} = {value}"
    wrap: str = "{cell}"
    typed: bool = True  # a column holds what its type says


@dataclass(frozen=True, slots=True)
class Condition:
    """What follows WHERE, in brackets, and the values of its marks in their order."""

    sql: str
    values: tuple[str | int, ...] = field(repr=False)
    indexed: bool = False  # whole values alone, for which there may be an index


def condition(fields: Sequence[Field], sought: Sequence[Sought], spelling: Spelling) -> Condition | None:
    """Any of the fields holds any of the texts; None if none of them can."""
    parts: list[str] = []
    values: list[str | int] = []
    for each, one in product(fields, sought):
        made = _part(each, one, spelling, spelling.mark(len(values)))
        if made is not None:
            parts.append(made[0])
            values.append(made[1])
    if not parts:
        return None
    return Condition(f"({' OR '.join(parts)})", tuple(values), all(one.whole for one in sought))


def _part(each: Field, one: Sought, spelling: Spelling, mark: str) -> tuple[str, str | int] | None:
    if one.whole and each.type == "integer" and spelling.typed:
        number = _integer(one.text)
        comparison = spelling.number.format(cell=spelling.name(each), value=mark)
        return None if number is None else (comparison, number)
    if one.whole:
        comparison = spelling.equal.format(cell=spelling.cell(each), value=mark)
        return comparison, one.text
    no_text = each.type in _NO_TEXT or (each.type == "integer" and not one.text.isdigit())
    if spelling.typed and no_text:
        return None
    cell = f"LOWER({spelling.cell(each)})"
    for character in one.loose:
        cell = f"REPLACE({cell}, '{character}', '')"
    wrapped = spelling.wrap.format(cell=cell)
    return spelling.within.format(cell=wrapped, value=mark), one.text


def _integer(text: str) -> int | None:
    try:
        number = int(text)
    except ValueError:
        return None
    return number if abs(number) <= _LARGEST else None


def stretches(low: int, high: int, fetch: Callable[[int, int], Page]) -> Iterator[Page]:
    """The pages of stretches of a key space, wider while they are quick, narrower where time runs out.

    Raises StatementTimeoutError if even a single key takes too long.
    """
    step = _FIRST
    while low <= high:
        top = min(high, low + step - 1)
        started = time.monotonic()
        try:
            page = fetch(low, top)
        except StatementTimeoutError:
            if step == 1:
                raise
            step = max(1, step // 8)
            continue
        yield page
        low = top + 1
        step *= 4 if time.monotonic() - started < _QUICK else 1


def at_once_or(whole: Callable[[], Page], pieces: Callable[[], Iterator[Page]]) -> Iterator[Page]:
    """One statement that an index may serve; piece by piece where that takes too long."""
    try:
        page = whole()
    except StatementTimeoutError:
        yield from pieces()
    else:
        yield page
