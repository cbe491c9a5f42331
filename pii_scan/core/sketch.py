"""A bottom-k sketch of keyed hashes: distinct counts and containment, mergeable in any order.

The k smallest of the hashes of a set estimate its size (Bar-Yossef et al., 2002: (k-1)/max of the
hashes scaled to 0..1; relative standard error about 1/sqrt(k-2)). Unlike a quick-select Theta
sketch its state does not depend on the order of merging, so equal data gives equal bytes.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass

K = 1024
_SPACE = float(1 << 64)


@dataclass(frozen=True, slots=True)
class Sketch:
    """The `K` smallest 64-bit keyed hashes of a set, ascending."""

    hashes: tuple[int, ...] = ()

    @classmethod
    def of(cls, hashes: Iterable[int]) -> Sketch:
        return cls(tuple(heapq.nsmallest(K, set(hashes))))

    def merge(self, other: Sketch) -> Sketch:
        if not other.hashes:
            return self
        if not self.hashes:
            return other
        return Sketch.of((*self.hashes, *other.hashes))

    @property
    def exact(self) -> bool:
        return len(self.hashes) < K

    @property
    def distinct(self) -> int:
        """The number of distinct values: exact below `K`, an estimate from there."""
        if self.exact:
            return len(self.hashes)
        return round((K - 1) * _SPACE / max(self.hashes[-1], 1))
