"""Words with flags in little memory: sorted in one block of bytes, found by halving."""

from __future__ import annotations

import gzip
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

#: Words to remember at most with what they are.
_REMEMBERED: Final = 20_000


class Entries(Mapping[str, int]):
    """Flags by word, read only. A dict of 360,000 words takes 60 MB, this 8, and some microseconds a word."""

    __slots__ = ("_begins", "_block", "_flags", "_met", "_starts")

    def __init__(self, packed: bytes) -> None:
        """From what `pack` made."""
        self._block, _, flags = gzip.decompress(packed).partition(b"\0")
        signs = np.frombuffer(self._block, np.uint8)
        starts = np.concatenate([[0], np.flatnonzero(signs == ord("\n")) + 1])
        begins = signs[starts[:-1]].astype(np.uint32) << 8 | signs[starts[:-1] + 1]
        self._starts = _view(starts)
        self._begins = _view(np.searchsorted(begins, np.arange(1 << 16 | 1)))
        self._flags = _view(np.frombuffer(flags, "<u2"))
        self._met: dict[str, int] = {}

    def __getitem__(self, word: str) -> int:
        found: int = self.get(word, -1)
        if found < 0:
            raise KeyError(word)
        return found

    def get(self, word: str, default: Any = None) -> Any:
        """As a dict's."""
        found = self._met.get(word)
        if found is None:
            if len(self._met) >= _REMEMBERED:
                self._met.clear()
            found = self._met[word] = self._look(word)
        return found if found >= 0 else default

    def _look(self, word: str) -> int:
        """The word's flags, -1 if it is none of ours."""
        sought = word.encode("utf-8", "replace")
        if not sought:
            return -1
        begin = sought[0] << 8 | (sought[1] if len(sought) > 1 else ord("\n"))
        last = self._begins[begin + 1]
        place = bisect_left(range(last), sought, self._begins[begin], key=self._word)
        return self._flags[place] if place < last and self._word(place) == sought else -1

    def _word(self, place: int) -> bytes:
        return self._block[self._starts[place] : self._starts[place + 1] - 1]

    def __iter__(self) -> Iterator[str]:
        return (self._word(place).decode() for place in range(len(self)))

    def __len__(self) -> int:
        return len(self._flags)


def _view(numbers: NDArray[Any]) -> memoryview[int]:
    """Numbers of 32 bits that are read as Python's own, faster than numpy's."""
    return memoryview(numbers.astype(np.uint32).tobytes()).cast("I")


def pack(entries: Mapping[str, int]) -> bytes:
    """The words, sorted by their bytes and a line each, and after a zero their flags; compressed."""
    words = sorted((word.encode(), flags) for word, flags in entries.items())
    flags = np.array([flags for _, flags in words], "<u2")
    return gzip.compress(b"".join(word + b"\n" for word, _ in words) + b"\0" + flags.tobytes(), 9, mtime=0)
