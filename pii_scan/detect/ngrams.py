"""What a short text looks like by its letters: hashed character n-grams, all values of a batch at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

#: Classes in the order of the columns of the weights.
CLASSES: Final = ("person", "given", "family", "place", "street", "company", "text", "code")
BITS: Final = 16
SIZES: Final = (2, 3, 4)
LONGEST: Final = 64
_FACTOR: Final = np.uint64(0x9E3779B97F4A7C15)

Integers = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Grams:
    """Hashed n-grams of several texts, in the order of the texts: `hashes` and where each text ends."""

    hashes: Integers
    ends: Integers

    @property
    def counts(self) -> Integers:
        """N-grams a text."""
        return np.diff(self.ends, prepend=0)


def grams(texts: Sequence[str]) -> Grams:
    """The n-grams of folded texts, each between a start and an end mark, cut at `LONGEST` characters."""
    marked = [f"\x02{text[:LONGEST]}\x03" for text in texts]
    codes = np.frombuffer("".join(marked).encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    lengths = np.fromiter((len(m) for m in marked), dtype=np.int64, count=len(marked))
    owner = np.repeat(np.arange(len(marked)), lengths)
    hashes, owners = [], []
    rolled = codes.copy()
    for size in range(2, max(SIZES) + 1):
        rolled = (rolled[:-1] * _FACTOR + codes[size - 1 :]) & np.uint64(0xFFFFFFFFFFFF)
        inside = owner[: len(rolled)] == owner[size - 1 :]
        spread = ((rolled + np.uint64(size)) * _FACTOR) >> np.uint64(64 - BITS)
        hashes.append(spread[inside])
        owners.append(owner[: len(rolled)][inside])
    order = np.argsort(np.concatenate(owners), kind="stable")
    counts = np.bincount(np.concatenate(owners), minlength=len(marked))
    return Grams(np.concatenate(hashes)[order].astype(np.int64), np.cumsum(counts))


@dataclass(frozen=True, slots=True)
class Ngrams:
    """A linear classifier over hashed n-grams; `weights` is int8 of `2**BITS` rows, a column a class."""

    weights: npt.NDArray[np.int8] = field(repr=False)
    scale: float
    bias: npt.NDArray[np.float64]

    def scores(self, texts: Sequence[str]) -> npt.NDArray[np.float64]:
        """Log-probabilities of the classes, a row a text."""
        if not texts:
            return np.zeros((0, len(CLASSES)))
        found = grams(texts)
        running = np.zeros((len(found.hashes) + 1, len(CLASSES)), dtype=np.int64)
        np.cumsum(self.weights[found.hashes], axis=0, dtype=np.int64, out=running[1:])
        sums = np.diff(running[found.ends], axis=0, prepend=np.zeros((1, len(CLASSES)), dtype=np.int64))
        raw = sums * self.scale / np.sqrt(np.maximum(found.counts, 1))[:, None] + self.bias
        raw -= raw.max(axis=1, keepdims=True)
        shifted: npt.NDArray[np.float64] = raw - np.log(np.exp(raw).sum(axis=1, keepdims=True))
        return shifted
