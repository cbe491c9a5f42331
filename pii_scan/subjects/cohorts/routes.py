"""In which order datasets are read, and by which columns their rows lead to members."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ..answer import Path
from ..links import joined, links
from ..ownership import Ownership
from ..scope import Known, Scope
from .roster import Column, Roster

#: Keys from a member after which rows are no longer taken for theirs.
DEPTH = 4


@dataclass(frozen=True, slots=True)
class Up:
    """A column of a dataset that holds the key of another row."""

    path: Path
    parent: Column
    mentions: bool  # it tells who did something to the row, not whose it is


@dataclass(frozen=True, slots=True)
class Routes:
    """Links by the raw URN of the child, and the key columns that are pointed at, by dataset."""

    up: Mapping[str, Sequence[Up]] = field(default_factory=dict)
    keys: Mapping[str, frozenset[Path]] = field(default_factory=dict)

    @classmethod
    def of(cls, scope: Scope) -> Routes:
        ownership = Ownership.shipped()
        up: dict[str, list[Up]] = defaultdict(list)
        keys: dict[str, set[Path]] = defaultdict(set)
        mask = scope.masker.path
        for link in joined(scope, links([known.raw for known in scope.datasets])):
            if link.child == link.parent:
                continue
            parent = (link.parent, mask(link.parent_path))
            up[link.child].append(Up(mask(link.child_path), parent, not ownership.names(link.column)))
            keys[link.parent].add(parent[1])
        return cls(up, {urn: frozenset(paths) for urn, paths in keys.items()})

    def reached(self, rosters: Iterable[Roster]) -> dict[str, int]:
        """The datasets (raw URNs) below the rosters' own, by the most keys between."""
        below: dict[str, set[str]] = defaultdict(set)
        for child, ups in self.up.items():
            for each in ups:
                below[each.parent[0]].add(child)
        depth = {urn: 0 for roster in rosters for urn in roster.roots}
        for step in range(1, DEPTH + 1):
            level = [urn for urn, at in depth.items() if at == step - 1]
            for urn in level:
                for child in below[urn]:
                    depth[child] = step
        return depth

    def ordered(self, datasets: Sequence[Known], depth: Mapping[str, int]) -> list[Known]:
        """Tables by their depth, so that parents come first; then all that is known by values alone."""
        return sorted(datasets, key=lambda k: (k.raw.urn not in depth, depth.get(k.raw.urn, 0), k.shown.urn))
