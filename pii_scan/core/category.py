"""Data categories as a DAG: fideslang's keys, extended by `data/categories.yaml`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

ROOT = "user"


@dataclass(frozen=True, slots=True)
class Category:
    """One data category. `special` marks GDPR article 9 (and article 10) data."""

    key: str
    parents: tuple[str, ...] = ()
    label: str = ""
    sensitivity: str = "medium"  # low, medium, high, critical
    special: bool = False
    dpv: str = ""


@dataclass(frozen=True)
class Taxonomy:
    """All categories; answers questions of subsumption over several parents."""

    categories: Mapping[str, Category] = field(repr=False)

    def __contains__(self, key: object) -> bool:
        return key in self.categories

    def __getitem__(self, key: str) -> Category:
        return self.categories[key]

    @cached_property
    def _distances(self) -> dict[str, dict[str, int]]:
        """For every key, its ancestors (itself included) with the shortest distance."""
        return {key: self._walk_up(key) for key in self.categories}

    def _walk_up(self, key: str) -> dict[str, int]:
        seen = {key: 0}
        queue = [key]
        for current in queue:
            for parent in self.categories[current].parents if current in self.categories else ():
                if parent not in seen:
                    seen[parent] = seen[current] + 1
                    queue.append(parent)
        return seen

    def ancestors(self, key: str) -> Mapping[str, int]:
        """Every ancestor of `key`, itself included, with its distance; unknown keys stand alone."""
        return self._distances.get(key, {key: 0})

    def subsumes(self, general: str, specific: str) -> bool:
        """True if `general` is `specific` or an ancestor of it."""
        return general in self.ancestors(specific)

    def distance(self, general: str, specific: str) -> int | None:
        """Steps from `general` down to `specific`, or None if it does not subsume it."""
        return self.ancestors(specific).get(general)

    def depth(self, key: str) -> int:
        """Steps from the root `user` down to `key`; 0 for a key outside it."""
        return self.ancestors(key).get(ROOT, 0)

    def is_personal(self, key: str) -> bool:
        return ROOT in self.ancestors(key)

    def is_special(self, key: str) -> bool:
        """True if the key or an ancestor of it is marked as GDPR article 9 or 10 data."""
        return any(self.categories[k].special for k in self.ancestors(key) if k in self.categories)

    def top(self, key: str) -> str:
        """The ancestor directly below the root, such as `user.contact`; the key itself otherwise."""
        for ancestor in self.ancestors(key):
            if self.distance(ROOT, ancestor) == 1:
                return ancestor
        return key

    def label(self, key: str) -> str:
        found = self.categories.get(key)
        return found.label if found and found.label else key

    def narrowest(self, keys: Iterable[str]) -> tuple[str, ...]:
        """The keys without those that subsume another of them, sorted."""
        unique = set(keys)
        kept = [k for k in unique if not any(o != k and self.subsumes(k, o) for o in unique)]
        return tuple(sorted(kept))
