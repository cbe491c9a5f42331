"""Lineage from the data itself: whose values a recipient's column holds.

An export's columns are indexed by their smallest hashes, so that each of our columns is compared with
those alone that have some of its values. Of our columns that hold the same values the one that explains
most of the export is its source; another one counts for what the first leaves unexplained.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

import numpy as np

from ..core.urn import dataset_of
from ..core.valueset import ValueSet
from .containment import Containment, Sample, contained, estimate, forms, known, member, sample, shortened

Sets = Mapping[str, Mapping[str, ValueSet]]
#: Fewer distinct values than these prove nothing, nor do fewer common ones.
FEWEST: Final = 20
#: Hashes of an export's column that lead to it, and how many of them a column must have to be compared.
_LEADS: Final = 512
_LED: Final = 3
#: So many of the smallest hashes of an export's column tell its share to a percent or two.
_TOLD: Final = 1_024
#: The least share of an export's column that a source explains, and that a further one adds.
_LEAST: Final = {"text": 0.6}
_LEAST_SHARE: Final = 0.1
#: Sources that explain as much but for this are told apart by what else they explain.
_TIE: Final = 0.03


@dataclass(frozen=True, slots=True)
class Source:
    """A column of ours whose values a recipient's column holds; `algorithm` tells how they were hashed."""

    field: str
    export: str
    kind: str
    algorithm: str
    containment: Containment


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
    def sides(self) -> dict[str, list[Side]]:
        grouped: dict[str, list[Side]] = defaultdict(list)
        for side in _sides(self.exports):
            # Of our hashed forms only a sample is known, so all digests of theirs are looked at.
            short = side if side.kind == "digest" else replace(side, sample=shortened(side.sample, _TOLD))
            grouped[side.kind].append(short)
        return grouped

    @cached_property
    def _leads(self) -> dict[str, tuple[Any, Any]]:
        """By kind the smallest hashes of all columns, ascending, and the column of each."""
        return {
            kind: _leads(sides, None if kind == "digest" else _LEADS) for kind, sides in self.sides.items()
        }

    def near(self, own: Side) -> list[Side]:
        """The columns that have several of its values."""
        if own.asked not in self.sides:
            return []
        words, columns = self._leads[own.asked]
        first = np.searchsorted(words, own.sample.words, "left")
        count = np.searchsorted(words, own.sample.words, "right") - first
        met = np.flatnonzero(count)
        places = np.repeat(first[met] - np.cumsum(count[met]) + count[met], count[met])
        found = np.bincount(columns[places + np.arange(len(places))], minlength=1)
        return [self.sides[own.asked][number] for number in np.flatnonzero(found >= _LED)]


def _leads(sides: Sequence[Side], most: int | None) -> tuple[Any, Any]:
    """Of digests all count, since of our hashed forms only a sample is known."""
    parts = [side.sample.words[:most] for side in sides]
    words = np.concatenate(parts)
    columns = np.repeat(np.arange(len(sides)), [len(part) for part in parts])
    order = np.argsort(words, kind="stable")
    return words[order], columns[order]


def _sides(sets: Sets) -> Iterator[Side]:
    for urn, kinds in sets.items():
        for kind, values in kinds.items():
            if values.distinct >= FEWEST:
                yield Side(urn, kind, "", sample(values))


def _own(sets: Sets) -> Iterator[Side]:
    """Our columns, and what a sender may have made of their addresses."""
    yield from _sides(sets)
    for urn, kinds in sets.items():
        for kind, values in kinds.items():
            if values.distinct >= FEWEST:
                yield from (Side(urn, kind, name, form) for name, form in forms(values).items())


def pairs(
    own: Sets, exports: Sets, apart: Callable[[str, str], bool] = lambda one, other: True
) -> Iterator[tuple[Side, Side, Containment]]:
    """A column of ours, one with enough of its values, and how much of that one the first explains.

    Of two columns that are not `apart` nothing is told.
    """
    index = Index(exports)
    for side in _own(own):
        for export in index.near(side):
            if apart(side.urn, export.urn):
                found = contained(export.sample, side.sample)
                if _enough(found, export.kind):
                    yield side, export, found


def sources(own: Sets, exports: Sets) -> tuple[Source, ...]:
    """For each column of the exports the columns of ours that its values come from, sorted."""
    candidates: dict[tuple[str, str], list[Side]] = defaultdict(list)
    columns: dict[tuple[str, str], Side] = {}
    for side, export, _ in pairs(own, exports):
        columns[export.urn, export.kind] = export
        candidates[export.urn, export.kind].append(side)
    votes = Counter(
        pair
        for (export, _), sides in candidates.items()
        for pair in {(dataset_of(export), dataset_of(side.urn)) for side in sides}
    )
    found = [s for key, export in columns.items() for s in _explained(export, candidates[key], votes)]
    return tuple(sorted(found, key=lambda s: (s.export, s.field, s.kind, s.algorithm)))


def _enough(found: Containment, kind: str) -> bool:
    """True if the values in common are neither few nor a small share."""
    least = _LEAST.get(kind, _LEAST_SHARE)
    return found.share >= least and found.seen >= _LED and found.shared >= FEWEST


def _explained(
    export: Side, candidates: Sequence[Side], votes: Mapping[tuple[str, str], int]
) -> Iterator[Source]:
    """The sources, the one that explains most first, until little is left."""
    left, told = (np.ones(len(export.sample.words), bool) for _ in range(2))
    waiting = list(candidates)
    while waiting and (left & told).any():
        gains = [(_gain(export, side, left, told), side) for side in waiting]
        best = max(gain for gain, _ in gains)
        if best < _LEAST.get(export.kind, _LEAST_SHARE):
            return
        close = [side for gain, side in gains if gain >= best - _TIE]
        side = max(close, key=lambda side: _rank(export, side, votes))
        yield Source(side.urn, export.urn, side.kind, side.algorithm, contained(export.sample, side.sample))
        left &= ~member(export.sample, side.sample)
        told &= known(export.sample, side.sample)
        if side.sample.drawn < 1.0:
            return  # of forms that are a sample nobody can tell what is left
        waiting.remove(side)


def _gain(export: Side, side: Side, left: Any, told: Any) -> float:
    """The share of the export's column that the side explains and none before did."""
    within = told & known(export.sample, side.sample)
    met = member(export.sample, side.sample) & left & within
    found = estimate(int(np.count_nonzero(met)), int(np.count_nonzero(within)), export.sample, side.sample)
    return found.share if found.seen >= _LED and found.shared >= FEWEST else 0.0


def _rank(export: Side, side: Side, votes: Mapping[tuple[str, str], int]) -> tuple[bool, int, float, str]:
    """A plain copy before a hash of it, the table that explains more columns, the set most like it."""
    overlap = contained(export.sample, side.sample).shared
    alike = overlap / max(export.sample.distinct + side.sample.distinct - overlap, 1)
    return not side.algorithm, votes[dataset_of(export.urn), dataset_of(side.urn)], round(alike, 2), side.urn
