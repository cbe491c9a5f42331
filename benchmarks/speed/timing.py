"""CPU time of this process and its children, of two ways in turn, and the ratio of each pair."""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path


def cpu() -> float:
    """Seconds of CPU time used by this process and by its children that have ended."""
    spent = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in spent)


def memory() -> float:
    """MB of the largest resident set so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def resident(pid: int | str = "self", mark: str = "VmHWM") -> int:
    """KiB of a process's resident set, the largest so far or (`VmRSS`) now; 0 if it can't be told."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:  # it has ended, or this is no Linux
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(f"{mark}:")), 0)


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


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of CPU time here (with children that ended) and in a server, and seconds by the clock."""

    client: float
    wall: float
    server: float | None = None

    @property
    def total(self) -> float:
        return self.client + (self.server or 0.0)


def cost(work: Callable[[], float | None]) -> Cost:
    """What the work costs; it gives the server's CPU seconds, if there is a server and they can be told."""
    before, start = cpu(), time.perf_counter()
    server = work()
    return Cost(cpu() - before, time.perf_counter() - start, server)


def rounds(ways: Mapping[str, Callable[[], float | None]], runs: int) -> dict[str, list[Cost]]:
    """The costs of several ways, in turn, after one round that is not counted."""
    costs: dict[str, list[Cost]] = {name: [] for name in ways}
    for number in range(runs + 1):
        for name, work in ways.items():
            spent_now = cost(work)
            if number:
                costs[name].append(spent_now)
    return costs


def compared(costs: Mapping[str, list[Cost]], base: str) -> dict[str, list[float]]:
    """Seconds of every way, and how fast each is beside the base: 0.5 is half as fast."""
    served = all(one.server is not None for many in costs.values() for one in many)
    aspects = ("client", *(("server", "total") if served else ()), "wall")
    found = {
        f"seconds of {aspect}, {name}": Spread.of([getattr(one, aspect) for one in many]).as_list()
        for name, many in costs.items()
        for aspect in aspects
    }
    for name, many in costs.items():
        for aspect in aspects:
            if name != base and aspect != "server":
                pairs_of = zip(many, costs[base], strict=True)
                ratios = [getattr(other, aspect) / getattr(own, aspect) for own, other in pairs_of]
                found[f"ratio of {aspect}, {name}"] = Spread.of(ratios).as_list()
    return found
