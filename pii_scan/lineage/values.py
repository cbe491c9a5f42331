"""Columns that have values in common, from their sketches.

The columns of exports are indexed by their smallest hashes, so that each of our columns is compared with
those alone that have some of its values.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

import numpy as np

from ..core.valueset import ValueSet
from .chance import accident
from .containment import Containment, Sample, contained, forms, sample, shortened

Sets = Mapping[str, Mapping[str, ValueSet]]
#: The kind of values that are those of many: full names, and the names of accounts.
NAMES: Final = "text"
#: Numbers by their last eight digits, and in full as in E.164; there are so many endings that a column of n
#: numbers has a stranger's by a chance of n / 10^8.
PHONE: Final = "phone"
E164: Final = "e164"
_ENDINGS: Final = 10**8
_NEARLY: Final = 0.9
#: The chance of an accident that is borne for a pair of columns.
_FALSE: Final = 1e-3
#: Fewer distinct values than these prove nothing, nor do fewer common ones.
FEWEST: Final = 20
#: Hashes of an export's column that lead to it, and how many of them a column must have to be compared. Where
#: a tenth of the export is ours, that of fewer than 3 in 512 has a chance below 10^-20 (binomial).
_LEADS: Final = 512
LED: Final = 3
#: So many of the smallest hashes tell a share with a standard error of sqrt(s(1-s)/n), at most 1.6%.
_TOLD: Final = 1_024
#: The least share of an export's column that a source explains. No chance sets it: people whom two companies
#: both know are common, whoever had them first.
LEAST: Final = 0.1


@dataclass(frozen=True, slots=True)
class Side:
    """One column under one kind of value, or one hashed form of it."""

    urn: str
    kind: str
    algorithm: str
    sample: Sample = field(repr=False)

    @property
    def asked(self) -> str:
        """The kind of the columns that it is compared with."""
        return "digest" if self.algorithm else self.kind


@dataclass(frozen=True)
class Index:
    """The columns of exports, found by hash; columns of too few values are left out."""

    exports: Sets = field(repr=False)

    @cached_property
    def columns(self) -> dict[str, list[Side]]:
        grouped: dict[str, list[Side]] = defaultdict(list)
        for side in sides(self.exports):
            # Of our hashed forms only a sample is known, so all digests of theirs are looked at.
            short = side if side.kind == "digest" else replace(side, sample=shortened(side.sample, _TOLD))
            grouped[side.kind].append(short)
        return grouped

    @cached_property
    def _leads(self) -> dict[str, tuple[Any, Any]]:
        """By kind the smallest hashes of all columns, ascending, and the column of each."""
        return {
            kind: _leads(sides, None if kind == "digest" else _LEADS) for kind, sides in self.columns.items()
        }

    def near(self, own: Side) -> list[Side]:
        """The columns that have several of its values."""
        if own.asked not in self.columns:
            return []
        words, columns = self._leads[own.asked]
        first = np.searchsorted(words, own.sample.words, "left")
        count = np.searchsorted(words, own.sample.words, "right") - first
        met = np.flatnonzero(count)
        places = np.repeat(first[met] - np.cumsum(count[met]) + count[met], count[met])
        found = np.bincount(columns[places + np.arange(len(places))], minlength=1)
        return [self.columns[own.asked][number] for number in np.flatnonzero(found >= LED)]


def _leads(sides: Sequence[Side], most: int | None) -> tuple[Any, Any]:
    """Of digests all count, since of our hashed forms only a sample is known."""
    parts = [side.sample.words[:most] for side in sides]
    words = np.concatenate(parts)
    columns = np.repeat(np.arange(len(sides)), [len(part) for part in parts])
    order = np.argsort(words, kind="stable")
    return words[order], columns[order]


def sides(sets: Sets) -> Iterator[Side]:
    for urn, kinds in sets.items():
        for kind, values in kinds.items():
            if values.distinct >= FEWEST:
                yield Side(urn, kind, "", sample(values))


def _own(sets: Sets) -> Iterator[Side]:
    """Our columns, and what a sender may have made of their addresses."""
    yield from sides(sets)
    for urn, kinds in sets.items():
        for kind, values in kinds.items():
            if values.distinct >= FEWEST:
                yield from (Side(urn, kind, name, form) for name, form in forms(values).items())


def pairs(
    own: Sets, exports: Sets, apart: Callable[[str, str], bool] = lambda one, other: True
) -> Iterator[tuple[Side, Side, Containment]]:
    """A column of ours, one with enough of its values, and how much of that one the first explains.

    Of two columns that are not `apart` nothing is told. Telephone numbers are compared by all of their
    digits where both columns have them, by the last ones elsewhere.
    """
    index = Index(exports)
    for side in _own(own):
        for export in index.near(side):
            full = _full(own[side.urn]) and _full(exports[export.urn])
            if apart(side.urn, export.urn) and export.kind != (PHONE if full else E164):
                found = contained(export.sample, side.sample)
                if _enough(found, export, side):
                    yield side, export, found


def _full(kinds: Mapping[str, ValueSet]) -> bool:
    """True for numbers of which nearly all are written with the code of their country."""
    return E164 in kinds and kinds[E164].distinct >= _NEARLY * kinds[PHONE].distinct


def _enough(found: Containment, export: Side, side: Side) -> bool:
    """True if the values in common are neither few nor a small share, nor an accident."""
    if found.share < LEAST or found.seen < LED or found.shared < FEWEST:
        return False
    if export.kind != PHONE:
        return True
    chance = min(side.sample.distinct / _ENDINGS, 0.99)
    told = round(found.seen / found.share)
    return (found.share - chance) / (1 - chance) >= LEAST and accident(found.seen, told, chance) <= _FALSE
