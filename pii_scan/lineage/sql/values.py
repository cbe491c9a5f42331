"""What becomes of values: the flow of one expression, and how flows are joined."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ...core.query import TRANSFORMS, Transform

_RANK: Mapping[Transform, int] = {name: rank for rank, name in enumerate(TRANSFORMS)}


class NotFollowedError(Exception):
    """A statement that moves data in a way that is not understood; the text says why, without names."""


@dataclass(frozen=True, slots=True)
class Source:
    """A column, or what lies below it: `path` begins with the column's name in lower case."""

    table: str
    path: tuple[str, ...]


#: By source what is left of its value.
Flow = Mapping[Source, Transform]


def then(flow: Flow, transform: Transform) -> dict[Source, Transform]:
    """The flow after a further step: of two steps the one that leaves less counts."""
    return {source: max(done, transform, key=_RANK.__getitem__) for source, done in flow.items()}


def joined(flows: Iterable[Flow]) -> dict[Source, Transform]:
    """All flows together: a value that comes by two ways is as open as the more open one leaves it."""
    found: dict[Source, Transform] = {}
    for flow in flows:
        for source, transform in flow.items():
            found[source] = min(found.get(source, transform), transform, key=_RANK.__getitem__)
    return found


def below(flow: Flow, path: tuple[str, ...]) -> dict[Source, Transform]:
    """The flow of what lies at `path` in the values: known where they came as they are."""
    return {
        (Source(source.table, (*source.path, *path)) if done == "identity" else source): done
        for source, done in flow.items()
    }
