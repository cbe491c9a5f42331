"""HTML: each row of a table is a record under its header, each block of text and each script another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import Any, Final

from ..readers.naming import distinct
from ..readers.tables import Header, is_header

#: Tags that end a block of text.
_BLOCKS: Final = frozenset((
    "address", "article", "aside", "blockquote", "body", "br", "dd", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header",
    "hr", "html", "legend", "li", "main", "nav", "ol", "option", "p", "pre", "section", "select",
    "table", "tbody", "tfoot", "thead", "title", "tr", "ul",
))  # fmt: skip
#: Attributes that hold what people wrote, or whom it is about.
_TELLING: Final = frozenset(("href", "src", "action", "value", "title", "alt", "content", "placeholder"))
_RAW: Final = ("script", "style")
#: Characters of a block of text, and of an unfinished tag, that are held at once.
_LONGEST: Final = 1 << 20
_CELLS: Final = 2_000
#: Rows of a table without headings that are looked at to tell whether the first names the columns.
_AHEAD: Final = 20


class Page(HTMLParser):
    """Gathers records while it is fed; `done` holds those that are complete."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.done: list[dict[str, Any]] = []
        self._text: list[str] = []
        self._size = 0
        self._raw = ""
        self._tables: list[_Table] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self._flush()
        if tag in _RAW:
            self._flush()
            self._raw = tag
        if tag == "table":
            self._tables.append(_Table())
        elif self._tables:
            self.done += self._tables[-1].open(tag)
        for name, value in attrs:
            if value and (name in _TELLING or name.startswith("data-")) and not value.startswith("#"):
                self.done.append({name: value[:_LONGEST]})

    def handle_endtag(self, tag: str) -> None:
        if tag in _RAW:
            self._flush()
            self._raw = ""
        if tag == "table" and self._tables:
            self.done += self._tables.pop().close()
        elif self._tables:
            self.done += self._tables[-1].end(tag)
        if tag in _BLOCKS:
            self._flush()

    def handle_data(self, data: str) -> None:
        if self._tables and self._tables[-1].takes and not self._raw:
            self._tables[-1].add(data)
            return
        self._text.append(data)
        self._size += len(data)
        if self._size > _LONGEST:
            self._flush()

    def handle_comment(self, data: str) -> None:
        if data.strip():
            self.done.append({"comment": data.strip()[:_LONGEST]})

    def _flush(self) -> None:
        text = "".join(self._text)
        self._text, self._size = [], 0
        words = text.strip() if self._raw else " ".join(text.split())
        if words and self._raw != "style":
            self.done.append({self._raw or "text": words})

    def finish(self) -> None:
        self.close()
        while self._tables:
            self.done += self._tables.pop().close()
        self._flush()

    def stuck(self) -> bool:
        """True if a tag that never ends holds up what follows it."""
        return len(self.rawdata) > _LONGEST

    def give_up(self) -> None:
        """Takes the unfinished tag for text."""
        held, self.rawdata = self.rawdata, ""
        self.handle_data(held)


class _Table:
    """One table: its header, and the row that is being read."""

    def __init__(self) -> None:
        self._header: Header | None = None
        self._held: list[list[str]] = []  # rows of a table whose header is not known yet
        self._row: list[str] = []
        self._heads = 0
        self._cell: list[str] | None = None

    @property
    def takes(self) -> bool:
        """True within a cell."""
        return self._cell is not None

    def add(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def open(self, tag: str) -> Iterable[dict[str, Any]]:
        if tag == "tr":
            return self._finished()
        if tag in ("td", "th"):
            self._end_cell()
            self._cell = []
            self._heads += tag == "th"
        elif self._cell is not None and tag in _BLOCKS:
            self._cell.append(" ")
        return ()

    def end(self, tag: str) -> Iterable[dict[str, Any]]:
        if tag in ("td", "th"):
            self._end_cell()
        elif tag == "tr":
            return self._finished()
        return ()

    def close(self) -> Iterable[dict[str, Any]]:
        return (*self._finished(), *self._settled())

    def _end_cell(self) -> None:
        if self._cell is not None and len(self._row) < _CELLS:
            self._row.append(" ".join("".join(self._cell).split()))
        self._cell = None

    def _finished(self) -> Iterable[dict[str, Any]]:
        """The row as a record; one of headings alone names the columns of those below it."""
        self._end_cell()
        row, heads = self._row, self._heads
        self._row, self._heads = [], 0
        if not any(row):
            return ()
        if heads == len(row) and len(row) > 1:
            before = self._settled()
            self._header = Header.of(row)
            return before
        if heads == 1 and len(row) == 2 and self._header is None:
            return ({row[0] or "value": row[1]},)  # a list of names and values
        if self._header is not None:
            return (self._record(row, self._header),)
        self._held.append(row)
        return self._settled() if len(self._held) == _AHEAD else ()

    def _settled(self) -> Iterable[dict[str, Any]]:
        """The rows that were held back, once it is told whether the first one is their header."""
        held, self._held = self._held, []
        if not held or self._header is not None:
            return ()
        below = held[1:]
        named = bool(below) and len(held[0]) > 1 and is_header(held[0], below)
        self._header = Header.of(held[0]) if named else Header.none(max(map(len, held)))
        header = self._header
        return [self._record(row, header) for row in (below if named else held)]

    def _record(self, row: list[str], header: Header) -> dict[str, Any]:
        further = [f"column_{position}" for position in range(len(header.names) + 1, len(row) + 1)]
        names = distinct((*header.names, *further))
        return {name: cell for name, cell in zip(names, row, strict=False) if cell}


def records(texts: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The records of a page that comes in pieces."""
    page = Page()
    for text in texts:
        page.feed(text)
        if page.stuck():
            page.give_up()
        yield from page.done
        page.done.clear()
    page.finish()
    yield from page.done
