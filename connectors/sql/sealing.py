"""Values that reach a server without standing in a statement, a log or the list of processes.

Servers write bound values into their logs, and the drivers of MySQL and MariaDB write them into the
statement's text. So the server draws a pad of random bytes and keeps it in a variable of the session; what
it draws is told in a result, which no log holds. A statement then carries each value joined to the pad by
exclusive or (a one-time pad), and the server takes it off.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from .batching import Row

Run = Callable[[str], Sequence[Row]]
#: Bytes that are joined at once: less than a signed integer of 64 bits.
PIECE: Final = 7


@dataclass(frozen=True, slots=True)
class Sealed:
    """A value of `size` bytes: for each piece where its part of the pad begins, and what it is joined to."""

    size: int
    pieces: tuple[tuple[int, int], ...] = field(repr=False)


def needed(values: Sequence[str]) -> int:
    """Bytes of the pad that seals them all, none of it twice."""
    return sum(_pieces(len(value.encode())) for value in values) * PIECE


def sealed(values: Sequence[str], pad: bytes) -> Iterator[Sealed]:
    """Each value as UTF-8, joined to its own part of the pad."""
    start = 0
    for value in values:
        raw = value.encode()
        pieces = []
        for number in range(_pieces(len(raw))):
            clear = raw[number * PIECE : (number + 1) * PIECE].ljust(PIECE, b"\0")
            key = int.from_bytes(pad[start : start + PIECE], "big")
            pieces.append((start, int.from_bytes(clear, "big") ^ key))
            start += PIECE
        yield Sealed(len(raw), tuple(pieces))


def _pieces(size: int) -> int:
    return -(-size // PIECE)
