"""Tables pasted into a text: rows of as many cells each, read by the heads of their columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from .fields import PERSON, UNIQUE, Fields
from .folding import fold
from .span import Span

DETECTOR: Final = "pasted"
#: As sure as a head makes a value, and codes that stand beside names in a table without heads.
_HEADED, _BARE = 0.85, 0.6
#: Signs between cells, the surest first, and the cells that a row has at least.
_SIGNS: Final = (("\t", 2), ("|", 2), (";", 2), (",", 2))
#: Cells of a row, rows of a table, and characters of a head, at most.
_CELLS, _ROWS, _HEAD = 60, 5_000, 40
_RULE: Final = re.compile(r"[\s|:=+-]+")
_CODE: Final = re.compile(r"(?=[A-Za-z./-]{0,8}[0-9])[A-Za-z0-9]{1,12}(?:[-/][A-Za-z0-9]{1,12}){0,4}")
_VALUE: Final = re.compile(r"[0-9@]")
_DIGIT: Final = re.compile("[0-9]")

#: A key and what it says, at most so many characters of each.
_PAIR: Final = re.compile(
    r"(?<![\w.])[\"']?(?P<key>[A-Za-z_\u00c0-\u017f]{3,24})[\"']?(?: ?: ?|=)"
    r"(?:\"(?P<quoted>[^\"\n=]{3,48})\"|(?<==)(?P<plain>[^\";&=\n]{3,48})(?=[;&]))"
)
#: Keys of somebody, whose names they hold if they hold a name.
_WHO: Final = (
    "client",
    "customer",
    "patient",
    "member",
    "adherent",
    "holder",
    "titulaire",
    "guest",
    "contact",
)

Cell = tuple[int, int]
Row = list[Cell]


@dataclass(frozen=True)
class Pasted:
    """Finds what stands in a column whose head tells it, and codes in the rows of named people."""

    fields: Fields = field(default_factory=Fields, repr=False)

    def spans(self, text: str, names: Sequence[Span]) -> Iterator[Span]:
        """The values of the tables of a text; `names` are the names of people found in it."""
        if "=" in text or '":' in text:
            yield from self._keyed(text)
        if "\n" not in text:
            return
        for block in tables(text):
            heads = self._heads(text, block)
            if any(heads):
                yield from self._headed(text, block[1:], heads)
            else:
                yield from self._bare(text, block, names)

    def _keyed(self, text: str) -> Iterator[Span]:
        """Names behind keys, in quotation marks or up to a semicolon: `"name": "Ada Byron"`."""
        for match in _PAIR.finditer(text):
            group = match.lastgroup or ""
            if self.fields.label(match["key"]).startswith(PERSON) or match["key"].lower() in _WHO:
                place = self._whole(match[group], PERSON)
                if place and " " in match[group].strip() and self.fields.known(match[group]):
                    start = match.start(group)
                    yield Span(start + place[0], start + place[1], PERSON, DETECTOR, _HEADED)

    def _heads(self, text: str, block: Sequence[Row]) -> list[str]:
        cells = [text[start:end] for start, end in block[0]]
        if any(_VALUE.search(cell) or len(cell) > _HEAD for cell in cells):
            return []
        return self.fields.heads(cells)

    def _headed(self, text: str, rows: Iterable[Row], heads: Sequence[str]) -> Iterator[Span]:
        for row in rows:
            for (start, end), category in zip(row, heads, strict=True):
                if category and start < end:
                    place = self._whole(text[start:end], category)
                    if place:
                        yield Span(start + place[0], start + place[1], category, DETECTOR, _HEADED)

    def _whole(self, cell: str, category: str) -> Cell | None:
        """Where the value stands, if it is all of its cell."""
        folded = fold(cell)
        place = self.fields.value(folded, 0, category)
        if place is None or place[1] < len(folded.low.rstrip(' ."')):
            return None
        return folded.place(place[0]), folded.place(place[1] - 1) + 1

    def _bare(self, text: str, rows: Sequence[Row], names: Sequence[Span]) -> Iterator[Span]:
        """The columns of codes, each another one, of a table in which most rows name somebody."""
        named = sum(any(n.start < row[-1][1] and row[0][0] < n.end for n in names) for row in rows)
        if len(rows[0]) < 3 or 2 * named < len(rows):
            return
        for column in zip(*rows, strict=True):
            values = [text[start:end] for start, end in column]
            if len(set(values)) == len(values) and all(map(_code, values)):
                yield from (Span(start, end, UNIQUE, DETECTOR, _BARE) for start, end in column)


def _code(value: str) -> bool:
    """True for a code of letters and digits, or of five digits and more, that is no date."""
    digits = len(_DIGIT.findall(value))
    if not _CODE.fullmatch(value) or digits < 2 or "/" in value:
        return False
    letters = any(sign.isalpha() for sign in value)
    return (letters and digits >= 4) or (digits >= 5 and "-" not in value)


def tables(text: str) -> Iterator[list[Row]]:
    """The tables of a text: two lines and more, one after another, of as many cells, by one sign."""
    lines = list(_lines(text))
    index = 0
    while index < len(lines):
        block = _block(text, lines, index)
        if block is None:
            index += 1
        else:
            index += block[1]
            yield block[0]


def _block(text: str, lines: Sequence[Cell], index: int) -> tuple[list[Row], int] | None:
    """The rows of the table that begins at a line, and how many lines it has."""
    start, end = lines[index]
    for sign, least in _SIGNS:
        if text.count(sign, start, end) < least - 1:
            continue
        first = cells(text, start, end, sign)
        if not least <= len(first) <= _CELLS:
            continue
        rows, count = [first], 1
        for line in lines[index + 1 : index + _ROWS]:
            if not _RULE.fullmatch(text, *line):
                row = cells(text, *line, sign)
                if len(row) != len(first):
                    break
                rows.append(row)
            count += 1
        if len(rows) > 1:
            return rows, count
    return None


def _lines(text: str) -> Iterator[Cell]:
    start = 0
    for line in text.split("\n"):
        yield start, start + len(line)
        start += len(line) + 1


def cells(text: str, start: int, end: int, sign: str) -> Row:
    """The cells of a line without blanks and quotation marks around them."""
    if sign == "|":
        start, end = _bared(text, start, end, " \r")
        start += text.startswith("|", start, end)
        end -= text.endswith("|", start, end)
    found, at, quoted = [], start, False
    for place in range(start, end):
        if text[place] == '"':
            quoted = not quoted
        elif text[place] == sign and not quoted:
            found.append(_bared(text, at, place))
            at = place + 1
    return [*found, _bared(text, at, end)]


def _bared(text: str, start: int, end: int, signs: str = ' \r\t"*`') -> Cell:
    while start < end and text[start] in signs:
        start += 1
    while end > start and text[end - 1] in signs:
        end -= 1
    return start, end
