"""Where large files of lines are cut into shards."""

from __future__ import annotations

from typing import Final

from .content import Content

_MOST: Final = 1_000  # pieces of one file


def divisible(content: Content) -> bool:
    """True if lines can be found from any byte on: no compression, no wide characters, `\\n` at the ends."""
    return content.blob.at is not None and not content.format.encoding.wide and b"\n" in content.head


def pieces(start: int, stop: int, size: int, most: int = _MOST) -> list[tuple[int, int | None]]:
    """The bytes `start..stop` in pieces of `size` or more, or in one; the last is open at its end."""
    length = stop - start
    if length < 2 * size:
        return [(start, None)]
    count = min(length // size, most)
    places = [start + length * index // count for index in range(count)]
    return list(zip(places, [*places[1:], None], strict=True))
