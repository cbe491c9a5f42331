"""Values that are too long for one cell, read on in windows: bounded memory, and nothing is left out.

A page holds the first `CAP` characters of every value. What follows is asked for again, under the page's own
condition, a window of each value at a time: so it needs no key, and who is asked for are only values that go
on. They come in the order of the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import pyarrow as pa

from pii_scan.core.model import LOCATOR, Batch, Dataset, Field

from .text import CAP, decode_window
from .timeout import StatementTimeoutError

#: Characters that a piece and the one before have in common, so that what lies on a border is found.
OVERLAP: Final = 256
#: Characters (bytes of a binary value) of all windows that are asked for at once, and of one.
_AT_ONCE: Final = 8 << 20
_WIDEST: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Window:
    """The characters (bytes of a binary value) from `start` (the first is 1) of the values that go on."""

    start: int
    size: int

    @property
    def beyond(self) -> int:
        """Values are longer than this: what was read of them before."""
        return self.start - 1 + OVERLAP

    @property
    def end(self) -> int:
        return self.start + self.size - 1

    @property
    def next(self) -> Window:
        return Window(self.end - OVERLAP + 1, self.size)


#: A value's stretch, hexadecimal where the page is, and whether the value is longer still.
Stretch = Sequence[object]


@dataclass(frozen=True, slots=True)
class Rest:
    """Follows the pages of one condition: asks for the window of the column so numbered.

    Stretches come in parts, so that a long answer need not be held.
    """

    fetch: Callable[[int, Window], Iterable[Sequence[Stretch]]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Long:
    """A value that was cut: its row, and whether its beginning is text."""

    ordinal: int
    told: bool


@dataclass(slots=True)
class Continuing:
    """Reads the values of one column on; `left` counts those that could not be."""

    dataset: Dataset
    number: int
    field: Field
    from_bytes: Callable[[bytes], str | None]
    read: int = 0
    left: int = 0

    def batches(self, rest: Rest, values: Sequence[Long]) -> Iterator[Batch]:
        """What follows in the values, a batch for each part of an answer."""
        window = Window(CAP - OVERLAP + 1, min(_WIDEST, max(CAP, _AT_ONCE // len(values))))
        told = sum(value.told for value in values)
        while values:
            longer: list[Long] = []
            place = 0
            try:
                for stretches in rest.fetch(self.number, window):
                    taken = values[place : place + len(stretches)]
                    place += len(stretches)
                    yield from self._batch(taken, stretches)
                    longer += [value for value, (_, more) in zip(taken, stretches, strict=False) if more]
            except StatementTimeoutError:
                self.left += sum(value.told for value in values)
                break
            self.left += sum(value.told for value in values[place:])
            values, window = longer, window.next
        self.read += told - min(told, self.left)

    def _batch(self, values: Sequence[Long], stretches: Sequence[Stretch]) -> Iterator[Batch]:
        texts: list[str] = []
        ordinals: list[int] = []
        size = 0
        for value, (cell, _) in zip(values, stretches, strict=False):
            text = self._text(cell) if value.told else None
            pieces = list(_pieces(text or ""))
            texts += pieces
            ordinals += [value.ordinal] * len(pieces)
            size += len(text or "")
        if not texts:
            return
        table = pa.RecordBatch.from_arrays(
            [pa.array(texts, pa.string()), pa.array(ordinals, pa.int64())], names=["c0", LOCATOR]
        )
        yield Batch(self.dataset, table, (self.field.path,), size, continued=True)

    def _text(self, cell: object) -> str | None:
        if isinstance(cell, str):
            if self.field.type != "binary":
                return cell.encode("utf-8", "replace").decode("utf-8")
            cell = bytes.fromhex(cell)
        raw = bytes(cell) if isinstance(cell, bytes | bytearray | memoryview) else b""
        text = decode_window(raw)
        return self.from_bytes(raw) if text is None and self.field.type != "binary" else text


def _pieces(text: str) -> Iterator[str]:
    """The text in pieces of `CAP` characters."""
    start = 0
    while start + OVERLAP < len(text):
        yield text[start : start + CAP]
        start += CAP - OVERLAP
