"""Finds out how a delimited file is written: the delimiter and the escaping of quotes."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

from ..encoding import lines_of

_CANDIDATES: Final = (",", ";", "\t", "|")
_LINES: Final = 200
_LONGEST: Final = 20_000
#: What spreadsheets write above the header to name the delimiter; it is no row.
_NAMED: Final = re.compile(r"\ufeff?\"?sep=([!-/:-@\[-`{-~\t])\"?\s*", re.IGNORECASE)
#: Commas as prose and numbers have them: before a blank, or between digits.
_INSIDE: Final = re.compile(r",[ \u00a0]|(?<=\d),(?=\d)")
#: The share of records as wide as the first one from which on it tells the delimiter.
_TOLD: Final = 0.9


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


def named_delimiter(line: str) -> str:
    """The delimiter that a file's first line names by `sep=;`, or nothing."""
    match = _NAMED.fullmatch(line)
    return match[1] if match and match[1] != '"' else ""


def _tells(widths: list[int]) -> bool:
    """True if the first record has several cells, and nearly all others as many."""
    return bool(widths) and widths[0] > 1 and widths.count(widths[0]) >= _TOLD * len(widths)


def _undivided(widths: list[int]) -> int:
    """Records of one cell that stand above the first of several: a title."""
    return next((place for place, width in enumerate(widths) if width > 1), len(widths))


def _unsure(lines: list[str]) -> bool:
    """True if nearly all commas stand where they do within a text or a number."""
    commas = sum(line.count(",") for line in lines)
    return sum(len(_INSIDE.findall(line)) for line in lines) >= _TOLD * commas


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
    delimiter = named_delimiter(lines[0]) if lines else ""
    delimiter = delimiter or _delimiter(lines, name.rpartition(".")[2].lower())
    joined = "".join(lines)
    return Dialect(delimiter, "\\" if '\\"' in joined and '""' not in joined.replace('\\"', "") else "")


def _delimiter(lines: list[str], suffix: str) -> str:
    """The delimiter of most records; one that divides the first record as well goes before others.

    The header tells: commas within the cells of `id;name` stand below it, not in it.
    """
    preferred = {"tsv": "\t", "tab": "\t", "psv": "|"}.get(suffix, ",")
    widths = {d: _widths(lines, d) for d in _CANDIDATES}
    scores = {d: _score(widths[d]) for d in _CANDIDATES}
    title = min(map(_undivided, widths.values()))
    told = [d for d in _CANDIDATES if _tells(widths[d][title:])]
    if preferred == "," and len(told) > 1 and _unsure(lines):
        preferred = ""
    best = max(told or _CANDIDATES, key=lambda d: (round(scores[d][0], 1), d == preferred, scores[d]))
    return best if scores[best][0] >= 0.3 else preferred or ","


def is_delimited(text: str) -> bool:
    """True if unnamed text is a table beyond doubt: several lines of the same three or more cells."""
    lines = _sample(text)
    best = max((_score(_widths(lines, d)) for d in _CANDIDATES), default=(0.0, 1))
    return len(lines) >= 3 and best[0] >= 0.9 and best[1] >= 3
