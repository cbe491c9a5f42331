"""The fields that hold the person's identifier, and the rows that are theirs because of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from . import reading
from .answer import Path, Place, Relation
from .matching import Match, Matcher
from .ownership import Ownership
from .scope import Known, Scope

#: Below these stands what the text above them says, too: it counts once, where it is read.
_DECODED: Final = frozenset(("(query)", "(fragment)", "(base64)", "(jwt)"))


#: The category by which a row with the person's number is still somebody else's.
MAIL: Final = ("user.contact.email",)


@dataclass(slots=True)
class Held:
    """What one dataset holds: rows and forms by path, and the rows in which it stands."""

    known: Known
    rows: dict[Path, set[int]] = field(default_factory=lambda: defaultdict(set))
    forms: dict[Path, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    whole: dict[Path, bool] = field(default_factory=dict)
    own: list[reading.Row] = field(default_factory=list, repr=False)
    met: list[reading.Row] = field(default_factory=list, repr=False)
    anothers: list[reading.Row] = field(default_factory=list, repr=False)
    columns: dict[Path, None] = field(default_factory=dict)  # by which rows are the person's own
    others: dict[Path, set[int]] = field(default_factory=lambda: defaultdict(set))  # rows of somebody else

    def add(self, number: int, path: Path, match: Match) -> None:
        self.rows[path].add(number)
        within = "" if match.whole else ", within a longer text"
        self.forms[path][f"holds {match.form}{within}"] = None
        self.whole[path] = self.whole.get(path, True) and match.whole


@dataclass(frozen=True, slots=True)
class Holder:
    """Looks into candidate rows."""

    scope: Scope
    matcher: Matcher
    ownership: Ownership

    def held(self, known: Known, rows: Sequence[reading.Row]) -> Held:
        """What of the rows that may hold the person does."""
        held = Held(known)
        named = tuple(self.scope.identities(known, MAIL)) if self._by_mail else ()
        for number, row in enumerate(rows):
            self._row(held, number, row, named)
        return held

    @property
    def _by_mail(self) -> bool:
        return any(one.kind == "email" for one in self.matcher.given)

    def _row(self, held: Held, number: int, row: reading.Row, named: Sequence[Path]) -> None:
        met = sure = False
        columns: list[Path] = []
        for column, text in row.cells.items():
            for path, match in self.inside(column, text):
                held.add(number, path, match)
                met = True
                if path == column and match.whole and self.ownership.names(column[-1] if column else ""):
                    columns.append(column)
                    sure = sure or not (match.learned or match.kind == "phone")
        anothers = bool(columns) and not sure and self._anothers(row, named)
        if met:
            (held.anothers if anothers else held.met).append(row)
        if columns and not anothers:
            held.own.append(row)
            held.columns.update(dict.fromkeys(columns))
        elif columns:
            for column in columns:
                held.others[column].add(number)

    def _anothers(self, row: reading.Row, named: Sequence[Path]) -> bool:
        """True for a row with somebody else's address: a number may be a household's, an id handed on."""
        return any(
            row.cells.get(path) and self.ownership.names(path[-1]) and not self.matcher.match(row.cells[path])
            for path in named
        )

    def inside(self, column: Path, text: str) -> Sequence[tuple[Path, Match]]:
        """Each place in a cell that holds it: the values inside, else the cell's own text."""
        inner = [(path, self.matcher.match(leaf)) for path, leaf in self.scope.leaves(column, text)]
        found = [(path, match) for path, match in inner if match is not None]
        if not found:
            match = self.matcher.match(text)
            return [] if match is None else [(column, match)]
        decoded = {path[:end] for path, _ in found for end, part in enumerate(path) if part in _DECODED}
        return [(path, match) for path, match in found if path not in decoded]

    def places(self, held: Held) -> Iterator[Place]:
        known, scope = held.known, self.scope
        for path, numbers in held.rows.items():
            anothers = held.others.get(path, set())
            why = tuple(held.forms[path])
            counted: tuple[tuple[int, Relation, tuple[str, ...]], ...] = (
                (len(numbers - anothers), self._relation(held, path), why),
                (len(anothers), "shared", (*why, "the row is somebody else's, by its address")),
            )
            for rows, relation, told in counted:
                if rows:
                    yield Place(
                        known.shown.store,
                        known.shown.urn,
                        known.shown.path,
                        scope.masker.path(path),
                        rows,
                        scope.categories(known, path),
                        relation,
                        told,
                    )

    def _relation(self, held: Held, path: Path) -> Relation:
        """A row is the person's own if one of its columns is nothing but the identifier."""
        if held.known.raw.kind in ("table", "view") and len(path) != 1:
            return "mentioned"
        if not held.whole[path]:
            return "mentioned"
        return "own" if self.ownership.names(path[-1] if path else "") else "mentioned"
