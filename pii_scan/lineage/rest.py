"""What of an export's column is not yet explained while its sources are taken one after the other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .containment import estimate, known, member
from .values import FEWEST, LED, Side


@dataclass
class Rest:
    """`left` marks the values that no source has, `told` those of which all sources so far could tell it."""

    export: Side
    left: Any = field(init=False, repr=False)
    told: Any = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.left, self.told = (np.ones(len(self.export.sample.words), bool) for _ in range(2))

    @property
    def some(self) -> bool:
        return bool((self.left & self.told).any())

    def gain(self, side: Side) -> float:
        """The share of the whole column that the side explains and none before did; 0 if that is too few."""
        within = self.told & known(self.export.sample, side.sample)
        met = member(self.export.sample, side.sample) & self.left & within
        found = estimate(
            int(np.count_nonzero(met)), int(np.count_nonzero(within)), self.export.sample, side.sample
        )
        return found.share if found.seen >= LED and found.shared >= FEWEST else 0.0

    def met(self, side: Side) -> tuple[int, int]:
        """How many of the values left the side has, and of how many that can be told."""
        within = self.told & self.left & known(self.export.sample, side.sample)
        met = member(self.export.sample, side.sample) & within
        return int(np.count_nonzero(met)), int(np.count_nonzero(within))

    def take(self, side: Side) -> None:
        self.left &= ~member(self.export.sample, side.sample)
        self.told &= known(self.export.sample, side.sample)
