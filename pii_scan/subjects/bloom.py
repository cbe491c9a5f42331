"""A Bloom filter over keyed hashes: tells what a block can't hold; without its key it tells nothing.

Bits and hash functions are those of a rate of false positives of 5 in 10,000 (Bloom 1970): 16 bits a
member and 11 places, drawn from two halves of one keyed BLAKE2b (Kirsch and Mitzenmacher 2006).
"""

from __future__ import annotations

from collections.abc import Collection
from mmap import mmap
from typing import Final

import numpy as np

from ..core.keyed import Key

BITS: Final = 16  # a member
PLACES: Final = 11
_SMALLEST: Final = 8  # bytes
_WORD: Final = (1 << 64) - 1

Hash = tuple[int, int]
Bytes = bytes | mmap


def hashed(key: Key, term: str) -> Hash:
    """A term's two halves: 64 bits each, the second odd."""
    digest = key.digest(term, 16)
    return int.from_bytes(digest[:8], "big"), int.from_bytes(digest[8:], "big") | 1


def filter_of(key: Key, terms: Collection[str]) -> bytes:
    """The filter's bytes; none for no terms."""
    if not terms:
        return b""
    size = max(_SMALLEST, len(terms) * BITS // 8) * 8
    digests = b"".join([key.digest(term, 16) for term in terms])
    halves = np.frombuffer(digests, dtype=">u8").astype(np.uint64).reshape(-1, 2)
    place, step = halves[:, 0].copy(), halves[:, 1] | np.uint64(1)
    bits = np.zeros(size, np.bool_)
    for _ in range(PLACES):
        bits[place % np.uint64(size)] = True
        place += step
    return np.packbits(bits, bitorder="little").tobytes()


def may_hold(body: Bytes, start: int, length: int, sought: Hash) -> bool:
    """False only if the filter of `length` bytes at `start` was made without the term."""
    size = length * 8
    if not size:
        return False
    place, step = sought
    for _ in range(PLACES):
        bit = place % size
        if not body[start + (bit >> 3)] >> (bit & 7) & 1:
            return False
        place = (place + step) & _WORD
    return True
