"""What stands beside the values of an XLSX sheet: comments, links, formulas without a stored value."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import IO, Any, Final, cast
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from pii_scan.core.errors import SourceError

from ..archives import ZipArchive

#: The columns of `Sheet.rows`.
COLUMNS: Final = ("cell comment", "comment author", "cell link", "cell formula")
_AUTHORED: Final = ("comments", "threadedComment")
#: What a sheet must hold somewhere for its cells to be gone through.
_TELLING: Final = re.compile(rb"<(?:\w+:)?(?:f[\s/>]|hyperlink\b)")
_OVERLAP: Final = 64
_CHUNK: Final = 1 << 20
_ROW: Final = re.compile(r"\D*(\d+)")
_FAULTS: Final = (ParseError, DefusedXmlException, KeyError)
Rows = Iterator[tuple[int, list[str]]]


class Sheet:
    """One sheet of an open package; `unvalued` are its formulas without a stored value, once read."""

    def __init__(self, package: ZipArchive, name: str) -> None:
        self._package, self._name = package, name
        self._places = {member.name.lstrip("/"): member.index for member in package.members()[0]}
        self.unvalued = 0

    def rows(self) -> Rows:
        """Row number and cells after `COLUMNS`. Raises SourceError where a part can't be read."""
        try:
            path = self._path()
            relations = self._relations(path)
            for kind, target in relations.values():
                if kind in _AUTHORED:
                    yield from self._comments(posixpath.normpath(target))
            if self._holds(path):
                yield from self._cells(path, relations)
        except _FAULTS:
            raise SourceError("the sheet's comments, links and formulas can't be read") from None

    def _path(self) -> str:
        """Where the sheet lies in the package. Raises KeyError if it is not listed."""
        tops = dict(self._relations("").values())
        book = tops.get("officeDocument", "xl/workbook.xml")
        own = {
            element.attrib.get("name", ""): _reference(element)
            for element in self._elements(book)
            if _plain(element.tag) == "sheet"
        }
        return self._relations(book)[own[self._name]][1]

    def _relations(self, path: str) -> Mapping[str, tuple[str, str]]:
        """Kind and target of each relation of a part, by its id; outside targets as they are written."""
        folder, name = posixpath.split(path)
        place = posixpath.join(folder, "_rels", f"{name}.rels")
        if place not in self._places:
            return {}
        found = {}
        for element in self._elements(place):
            if _plain(element.tag) != "Relationship":
                continue
            kind, target = _last(element.attrib.get("Type", "")), element.attrib.get("Target", "")
            if element.attrib.get("TargetMode") != "External" and kind != "hyperlink":
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            found[element.attrib.get("Id", "")] = (kind, target)
        return found

    def _comments(self, path: str) -> Rows:
        authors: list[str] = []
        for element in self._elements(path):
            name = _plain(element.tag)
            if name == "author":
                authors.append(element.text or "")
            elif name in ("comment", "threadedComment"):
                number = element.attrib.get("authorId", "")
                author = authors[int(number)] if number.isdecimal() and int(number) < len(authors) else ""
                yield _row(element), ["".join(element.itertext()), author]

    def _holds(self, path: str) -> bool:
        """True if the sheet may have a formula or a link: most have none, and are not gone through."""
        rest = b""
        with closing(self._package.open(self._places[path])) as source:
            while data := source.read(_CHUNK):
                if _TELLING.search(rest + data):
                    return True
                rest = data[-_OVERLAP:]
        return False

    def _cells(self, path: str, relations: Mapping[str, tuple[str, str]]) -> Rows:
        for element in self._elements(path):
            name = _plain(element.tag)
            if name == "hyperlink":
                target = relations.get(_reference(element), ("", ""))[1]
                texts = (target, element.attrib.get("location"), element.attrib.get("tooltip"))
                yield _row(element), ["", "", " ".join(filter(None, texts))]
            elif name == "c":
                parts = {_plain(child.tag): child for child in element}
                if "f" not in parts:
                    continue
                formula, value = parts["f"].text or "", parts.get("v", parts.get("is"))
                # An empty text may be what a formula gives.
                text = element.attrib.get("t") == "str"
                valued = value is not None and (text or any(value.itertext()))
                self.unvalued += not valued
                if self._tells(formula, valued):
                    yield _row(element), ["", "", "", formula or "="]

    def _tells(self, formula: str, valued: bool) -> bool:
        """True for a formula whose text is looked at: a link's, or one that gives a text and has no value.

        One of references alone says nothing that is not read elsewhere; the first stands for all.
        """
        return "HYPERLINK" in formula.upper() if valued else '"' in formula or self.unvalued == 1

    def _elements(self, path: str) -> Iterator[Element]:
        """The elements of a part that have ended; the children of each are there until its parent's end.

        Rows of a sheet are dropped when they have ended.
        """
        with closing(self._package.open(self._places[path])) as source:
            holder: Element | None = None
            file = cast(IO[bytes], source)
            for event, element in ElementTree.iterparse(file, events=("start", "end"), forbid_dtd=True):
                if event == "end":
                    yield element
                    if holder is not None and _plain(element.tag) == "row":
                        holder.clear()
                elif _plain(element.tag) == "sheetData":
                    holder = element


def _reference(element: Element) -> str:
    """The id of the relation that an element names."""
    return next((value for name, value in element.attrib.items() if name.endswith("}id")), "")


def _row(element: Any) -> int:
    """The number of the row that an element belongs to, 0 if it does not say."""
    found = _ROW.match(element.attrib.get("ref") or element.attrib.get("r") or "")
    return int(found[1]) if found else 0


def _plain(name: str) -> str:
    """Without the address of its namespace."""
    return name.rpartition("}")[2]


def _last(kind: str) -> str:
    return kind.rpartition("/")[2]
