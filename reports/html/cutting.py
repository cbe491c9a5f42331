"""A list of which the page shows the first part, and says how many it left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Cut(Generic[T]):
    shown: tuple[T, ...] = ()
    left: int = 0

    @property
    def total(self) -> int:
        return len(self.shown) + self.left


def cut_at(items: Sequence[T], limit: int) -> Cut[T]:
    """At most `limit` items, and the number of the rest."""
    return Cut(tuple(items[:limit]), max(0, len(items) - limit))
