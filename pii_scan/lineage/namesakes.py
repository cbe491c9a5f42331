"""Whose names a column holds, though names are those of many.

Where addresses, numbers or ids prove that a table's people are in an export, its names are most likely that
table's, too: they are if the table has the names of most of these people, and if of what other such tables
leave it has more than strangers would have by accident. Names by themselves must say it louder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

from ..core.urn import dataset_of
from .chance import accident, agreement
from .containment import common, contained, shortened
from .rest import Rest
from .values import NAMES, Sets, Side, sides

#: The share of what is left of a column's names that a table without other evidence must have; of the people
#: that are proven to be a table's, the share whose names it must have.
MOST: Final = 0.6
#: The share of an export's names that is nearly all.
_NEARLY: Final = 0.9
#: The chance of an accident that is borne, for one table that is proven, and for all others together.
_FALSE: Final = 1e-3
#: So many columns of other people tell the chance of agreement, from so many of their smallest hashes.
_STRANGERS: Final = 32
_HASHES: Final = 512
Rank = Callable[[Side, Side], Any]


@dataclass
class Namesakes:
    """`proven`: by export and table of ours the share of the export's people that are surely the table's.

    `refuted` are exports and tables that have people in common, all of whom another table explains: such a
    table is the source of the names only if it has nearly all of them.
    """

    own: Sets = field(repr=False)
    exports: Sets = field(repr=False)
    proven: Mapping[tuple[str, str], float] = field(repr=False)
    refuted: Set[tuple[str, str]] = field(default=frozenset(), repr=False)
    _met: dict[str, list[tuple[str, tuple[int, int]]]] = field(default_factory=dict, repr=False)

    def explained(self, export: Side, candidates: Sequence[Side], rank: Rank) -> Iterator[Side]:
        """The columns whose names the export has: first of proven tables, then of others."""
        rest, waiting = Rest(export), list(candidates)
        while waiting and rest.some:
            told = [side for side in waiting if self._is_told(export, side, rest)]
            if not told:
                return
            sure = [side for side in told if self._share(export, side)]
            best = max(rest.met(side)[0] for side in sure or told)
            close = [side for side in sure or told if rest.met(side)[0] == best]
            side = max(close, key=lambda side: rank(export, side))
            yield side
            rest.take(side)
            waiting.remove(side)

    def _share(self, export: Side, side: Side) -> float:
        return self.proven.get((dataset_of(export.urn), dataset_of(side.urn)), 0.0)

    def _is_told(self, export: Side, side: Side, rest: Rest) -> bool:
        met, left = rest.met(side)
        share = self._share(export, side)
        held = contained(export.sample, side.sample).share
        if (dataset_of(export.urn), dataset_of(side.urn)) in self.refuted and held < _NEARLY:
            return False
        if not (held >= MOST * share if share else met >= MOST * left):
            return False
        chance = accident(met, left, self._agreement(export, side))
        return chance <= (_FALSE if share else _FALSE / self._comparisons)

    def _agreement(self, export: Side, side: Side) -> float:
        """The chance that somebody who is not of the table has a name of it."""
        if side.urn not in self._met:
            self._met[side.urn] = [
                (other.urn, common(other.sample, side.sample))
                for other in self._others
                if dataset_of(other.urn) != dataset_of(side.urn)
            ]
        return agreement(
            met
            for urn, met in self._met[side.urn]
            if dataset_of(urn) != dataset_of(export.urn)
            and (dataset_of(urn), dataset_of(side.urn)) not in self.proven
        )

    @cached_property
    def _names(self) -> tuple[list[Side], list[Side]]:
        own, exports = ([s for s in sides(sets) if s.kind == NAMES] for sets in (self.own, self.exports))
        return own, exports

    @cached_property
    def _others(self) -> list[Side]:
        """Columns of names, evenly drawn from all."""
        every = [side for part in self._names for side in part]
        step = max(len(every) // _STRANGERS, 1)
        drawn = every[::step][: _STRANGERS + 1]
        return [replace(side, sample=shortened(side.sample, _HASHES)) for side in drawn]

    @cached_property
    def _comparisons(self) -> int:
        own, exports = self._names
        return max(len(own) * len(exports), 1)
