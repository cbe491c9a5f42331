"""Cutting long lists: what is left out is always counted aloud."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def first(items: Sequence[T], limit: int) -> tuple[Sequence[T], int]:
    """At most `limit` items, and the number of those left out."""
    return items[:limit], max(0, len(items) - limit)
