"""From rows that are the person's along keys to what hangs on them; never into other people's data.

Downwards: rows that point at a row of theirs are theirs, too, unless the column says that they only did
something (`cancelled_by`), or the row names somebody else, who then shares it and ends the walk. Upwards
one step alone: a row that theirs points at (a booking, a company) is shared; one that is another person's
is left alone.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from ..core.sought import Sought
from . import reading
from .answer import Ledger, Path, Place, Relation
from .holding import Held
from .links import TABLES, Link
from .matching import Matcher
from .ownership import Ownership
from .scope import Known, Scope

#: Links from the person's own row, and rows of one link, after which the walk ends and says so.
DEPTH: Final = 4
MOST: Final = 20_000


@dataclass(slots=True)
class _Hung:
    """Rows of one dataset in one relation, and why."""

    rows: int = 0
    why: dict[str, None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Step:
    known: Known
    rows: Sequence[reading.Row] = field(repr=False)
    depth: int = 0


class Walk:
    """One walk; `kept` gives the rows themselves, `via` the links by which own rows were come by."""

    def __init__(
        self, scope: Scope, matcher: Matcher, ownership: Ownership, links: Sequence[Link], ledger: Ledger
    ) -> None:
        self._scope, self._matcher, self._ownership, self._ledger = scope, matcher, ownership, ledger
        self._known = {known.raw.urn: known for known in scope.datasets if not known.raw.skip}
        self._down: dict[str, list[Link]] = defaultdict(list)
        self._up: dict[str, list[Link]] = defaultdict(list)
        for link in links:
            if link.child in self._known and link.parent in self._known:
                self._down[link.parent].append(link)
                self._up[link.child].append(link)
        self._seen: dict[str, set[object]] = defaultdict(set)
        self._mine: dict[str, set[object]] = defaultdict(set)
        self._hung: dict[tuple[str, Relation], _Hung] = defaultdict(_Hung)
        self.kept: dict[tuple[str, Relation], list[reading.Row]] = defaultdict(list)
        self.via: dict[str, list[Link]] = defaultdict(list)

    def run(self, held: Sequence[Held]) -> tuple[Place, ...]:
        """The places that hang on the rows that were found."""
        queue: deque[_Step] = deque()
        for each in held:
            self._seen[each.known.raw.urn] |= {row.identity for row in (*each.met, *each.anothers)}
            self._mine[each.known.raw.urn] |= {row.identity for row in each.own}
        for each in held:
            if each.own and each.known.raw.kind in TABLES:
                queue.append(_Step(each.known, each.own))
        while queue:
            step = queue.popleft()
            queue.extend(self._below(step))
            if step.depth == 0:
                self._above(step)
        return tuple(self._places())

    def _below(self, step: _Step) -> Iterator[_Step]:
        for link in self._down[step.known.raw.urn]:
            child = self._known[link.child]
            relation = self._ownership.of(link.column)
            known = self._mine if relation == "own" else self._seen
            rows = self._new(
                child, link.child_path, _values(step.rows, link.parent_path), known, inside=link.inside
            )
            if relation != "own":
                self._hang(child, relation, rows, self._why(link))
                continue
            others = [row for row in rows if step.depth and self._anothers(child, row)]
            left = {id(row) for row in others}
            own = [row for row in rows if id(row) not in left]
            if own:
                self.via[child.raw.urn].append(link)
            self._hang(child, "shared", others, f"{self._why(link)}; it names somebody else")
            self._hang(child, "own", own, self._why(link))
            if own and step.depth + 1 < DEPTH:
                yield _Step(child, own, step.depth + 1)
            elif own and self._down[child.raw.urn]:
                self._ledger.gap(child.shown.urn, f"the walk along keys ends {DEPTH} steps from the person")

    def _above(self, step: _Step) -> None:
        for link in self._up[step.known.raw.urn]:
            parent = self._known[link.parent]
            rows = self._new(parent, link.parent_path, _values(step.rows, link.child_path), self._seen)
            shared = [row for row in rows if not self._anothers(parent, row)]
            self._hang(parent, "shared", shared, self._why(link, up=True))

    def _new(
        self,
        known: Known,
        path: Path,
        values: Sequence[str],
        before: dict[str, set[object]],
        *,
        inside: bool = False,
    ) -> list[reading.Row]:
        """The rows that have one of the values in the column, or `inside` it, and were not met before.

        A row that only speaks of the person, and turns out to hang on them, is met again as their own.
        """
        if len(values) > MOST:
            self._ledger.gap(
                known.shown.urn, f"more than {MOST} keys lead to it; the first ones were followed"
            )
        sought = [Sought(value, whole=True) for value in values[:MOST]]
        fields = [path]
        if inside:
            pairs = [f"{path[-1]}:{value}".casefold() for value in values[:MOST]]
            sought += [Sought(pair, loose=' "') for pair in pairs]
            fields = [path[:1]] if known.raw.kind in TABLES else []
        shown, seen = known.shown.urn, before[known.raw.urn]
        found = (
            reading.rows(known.connector, known.raw, shown, sought, self._ledger, fields) if sought else []
        )
        wanted = set(values)
        at = self._leaf if inside else _cell
        new = [row for row in found if at(row, path) in wanted and row.identity not in seen]
        for met in (seen, self._seen[known.raw.urn]):
            met |= {row.identity for row in new}
        return new

    def _leaf(self, row: reading.Row, path: Path) -> str | None:
        """The value of a field inside a cell; of a log's own slot."""
        leaves = (pair for column, text in row.cells.items() for pair in self._scope.leaves(column, text))
        return row.cells.get(path) or next((leaf for at, leaf in leaves if at == path), None)

    def _anothers(self, known: Known, row: reading.Row) -> bool:
        """True for a row that says whose it is, and it is not the person's."""
        for column in self._scope.identities(known):
            text = row.cells.get(column, "")
            if text and self._ownership.names(column[-1]) and self._matcher.match(text) is None:
                return True
        return False

    def _hang(self, known: Known, relation: Relation, rows: Sequence[reading.Row], why: str) -> None:
        if rows:
            hung = self._hung[known.raw.urn, relation]
            hung.rows += len(rows)
            hung.why[why] = None
            self.kept[known.raw.urn, relation] += rows

    def _why(self, link: Link, *, up: bool = False) -> str:
        child, parent = self._known[link.child], self._known[link.parent]
        names = [
            f"{self._scope.masker.name(k.raw.name)}.{'/'.join(self._scope.masker.path(path))}"
            for k, path in ((child, link.child_path), (parent, link.parent_path))
        ]
        guess = "the values of both" if link.by_values else "the columns' names"
        kind = guess if link.inferred else "a foreign key"
        said = "theirs point at it" if up else "it points at theirs"
        return f"{said}: {names[0]} = {names[1]}, by {kind}"

    def _places(self) -> Iterator[Place]:
        for (urn, relation), hung in self._hung.items():
            known = self._known[urn]
            yield Place(
                known.shown.store,
                known.shown.urn,
                known.shown.path,
                (),
                hung.rows,
                self._scope.of_dataset(known),
                relation,
                tuple(hung.why),
            )


def _cell(row: reading.Row, path: Path) -> str | None:
    return row.cells.get(path)


def _values(rows: Sequence[reading.Row], path: Path) -> list[str]:
    return list(dict.fromkeys(row.cells[path] for row in rows if row.cells.get(path)))
