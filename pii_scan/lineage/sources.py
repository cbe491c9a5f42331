"""Lineage from the data itself: whose values a recipient's column holds.

Of our columns that hold the same values the one that explains most of the export is its source; another one
counts for what the first leaves unexplained. Of several that explain as much, what others repeat is the
source (a table that they point at, a table before files), unless the export is the whole of one of them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Final

from ..core.urn import dataset_of
from .containment import Containment, contained
from .namesakes import MOST, Namesakes
from .repeats import Repeats
from .rest import Rest
from .values import LEAST, NAMES, Sets, Side, pairs

#: Sources that explain as much but for this, two standard errors of a share, are told apart by what else they
#: explain.
_TIE: Final = 0.03
#: How like an export a set is that was handed on whole.
_WHOLE: Final = 0.8


@dataclass(frozen=True, slots=True)
class Source:
    """A column of ours whose values a recipient's column holds; `algorithm` tells how they were hashed."""

    field: str
    export: str
    kind: str
    algorithm: str
    containment: Containment


@dataclass
class _Candidates:
    """The columns of ours that each column of the exports has values in common with."""

    sides: dict[tuple[str, str], list[Side]] = field(default_factory=lambda: defaultdict(list))
    exports: dict[tuple[str, str], Side] = field(default_factory=dict)
    #: How many columns of an export a table of ours may explain.
    votes: Counter[tuple[str, str]] = field(default_factory=Counter)
    repeats: Repeats = field(default_factory=dict)
    #: The tables of the sides, once they were asked for.
    tables: dict[tuple[str, str], Set[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, own: Sets, exports: Sets, repeats: Repeats) -> _Candidates:
        made = cls(repeats=repeats)
        voting: set[tuple[str, str, str, str]] = set()
        for side, export, share in pairs(own, exports):
            key = export.urn, export.kind
            made.exports[key] = export
            made.sides[key].append(side)
            if export.kind != NAMES or share.share >= MOST:
                voting.add((*key, dataset_of(export.urn), dataset_of(side.urn)))
        made.votes = Counter((theirs, ours) for _, _, theirs, ours in voting)
        return made

    def rank(self, export: Side, side: Side) -> tuple[bool, int, bool, int, float, str]:
        """A plain copy before a hash of it, the table that explains more columns, the set that was handed on
        whole, what others repeat, the set most like it.
        """
        overlap = contained(export.sample, side.sample).shared
        alike = overlap / max(export.sample.distinct + side.sample.distinct - overlap, 1)
        votes = self.votes[dataset_of(export.urn), dataset_of(side.urn)]
        repeated = -self._repeated(export, side)
        return not side.algorithm, votes, alike >= _WHOLE, repeated, round(alike, 2), side.urn

    def _repeated(self, export: Side, side: Side) -> int:
        """How many of the tables that may be the source the side's own repeats."""
        repeated = self.repeats.get(dataset_of(side.urn))
        return len(repeated & self._tables(export)) if repeated else 0

    def _tables(self, export: Side) -> Set[str]:
        key = export.urn, export.kind
        if key not in self.tables:
            self.tables[key] = frozenset(dataset_of(side.urn) for side in self.sides[key])
        return self.tables[key]

    def refuted(self, proven: Mapping[tuple[str, str], float]) -> set[tuple[str, str]]:
        """Exports and tables that have somebody in common, all of whom another table explains."""
        met = {
            (dataset_of(urn), dataset_of(side.urn))
            for (urn, kind), sides in self.sides.items()
            if kind != NAMES
            for side in sides
        }
        return met - proven.keys()


def sources(own: Sets, exports: Sets, repeats: Repeats | None = None) -> tuple[Source, ...]:
    """For each column of the exports the columns of ours that its values come from, sorted.

    What is one person's comes first; whose names an export has is told beside it. `repeats` tells which
    datasets of ours hold what others have first.
    """
    met = _Candidates.of(own, exports, repeats or {})
    found = [
        _source(side, export)
        for key, export in met.exports.items()
        if export.kind != NAMES
        for side in _explained(export, met.sides[key], met)
    ]
    proven = _proven(found)
    names = Namesakes(own, exports, proven, met.refuted(proven))
    for key, export in met.exports.items():
        if export.kind == NAMES:
            found += (_source(side, export) for side in names.explained(export, met.sides[key], met.rank))
    return tuple(sorted(found, key=lambda s: (s.export, s.field, s.kind, s.algorithm)))


def _source(side: Side, export: Side) -> Source:
    return Source(side.urn, export.urn, side.kind, side.algorithm, contained(export.sample, side.sample))


def _proven(found: Sequence[Source]) -> Mapping[tuple[str, str], float]:
    """By export and table of ours the share of the export that is surely the table's, by its lower bound."""
    shares: dict[tuple[str, str], float] = {}
    for one in found:
        pair = dataset_of(one.export), dataset_of(one.field)
        shares[pair] = max(shares.get(pair, 0.0), one.containment.low)
    return shares


def _explained(export: Side, candidates: Sequence[Side], met: _Candidates) -> Iterator[Side]:
    """The sources, the one that explains most first, until little is left."""
    rest, waiting = Rest(export), list(candidates)
    while waiting and rest.some:
        gains = [(rest.gain(side), side) for side in waiting]
        best = max(gain for gain, _ in gains)
        if best < LEAST:
            return
        side = max((s for gain, s in gains if gain >= best - _TIE), key=lambda s: met.rank(export, s))
        yield side
        rest.take(side)
        if side.sample.drawn < 1.0:
            return  # of forms that are a sample nobody can tell what is left
        waiting.remove(side)
