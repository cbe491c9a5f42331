"""Keyed hashes of a whole column at once, the same for the same text in any column, batch and process.

A text is mixed eight bytes at a time with secret words, then the result is encrypted by SipHash-2-4
(Aumasson and Bernstein, 2012): a universal hash under a pseudo-random function, so that without the
key a hash tells nothing of its text. Only hashes that may be among the smallest are encrypted: their
upper 16 bits, which order them, stay those of the mixing.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import numpy as np
import polars as pl
import pyarrow as pa

from ..core.keyed import Key
from ..core.sketch import K, Sketch
from . import needs
from .cells import Column

Words = np.ndarray[Any, np.dtype[np.uint64]]
#: Of longer texts the first and the last half of so many bytes are mixed, and the length.
WHOLE: Final = 256
_ONES: Final = 0x0101010101010101
_HIGH: Final = np.uint64(0x80 * _ONES)
_TO_A: Final = np.uint64((0x80 - ord("A")) * _ONES)
_PAST_Z: Final = np.uint64((0x80 - ord("Z") - 1) * _ONES)
_LEFT: Final = np.array([(1 << (8 * n)) - 1 for n in range(8)] + [(1 << 64) - 1], np.uint64)
#: Texts that are mixed at a time.
_BLOCK: Final = 8_192
#: The last of the signs that may be space; of them those that are, and so many are taken from an end.
_SPACE: Final = 32
_SPACES: Final = np.isin(np.arange(256), [9, 10, 11, 12, 13, 32])
_PADDING: Final = 64
_ORDER: Final = np.uint64(0xFFFF << 48)


@dataclass(frozen=True)
class Fingerprints:
    """Hashes under one key."""

    key: Key = field(repr=False)

    @cached_property
    def _secrets(self) -> Words:
        """Odd words: one for each eight bytes of a text, one for its length, two for SipHash."""
        count = WHOLE // 8 + 3
        stream = b"".join(
            hashlib.blake2b(n.to_bytes(4, "big"), key=self.key.secret, digest_size=64).digest()
            for n in range(-(-count // 8))
        )
        return np.frombuffer(stream, "<u8")[:count] | np.uint64(1)

    def mixed(self, column: Column) -> Words:
        """One 64-bit hash a cell, not yet encrypted: for use in this process alone."""
        upper = bool(column.seen & needs.UPPER)
        starts, ends = _stripped(column.data, column.offsets)
        prints = self._mix(column.data, starts, ends - starts, upper)
        odd = np.flatnonzero(_odd(column, starts, ends))
        if odd.size:
            prints[odd] = self.plain(_normal(column.take(odd)))
        return prints

    def exact(self, column: Column) -> Words:
        """One 64-bit hash a cell of its very bytes, if they are `WHOLE` at most; for this process alone."""
        return self._mix(column.data, column.offsets[:-1], column.lengths, False)

    def plain(self, texts: pa.StringArray) -> Words:
        """As `mixed`, of texts that are in their normal form and not empty."""
        column = Column(0, (), np.arange(len(texts)), texts)
        return self._mix(column.data, column.offsets[:-1], column.lengths, False)

    def _mix(self, data: Any, starts: Any, lengths: Any, upper: bool) -> Words:
        """Hashes of the texts of some lengths that begin at some places of the bytes."""
        words, prints = _aligned(data), np.empty(len(starts), np.uint64)
        for first in range(0, len(starts), _BLOCK):
            block = slice(first, first + _BLOCK)
            prints[block] = self._block(words, starts[block], lengths[block], upper)
        return prints

    def _block(self, words: Words, starts: Any, lengths: Any, upper: bool) -> Words:
        """Hashes of so few texts that all that is reckoned with stays in the cache.

        The longest come first, so that those with something left at a place are the first so many.
        """
        # Numbers of 16 bits are sorted by counting.
        sizes = -np.minimum(lengths, WHOLE + 1).astype(np.int16)
        order = np.argsort(sizes, kind="stable")
        starts, lengths, sizes = starts[order], lengths[order], sizes[order]
        prints = (lengths.astype(np.uint64) + np.uint64(1)) * self._secrets[-3]
        cut = int(np.searchsorted(sizes, -WHOLE))
        place = starts.copy()
        index, shift, back = _places(place)
        low = words[index]
        for number in range(-(-min(int(lengths[0]), WHOLE) // 8)):
            begin = 8 * number
            count, full = np.searchsorted(sizes, [-begin, -begin - 7]).tolist()
            if cut and begin == WHOLE // 2:
                place[:cut] += lengths[:cut] - WHOLE
                index, shift, back = _places(place)
                low[:cut] = words[index[:cut] + number]
            high = words[index[:count] + (number + 1)]
            word = (low[:count] >> shift[:count]) | (high << back[:count])
            low = high
            word[full:] &= _LEFT[lengths[full:count] - begin]
            if upper:
                word |= ((word + _TO_A) & ~(word + _PAST_Z) & _HIGH) >> np.uint64(2)
            word ^= prints[:count]
            word *= self._secrets[number]
            prints[:count] = word ^ (word >> np.uint64(29))
        prints *= self._secrets[0]
        prints ^= prints >> np.uint64(32)
        prints *= self._secrets[-3]
        hashes: Words = np.empty_like(prints)
        hashes[order] = prints
        return hashes

    def sketch(self, prints: Words) -> Sketch:
        """The sketch of the texts with these hashes."""
        return Sketch(tuple(self.sealed(prints, K).tolist()))

    def sealed(self, prints: Words, most: int) -> Words:
        """The `most` smallest distinct hashes of the texts, encrypted and ascending."""
        return _distinct(self.encrypted(_smallest(prints, most)))[:most]

    def chosen(self, prints: Words, most: int) -> tuple[Words, Any]:
        """As `sealed`, with a cell for each."""
        low = np.flatnonzero(prints <= _smallest(prints, most)[-1])
        sealed, first = np.unique(self.encrypted(prints[low]), return_index=True)
        return sealed[:most], low[first[:most]]

    def encrypted(self, prints: Words) -> Words:
        """As they may be kept: in the order of the upper 16 bits."""
        with np.errstate(over="ignore"):
            return (prints & _ORDER) | (siphash(prints, self._secrets[-2], self._secrets[-1]) & ~_ORDER)


def _stripped(data: Any, offsets: Any) -> tuple[Any, Any]:
    """Where texts that are not blank start and end without ASCII space around them."""
    starts, ends = offsets[:-1].copy(), offsets[1:].copy()
    for edge, step, ahead in ((starts, 1, 0), (ends, -1, -1)):
        some = np.flatnonzero(_SPACES[data[edge + ahead]])
        for _ in range(_PADDING):
            if not some.size:
                break
            edge[some] += step
            some = some[_SPACES[data[edge[some] + ahead]]]
    return starts, ends


def _odd(column: Column, starts: Any, ends: Any) -> Any:
    """The cells that are more than ASCII text, or still have space around them."""
    odd = (column.data[starts] <= _SPACE) | (column.data[ends - 1] <= _SPACE)
    if column.seen & needs.WIDE:
        odd |= column.marks & np.uint16(needs.WIDE) != 0
    return odd


def _normal(texts: pl.Series) -> pa.StringArray:
    """Texts as they are compared: NFKC, lower case, without space around."""
    plain = texts.str.normalize("NFKC").str.to_lowercase().str.strip_chars()
    return plain.to_arrow().cast(pa.string())


def _aligned(data: Any) -> Words:
    """The bytes as numbers of eight, and some zeros behind."""
    return np.concatenate([data, np.zeros(24 - len(data) % 8, np.uint8)]).view("<u8")


def _places(starts: Any) -> tuple[Any, Words, Words]:
    """The number in which each text starts, by how many bits in it, and how many of it are left."""
    shift = ((starts & 7) * 8).astype(np.uint64)
    return starts >> 3, shift, np.uint64(64) - shift


def _smallest(prints: Words, most: int) -> Words:
    """The distinct hashes whose order may be among the first `most`, ascending."""
    low: Words = prints
    spare = 4 if most <= K else 1.25  # of evenly distributed hashes so many times those that are asked for
    if len(prints) > 2 * spare * most:
        bound = np.uint64(int(spare * most / len(prints) * 2**64)) & _ORDER
        low = _distinct(prints[prints < bound])
        low = low if len(low) >= most else pl.Series(prints).unique().to_numpy()
    low = _distinct(low)
    if len(low) > most:
        low = low[low <= (low[most - 1] | ~_ORDER)]
    return low


def _distinct(prints: Words) -> Words:
    """Ascending, each once; sorting is faster than numpy's table of what was seen."""
    ordered: Words = np.sort(prints)
    return ordered[np.concatenate([[True], ordered[1:] != ordered[:-1]])] if len(ordered) else ordered


def siphash(numbers: Words, first: np.uint64, second: np.uint64) -> Words:
    """SipHash-2-4 of each number as a message of eight bytes."""
    v0 = np.full_like(numbers, first ^ np.uint64(0x736F6D6570736575))
    v1 = np.full_like(numbers, second ^ np.uint64(0x646F72616E646F6D))
    v2 = np.full_like(numbers, first ^ np.uint64(0x6C7967656E657261))
    v3 = np.full_like(numbers, second ^ np.uint64(0x7465646279746573))
    state = (v0, v1, v2, v3)
    for block in (numbers, np.full_like(numbers, 8 << 56)):
        state = (*state[:3], state[3] ^ block)
        state = _round(*_round(*state))
        state = (state[0] ^ block, *state[1:])
    state = (*state[:2], state[2] ^ np.uint64(0xFF), state[3])
    for _ in range(4):
        state = _round(*state)
    return state[0] ^ state[1] ^ state[2] ^ state[3]


def _round(v0: Words, v1: Words, v2: Words, v3: Words) -> tuple[Words, Words, Words, Words]:
    v0, v2 = v0 + v1, v2 + v3
    v1, v3 = _rotated(v1, 13) ^ v0, _rotated(v3, 16) ^ v2
    v0, v2 = _rotated(v0, 32) + v3, v2 + v1
    v1, v3 = _rotated(v1, 17) ^ v2, _rotated(v3, 21) ^ v0
    return v0, v1, _rotated(v2, 32), v3


def _rotated(values: Words, bits: int) -> Words:
    return (values << np.uint64(bits)) | (values >> np.uint64(64 - bits))
