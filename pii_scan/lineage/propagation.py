"""Tags follow their fields through SQL: to views and tables, and to the places that statements write to.

A tag goes on where a value comes through as it is or changed, goes on as masked behind a hash, cipher or
mask, and ends at a number about it.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ..core.query import Edge
from ..core.urn import dataset_of, join, split

#: How much surer a category is before a step that changes the value than after it.
_CHANGED: Final = 0.8


@dataclass(frozen=True, slots=True)
class Tag:
    """A category of the field `origin` that has reached the field `at`, by the edges of `steps`."""

    origin: str
    category: str
    at: str
    confidence: float
    masked: bool
    steps: tuple[Edge, ...]

    @property
    def way(self) -> str:
        """The way in words: `app/users#email → app/people#mail (view, transformed)`."""
        shown, at = [short(self.origin)], self.origin
        for edge in self.steps:
            at = landing(edge, at) or edge.target
            how = "" if edge.transform == "identity" else f", {edge.transform}"
            shown.append(f"{short(at)} ({edge.kind}{how})")
        return " → ".join(shown)


def short(urn: str) -> str:
    """A URN without the kind of its store."""
    return urn.partition("://")[2]


def landing(edge: Edge, urn: str) -> str:
    """Where an edge takes a field: what lies below its source lies below its target; empty if it does not."""
    _, _, path = split(urn)
    _, _, source = split(edge.source)
    if dataset_of(urn) != dataset_of(edge.source) or path[: len(source)] != source:
        return ""
    rest = path[len(source) :] if edge.transform == "identity" else ()
    return join(dataset_of(edge.target), (*split(edge.target)[2], *rest), "#") if rest else edge.target


@dataclass(frozen=True, slots=True)
class Ways:
    """The edges by the dataset that they lead from."""

    starting: Mapping[str, Sequence[Edge]]

    @classmethod
    def of(cls, edges: Iterable[Edge]) -> Ways:
        grouped: dict[str, list[Edge]] = defaultdict(list)
        for edge in edges:
            if edge.transform != "aggregated":
                grouped[dataset_of(edge.source)].append(edge)
        return cls(grouped)

    def tags(self, categories: Mapping[str, Mapping[str, float]]) -> Iterator[Tag]:
        """Every field that a tag of another one reaches, by the shortest way, open before masked."""
        for origin in sorted(categories):
            if dataset_of(origin) not in self.starting:
                continue
            for category, sure in sorted(categories[origin].items()):
                yield from self._from(Tag(origin, category, origin, sure, False, ()))

    def _from(self, start: Tag) -> Iterator[Tag]:
        queue, seen = deque([start]), {(start.at, False)}
        while queue:
            tag = queue.popleft()
            for edge in self.starting.get(dataset_of(tag.at), ()):
                masked = tag.masked or edge.transform == "masked"
                at = landing(edge, tag.at)
                if not at or (at, masked) in seen:
                    continue
                seen.add((at, masked))
                kept = tag.confidence * (_CHANGED if edge.transform == "transformed" else 1.0)
                step = Tag(tag.origin, tag.category, at, kept, masked, (*tag.steps, edge))
                queue.append(step)
                yield step


def around(edges: Iterable[Edge], urn: str, *, upstream: bool) -> frozenset[str]:
    """The field (or the fields of a dataset) and all that lies before it, or behind it."""
    found, steps = {urn}, defaultdict(list)
    for edge in edges:
        near, far = (edge.target, edge.source) if upstream else (edge.source, edge.target)
        steps[dataset_of(near)].append((near, far))
        found |= {end for end in (near, far) if within(end, urn)}
    queue = deque(found)
    while queue:
        at = queue.popleft()
        for near, far in steps.get(dataset_of(at), ()):
            if far not in found and (near == at or within(at, near) or within(near, at)):
                found.add(far)
                queue.append(far)
    return frozenset(found)


def within(urn: str, other: str) -> bool:
    """True for a field of the dataset or store `other`, or one below the field `other`."""
    return urn.startswith((f"{other}#", f"{other}/"))
