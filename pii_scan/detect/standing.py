"""Which rules may still hit each text: one bit a rule, and the texts of each rule beside them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np

from .cells import Ints

_BITS: Final = 64
Bools = np.ndarray[Any, np.dtype[np.bool_]]


class Standing:
    """Rules are rows, texts are positions; nothing stands at first."""

    def __init__(self, rules: int, texts: int) -> None:
        self._words = np.zeros((max(1, -(-rules // _BITS)), texts), np.uint64)
        self._set: list[list[Ints]] = [[] for _ in range(rules)]

    def add(self, row: int, positions: Ints) -> None:
        """The rule may hit there."""
        if len(positions):
            self._words[row // _BITS, positions] |= np.uint64(1 << row % _BITS)
            self._set[row].append(positions)

    def drop(self, row: int, positions: Ints) -> None:
        self._words[row // _BITS, positions] &= ~np.uint64(1 << row % _BITS)

    def drop_all(self, positions: Ints) -> None:
        self._words[:, positions] = 0

    def of(self, row: int) -> Ints:
        """Where the rule stands, ascending."""
        if not self._set[row]:
            return np.zeros(0, np.int64)
        one = len(self._set[row]) == 1
        positions = self._set[row][0] if one else np.unique(np.concatenate(self._set[row]))
        word, bit = self._words[row // _BITS], np.uint64(row % _BITS)
        standing: Ints = positions[(word[positions] >> bit & np.uint64(1)).astype(bool)]
        return standing

    def any(self, rows: Iterable[int], positions: Ints) -> Bools:
        """True where one of the rules stands."""
        masks = [0] * len(self._words)
        for row in rows:
            masks[row // _BITS] |= 1 << row % _BITS
        found = np.zeros(len(positions), bool)
        for word, mask in zip(self._words, masks, strict=True):
            if mask:
                found |= word[positions] & np.uint64(mask) != 0
        return found

    def count(self, positions: Ints) -> Any:
        """How many rules stand at each of the positions."""
        return np.bitwise_count(self._words[:, positions]).sum(axis=0)

    def everywhere(self) -> Ints:
        """All positions where a rule stands."""
        return np.flatnonzero(np.bitwise_or.reduce(self._words, axis=0))

    def at(self, position: int) -> list[int]:
        """The rules that stand at one position."""
        rows = []
        for number, word in enumerate(self._words[:, position].tolist()):
            while word:
                low = word & -word
                rows.append(number * _BITS + low.bit_length() - 1)
                word ^= low
        return rows
