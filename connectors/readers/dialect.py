"""Finds out how a delimited file is written: the delimiter and the escaping of quotes."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from typing import Final

from ..encoding import lines_of

_CANDIDATES: Final = (",", ";", "\t", "|")
_LINES: Final = 200
_LONGEST: Final = 20_000


@dataclass(frozen=True, slots=True)
class Dialect:
    """`escape` is a backslash in files that write `\\"` for a quote, else empty."""

    delimiter: str = ","
    escape: str = ""


def _widths(lines: list[str], delimiter: str) -> list[int]:
    """Cells of each record that is not blank."""
    try:
        return [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
    except csv.Error:
        return [line.count(delimiter) + 1 for line in lines if line.strip()]


def _score(widths: list[int]) -> tuple[float, int]:
    """Share of the records with the commonest width, and that width; (0, 1) for a single column."""
    wide = Counter(width for width in widths if width > 1)
    if not wide:
        return 0.0, 1
    width, count = max(wide.items(), key=lambda pair: (pair[1], pair[0]))
    return count / len(widths), width


def _sample(text: str) -> list[str]:
    """The first lines, without the last one if it may be cut off."""
    lines = lines_of(text[: 1 << 16], _LINES)
    if len(lines) > 1 and len(text) > (1 << 15) and not lines[-1].endswith(("\n", "\r")):
        lines.pop()
    return [line[:_LONGEST] for line in lines]


def dialect_of(text: str, name: str = "") -> Dialect:
    """The dialect of a delimited file that begins with `text`."""
    lines = _sample(text)
    preferred = {"tsv": "\t", "tab": "\t", "psv": "|"}.get(name.rpartition(".")[2].lower(), ",")
    scores = {d: _score(_widths(lines, d)) for d in _CANDIDATES}
    best = max(_CANDIDATES, key=lambda d: (round(scores[d][0], 1), d == preferred, scores[d]))
    delimiter = best if scores[best][0] >= 0.3 else preferred
    joined = "".join(lines)
    return Dialect(delimiter, "\\" if '\\"' in joined and '""' not in joined.replace('\\"', "") else "")


def is_delimited(text: str) -> bool:
    """True if unnamed text is a table beyond doubt: several lines of the same three or more cells."""
    lines = _sample(text)
    best = max((_score(_widths(lines, d)) for d in _CANDIDATES), default=(0.0, 1))
    return len(lines) >= 3 and best[0] >= 0.9 and best[1] >= 3
