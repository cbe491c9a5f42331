"""CPU time of this process and its children, of two ways in turn, and the ratio of each pair."""

from __future__ import annotations

import resource
import statistics
from collections.abc import Callable
from dataclasses import dataclass


def cpu() -> float:
    """Seconds of CPU time used by this process and by its children that have ended."""
    spent = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in spent)


def memory() -> float:
    """MB of the largest resident set so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@dataclass(frozen=True, slots=True)
class Spread:
    """Of several runs the least, the middle and the greatest."""

    least: float
    median: float
    greatest: float

    @classmethod
    def of(cls, values: list[float]) -> Spread:
        return cls(min(values), statistics.median(values), max(values))

    def as_list(self) -> list[float]:
        return [round(value, 4) for value in (self.least, self.median, self.greatest)]


def spent(work: Callable[[], object]) -> float:
    before = cpu()
    work()
    return cpu() - before


def pairs(
    ours: Callable[[], object], other: Callable[[], object], runs: int
) -> tuple[list[float], list[float]]:
    """CPU seconds of both ways, in turn, after one run of each that is not counted."""
    ours()
    other()
    mine, theirs = [], []
    for _ in range(runs):
        mine.append(spent(ours))
        theirs.append(spent(other))
    return mine, theirs


def figures(name: str, mine: list[float], theirs: list[float], scale: float = 1.0) -> dict[str, list[float]]:
    """How many times as much is done in a CPU second; `scale` is our work over theirs."""
    ratios = [scale * other / own for own, other in zip(mine, theirs, strict=True)]
    return {
        f"CPU seconds, ours [{name}]": Spread.of(mine).as_list(),
        f"CPU seconds, other [{name}]": Spread.of(theirs).as_list(),
        f"ratio [{name}]": Spread.of(ratios).as_list(),
    }
