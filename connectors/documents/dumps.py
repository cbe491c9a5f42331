"""Dumps of databases as rows: `COPY … FROM stdin` and `INSERT INTO … VALUES`, whatever wrote them.

A record is `{table: {column: value}}`. Columns come from the statement, else from the table's CREATE; without
either they are numbered. What else a dump says (schema, rights, settings) holds no rows and is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, Protocol

from pii_scan.core.errors import SourceError

from ..encoding import Encoding, decode

_CHUNK: Final = 1 << 20
#: Bytes that one value or clause may have: MariaDB's packets have a gigabyte at most, by default 16 MB.
_LONGEST: Final = 128 << 20
_NAME: Final = rb'(?:"(?:[^"]|"")+"|`(?:[^`]|``)+`|\[[^\]]+\]|[\w$]+)'
_TABLE: Final = rb"(?P<table>" + _NAME + rb"(?:\s*\.\s*" + _NAME + rb"){0,2})"
_BLANK: Final = re.compile(rb"(?:\s+|--[^\n]*(?:\n|\Z)|#[^\n]*(?:\n|\Z)|/\*.*?\*/\s*;?)+", re.DOTALL)
_COPY: Final = re.compile(
    rb"COPY\s+" + _TABLE + rb"\s*(?:\((?P<columns>[^;]*?)\))?\s+FROM\s+stdin[^;]*;[ \t]*\r?\n", re.IGNORECASE
)
_INSERT: Final = re.compile(
    rb"(?:INSERT|REPLACE)\s+(?:(?:LOW_PRIORITY|DELAYED|IGNORE|OR\s+\w+)\s+)*INTO\s+" + _TABLE
    + rb"\s*(?:\((?P<columns>[^()]*)\))?\s*(?:OVERRIDING\s+\w+\s+VALUE\s+)?VALUES\s*", re.IGNORECASE
)  # fmt: skip
_CREATE: Final = re.compile(
    rb"CREATE\s+(?:\w+\s+)*?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?" + _TABLE + rb"\s*\(", re.IGNORECASE
)
_NO_COLUMN: Final = re.compile(
    rb"(?:CONSTRAINT|PRIMARY|UNIQUE|KEY|INDEX|FOREIGN|CHECK|EXCLUDE|LIKE|FULLTEXT|SPATIAL|PERIOD)\b",
    re.IGNORECASE,
)
#: A text in quotes; with backslashes as MariaDB writes them, and as the standard has them.
_ESCAPED: Final = rb"'(?:[^'\\]++|\\.|'')*+'"
_PLAIN: Final = rb"'(?:[^']++|'')*+'"
_BACKSLASHED: Final = re.compile(rb"\\(.)", re.DOTALL)
_MEANT: Final = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"0": b"\0", b"b": b"\b", b"Z": b"\x1a"}


class Source(Protocol):
    def read(self, size: int) -> bytes: ...


@dataclass(slots=True)
class _Text:
    """The part of a dump that is looked at; more is read when a match may go on."""

    source: Source
    data: bytes = b""
    at: int = 0
    ended: bool = False

    def match(self, pattern: re.Pattern[bytes], *, long: bool = False) -> re.Match[bytes] | None:
        """The pattern's match right here, and the place moved behind it.

        It shows within a chunk, unless it is `long`: a text in quotes goes on until they are closed.
        """
        while True:
            found = pattern.match(self.data, self.at)
            clear = not long and len(self.data) - self.at > _CHUNK
            if self.ended or (found and found.end() < len(self.data)) or (not found and clear):
                if found:
                    self.at = found.end()
                return found
            self.more()

    def more(self) -> None:
        rest = self.data[self.at :]
        if len(rest) > _LONGEST:
            raise SourceError("a value or statement in the dump is too long")
        chunk = self.source.read(max(_CHUNK, len(rest)))
        self.ended = not chunk
        self.data, self.at = rest + chunk, 0

    @property
    def done(self) -> bool:
        while self.at >= len(self.data) and not self.ended:
            self.more()
        return self.at >= len(self.data)


@dataclass(slots=True)
class Dump:
    """Reads one dump; `broken` counts statements whose rows could not be made out."""

    source: Source
    encoding: Encoding
    #: Backslashes escape in texts, as MariaDB and MySQL write them.
    escapes: bool
    broken: int = 0
    _columns: dict[str, list[str]] = field(default_factory=dict)

    def records(self) -> Iterator[dict[str, Any]]:
        """Raises SourceError for a value that is too long, after the rows before it."""
        text = _Text(self.source)
        while not text.done:
            text.match(_BLANK)
            if found := text.match(_COPY):
                yield from self._copied(text, found)
            elif found := text.match(_INSERT):
                yield from self._inserted(text, found)
            elif found := text.match(_CREATE):
                self._created(text, found)
            elif not self._rest(text):
                self.broken += 1

    def _rest(self, text: _Text) -> re.Match[bytes] | None:
        """The rest of a statement; None, and the end of the dump, if a quote in it is never closed."""
        found = text.match(_statement(self.escapes), long=True)
        if found is None:
            text.at = len(text.data)
        return found

    def _of(self, found: re.Match[bytes]) -> tuple[str, list[str]]:
        """The table's name, and its columns as the statement or the table's CREATE has them."""
        table, given = self._table(found), found["columns"]
        if given:
            return table, [self._name(part) for part in re.findall(_NAME, given)]
        return table, self._columns.get(table, [])

    def _table(self, found: re.Match[bytes]) -> str:
        parts = [self._name(part) for part in re.findall(_NAME, found["table"])][-2:]
        return ".".join(part for n, part in enumerate(parts) if n == len(parts) - 1 or part != "public")

    def _name(self, raw: bytes) -> str:
        if raw[:1] in b'"`[':
            end = raw[-1:]
            raw = raw[1:-1].replace(end * 2, end)
        return decode(raw, self.encoding)

    def _created(self, text: _Text, found: re.Match[bytes]) -> None:
        body = self._rest(text)
        self.broken += body is None
        self._columns[self._table(found)] = [
            self._name(name.group())
            for part in map(_uncommented, _parts(body.group() if body else b""))
            if (name := re.match(_NAME, part)) and not _NO_COLUMN.match(part)
        ]

    def _copied(self, text: _Text, found: re.Match[bytes]) -> Iterator[dict[str, Any]]:
        table, columns = self._of(found)
        while line := text.match(_LINE, long=True):
            row = line.group().rstrip(b"\r\n")
            if row == b"\\.":
                return
            cells = [None if cell == b"\\N" else self._unescaped(cell) for cell in row.split(b"\t")]
            yield _record(table, columns, cells)
        self.broken += 1  # the end of the rows is missing

    def _unescaped(self, cell: bytes) -> str:
        if b"\\" in cell:
            cell = _BACKSLASHED.sub(lambda m: _MEANT.get(m[1], m[1]), cell)
        return decode(cell, self.encoding)

    def _inserted(self, text: _Text, found: re.Match[bytes]) -> Iterator[dict[str, Any]]:
        table, columns = self._of(found)
        value = _value(self.escapes)
        while text.match(_OPEN):
            cells: list[str | None] = []
            while cell := text.match(value, long=True):
                cells.append(self._literal(cell.group("value").strip()))
                if cell.group("end") == b")":
                    break
            else:
                self.broken += 1
                self._rest(text)
                return
            yield _record(table, columns, cells)
            if not text.match(_COMMA):
                break
        self.broken += self._rest(text) is None

    def _literal(self, raw: bytes) -> str | None:
        """A value as text; what is no literal stays as it is written."""
        if raw.upper() in (b"NULL", b"DEFAULT"):
            return None
        quoted = _QUOTED.fullmatch(raw)
        if quoted is None:
            return decode(raw, self.encoding)
        inner = quoted["text"].replace(b"''", b"'")
        if quoted["mark"].upper() == b"X":
            return _hex(inner) or decode(inner, self.encoding)
        if self.escapes or quoted["mark"].upper() == b"E":
            inner = _BACKSLASHED.sub(lambda m: _MEANT.get(m[1], m[1]), inner)
        return decode(inner, self.encoding)


_LINE: Final = re.compile(rb"[^\n]*\n|[^\n]+\Z")
_OPEN: Final = re.compile(rb"\s*\(\s*")
_COMMA: Final = re.compile(rb"\s*,\s*(?=\()")
_QUOTED: Final = re.compile(rb"(?P<mark>_\w+\s*|[EeNnXxBb]|)'(?P<text>.*)'(?:::[\w\" .()]+)?", re.DOTALL)


def escapes(head: bytes) -> bool:
    """True for a dump in which backslashes escape: MariaDB's and MySQL's."""
    return b"MySQL dump" in head or b"MariaDB dump" in head or re.search(rb"INTO\s+`", head) is not None


def _record(table: str, columns: list[str], cells: list[str | None]) -> dict[str, Any]:
    names = columns if len(columns) == len(cells) else [f"column_{n}" for n in range(1, len(cells) + 1)]
    return {table: dict(zip(names, cells, strict=True))}


def _hex(digits: bytes) -> str:
    """Bytes written in hexadecimal, if they are a text."""
    try:
        return bytes.fromhex(digits.decode("ascii")).decode("utf-8")
    except ValueError:
        return ""


def _compiled(made: Callable[[bytes], bytes], escapes: bool) -> re.Pattern[bytes]:
    return re.compile(
        made(_ESCAPED if escapes else rb"(?:[Ee]" + _ESCAPED + rb"|" + _PLAIN + rb")"), re.DOTALL
    )


@cache
def _statement(escapes: bool) -> re.Pattern[bytes]:
    """The rest of a statement, to the semicolon outside of quotes."""
    return _compiled(
        lambda text: (
            rb"(?:[^'\"`;$Ee-]++|" + text + rb"|\"(?:[^\"]|\"\")*+\"|`(?:[^`]|``)*+`"
            rb"|--[^\n]*+|\$(\w*)\$.*?\$\1\$|[-$Ee])*+(?:;|\Z)"
        ),
        escapes,
    )


@cache
def _value(escapes: bool) -> re.Pattern[bytes]:
    """A value and the comma or bracket behind it; brackets within it are of calls."""
    return _compiled(
        lambda text: (
            rb"(?P<value>(?:[^'\"(),Ee]++|" + text + rb"|\"(?:[^\"]|\"\")*+\""
            rb"|\((?:[^'()]++|" + text + rb"|\([^()']*+\))*+\)|[Ee])*+)(?P<end>[,)])"
        ),
        escapes,
    )


def _uncommented(part: bytes) -> bytes:
    return _BLANK.sub(b"", part, count=1) if _BLANK.match(part) else part


def _parts(body: bytes) -> Iterator[bytes]:
    """The entries of a CREATE's list, cut at the commas outside of brackets and quotes."""
    depth, start = 0, 0
    for match in re.finditer(rb"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`(?:[^`]|``)*`|--[^\n]*|[(),]", body):
        sign = match.group()
        if sign == b"(":
            depth += 1
        elif sign == b")":
            depth -= 1
            if depth < 0:
                yield body[start : match.start()].strip()
                return
        elif sign == b"," and not depth:
            yield body[start : match.start()].strip()
            start = match.end()
    yield body[start:].strip()
