"""What each clue of a name weighs, in log-odds, as fitted on labelled fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..data import load


@dataclass(frozen=True, slots=True)
class Weights:
    """`clues` holds the weight of every clue; `floor` is the sum from which a name says anything."""

    clues: Mapping[str, float]
    floor: float
    most: float

    def sum(self, clues: Iterable[str]) -> float:
        """The weight of clues that stand together, never more than `most`."""
        return min(sum(self.clues[clue] for clue in clues), self.most)


def shipped() -> Weights:
    """The weights of `data/names/weights.yaml`, which `benchmarks.accuracy fit` writes."""
    data = load.read("names", "weights.yaml")
    clues = {name: float(entry["weight"]) for name, entry in data["clues"].items()}
    return Weights(clues, float(data["floor"]), float(data["most"]))
