"""What a short text looks like by its letters: hashed character n-grams, all values of a batch at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
_MASK: Final = np.uint64(0xFFFFFFFFFFFF)

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


def by_size(texts: Sequence[str]) -> Iterator[tuple[Integers, Integers]]:
    """Hashes of the n-grams of folded texts and the text that each is of, in order, a pair for each size.

    Texts are cut at `LONGEST` characters and stand between a start and an end mark.
    """
    marked = [f"\x02{text[:LONGEST]}\x03" for text in texts]
    codes = np.frombuffer("".join(marked).encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    owner = np.repeat(np.arange(len(marked)), [len(m) for m in marked])
    rolled = codes
    for size in range(2, max(SIZES) + 1):
        rolled = (rolled[:-1] * _FACTOR + codes[size - 1 :]) & _MASK
        starts = owner[: len(rolled)]
        inside = starts == owner[size - 1 :]
        spread = ((rolled[inside] + np.uint64(size)) * _FACTOR) >> np.uint64(64 - BITS)
        yield spread.astype(np.int64), starts[inside]


def grams(texts: Sequence[str]) -> Grams:
    """The n-grams of several texts together."""
    hashes, owners = (np.concatenate(parts) for parts in zip(*by_size(texts), strict=True))
    return Grams(
        hashes[np.argsort(owners, kind="stable")], np.cumsum(np.bincount(owners, minlength=len(texts)))
    )


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
        sums, counts = np.zeros((len(texts), len(CLASSES)), dtype=np.int32), np.zeros(len(texts))
        for hashes, owners in by_size(texts):
            found = np.bincount(owners, minlength=len(texts))
            running = np.zeros((len(hashes) + 1, len(CLASSES)), dtype=np.int32)
            np.cumsum(self.weights[hashes], axis=0, dtype=np.int32, out=running[1:])
            sums += np.diff(running[np.cumsum(found)], axis=0, prepend=np.int32(0))
            counts += found
        raw = sums * self.scale / np.sqrt(np.maximum(counts, 1))[:, None] + self.bias
        raw -= raw.max(axis=1, keepdims=True)
        shifted: npt.NDArray[np.float64] = raw - np.log(np.exp(raw).sum(axis=1, keepdims=True))
        return shifted
