"""SQL by which data moves, and what is kept of it: from which column to which, and how."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from .urn import join

#: What is left of a value: all of it; a part or another form; a hash, cipher or mask; a number about it.
Transform = Literal["identity", "transformed", "masked", "aggregated"]
TRANSFORMS: tuple[Transform, ...] = ("identity", "transformed", "masked", "aggregated")
#: The kind of store under which places lie that SQL writes to and no source lists.
EXPORT = "export"


@dataclass(frozen=True, slots=True)
class Query:
    """A statement that a source holds. Its text may hold values, so it is never stored or shown.

    `target` is the path of the table, view or export that a bare SELECT fills; other statements name
    theirs themselves. Names without a schema are looked up in `home`, first in the source named `store`
    (empty: the query's own). `to` is the recipient, by id or host, that gets the result. `place` says
    where it is written, `line` in which line.
    """

    kind: str
    place: tuple[str, ...]
    sql: str = field(repr=False)
    dialect: str = ""
    target: tuple[str, ...] = ()
    home: tuple[str, ...] = ()
    store: str = ""
    to: str = ""
    line: int = 0
    #: True if `target` is outside of the source: a dashboard, a subscriber, another server.
    outside: bool = False

    @property
    def where(self) -> str:
        """The place in words; its names are to be masked first."""
        return "/".join(self.place) + (f" line {self.line}" if self.line else "")


@dataclass(frozen=True, slots=True)
class Edge:
    """A column's values reach another column by a statement; both are URNs of fields.

    A target of the kind of store `export` lies outside of what is scanned: a file, a bucket, a
    dashboard; `to` is its recipient by id or host, where the source says so.
    """

    source: str
    target: str
    transform: Transform
    kind: str
    place: str
    to: str = ""


def export_urn(place: tuple[str, ...]) -> str:
    """The URN of a place outside: `("s3", "bucket", "file.csv")`."""
    return join(f"{EXPORT}://{place[0]}", place[1:]) if len(place) > 1 else f"{EXPORT}://{place[0]}/"
