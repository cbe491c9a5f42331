"""The fields that hold the person's identifier, and the rows that are theirs because of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from ..core.model import Shard
from ..core.sought import Sought
from . import reading
from .answer import Ledger, Path, Place, Relation
from .matching import Match, Matcher
from .ownership import Ownership
from .scope import Known, Scope

#: Below these stands what the text above them says, too: it counts once, where it is read.
_DECODED: Final = frozenset(("(query)", "(fragment)", "(base64)", "(jwt)"))


@dataclass(slots=True)
class Held:
    """What one dataset holds: rows and forms by path, and the rows in which it stands."""

    known: Known
    rows: dict[Path, set[tuple[int, int]]] = field(default_factory=lambda: defaultdict(set))
    forms: dict[Path, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    whole: dict[Path, bool] = field(default_factory=dict)
    own: list[reading.Row] = field(default_factory=list, repr=False)
    met: list[reading.Row] = field(default_factory=list, repr=False)
    columns: dict[Path, None] = field(default_factory=dict)  # by which rows are the person's own

    def add(self, row: reading.Row, path: Path, match: Match) -> None:
        self.rows[path].add(row.number)
        within = "" if match.whole else ", within a longer text"
        self.forms[path][f"holds {match.form}{within}"] = None
        self.whole[path] = self.whole.get(path, True) and match.whole


@dataclass(frozen=True, slots=True)
class Holder:
    """Looks into candidate rows."""

    scope: Scope
    matcher: Matcher
    ownership: Ownership

    def look(
        self, known: Known, sought: Sequence[Sought], ledger: Ledger, shards: Sequence[Shard] | None = None
    ) -> Held:
        """`shards` are those that may hold the person, else all."""
        held = Held(known)
        shown = known.shown.urn
        for row in reading.rows(known.connector, known.raw, shown, sought, ledger, shards=shards):
            self._row(held, row)
        ledger.searched.append(shown)
        return held

    def _row(self, held: Held, row: reading.Row) -> None:
        met = own = False
        for column, text in row.cells.items():
            for path, match in self.inside(column, text):
                held.add(row, path, match)
                met = True
                if path == column and match.whole and self.ownership.names(column[-1] if column else ""):
                    own = True
                    held.columns[column] = None
        if met:
            held.met.append(row)
        if own:
            held.own.append(row)

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
            yield Place(
                known.shown.store,
                known.shown.urn,
                known.shown.path,
                scope.masker.path(path),
                len(numbers),
                scope.categories(known, path),
                self._relation(held, path),
                tuple(held.forms[path]),
            )

    def _relation(self, held: Held, path: Path) -> Relation:
        """A row is the person's own if one of its columns is nothing but the identifier."""
        if held.known.raw.kind in ("table", "view") and len(path) != 1:
            return "mentioned"
        if not held.whole[path]:
            return "mentioned"
        return "own" if self.ownership.names(path[-1] if path else "") else "mentioned"
