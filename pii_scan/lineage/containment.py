"""How much of a column's values another column has, told from their sketches, with bounds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..core.detection import wilson
from ..core.valueset import ALGORITHMS, ValueSet

Words = np.ndarray[Any, np.dtype[np.uint64]]
_SPACE = float(1 << 64)


@dataclass(frozen=True, slots=True)
class Sample:
    """An ascending sample of a set's hashes: all of those below `theta` of the space of hashes.

    Of hashed forms, which are drawn by the values behind them, `drawn` is the share that was drawn.
    """

    words: Words
    theta: float
    distinct: int
    drawn: float = 1.0


@dataclass(frozen=True, slots=True)
class Containment:
    """|A and B| / |B| with its 95% interval, and about how many values both have, `seen` in the sample."""

    share: float
    low: float
    high: float
    shared: int
    seen: int


def sample(values: ValueSet) -> Sample:
    return Sample(np.frombuffer(values.hashes, "<u8"), values.theta, values.distinct)


def shortened(whole: Sample, most: int) -> Sample:
    """The sample of the same set with at most so many hashes."""
    if len(whole.words) <= most:
        return whole
    return replace(whole, words=whole.words[:most], theta=int(whole.words[most]) / _SPACE)


def forms(values: ValueSet) -> dict[str, Sample]:
    """The samples of a column's hashed forms, by algorithm."""
    table = np.frombuffer(values.forms, "<u8").reshape(-1, 1 + len(ALGORITHMS))
    return {
        name: Sample(np.sort(table[:, place]), 1.0, values.distinct, values.forms_theta)
        for place, name in enumerate(ALGORITHMS, 1)
        if len(table)
    }


def known(part: Sample, whole: Sample) -> Any:
    """True for the hashes of the part of which the sample of the whole tells whether it has them."""
    if part.theta <= whole.theta:
        return np.ones(len(part.words), bool)
    return part.words < np.uint64(int(whole.theta * _SPACE))


def member(part: Sample, whole: Sample) -> Any:
    """True for the hashes of the part that the whole has."""
    if not len(whole.words):
        return np.zeros(len(part.words), bool)
    place = np.minimum(np.searchsorted(whole.words, part.words), len(whole.words) - 1)
    return whole.words[place] == part.words


def common(part: Sample, whole: Sample) -> tuple[int, int]:
    """How many hashes of the part the whole has, and of how many of them that is told."""
    told = known(part, whole)
    return int(np.count_nonzero(member(part, whole) & told)), int(np.count_nonzero(told))


def contained(part: Sample, whole: Sample) -> Containment:
    """How much of the part the whole has."""
    return estimate(*common(part, whole), part, whole)


def estimate(seen: int, told: int, part: Sample, whole: Sample) -> Containment:
    """The share `seen` of those that could be `told`; of forms, which are a sample of theirs, scaled up."""
    if not told:
        return Containment(0.0, 0.0, 1.0, 0, 0)
    share = min(seen / (told * whole.drawn), 1.0)
    low, high = wilson(min(seen, told * whole.drawn), told * whole.drawn)
    return Containment(share, low, high, round(share * part.distinct), seen)
