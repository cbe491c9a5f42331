"""A plan of erasing one person: what to do where, in which order, and what is kept. Nothing is executed.

Statements are texts with marks: `:identifiers` stands for every form of the identifier in lower case, its
hashes included, `:within` for a form between two `%`. Rows that hang on others come before these.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Final, Literal

from ..core.inventory import Inventory
from ..core.recipients import Recipients
from .answer import Answer, Path, Place
from .find import Found
from .holds import Hold, applying
from .links import Link, links
from .scope import Known, Scope

Action = Literal["delete", "overwrite", "keep", "by hand"]
_SQL: Final = ("sqlite", "postgresql", "mysql", "duckdb")
_DEEPEST: Final = 5
#: What a value becomes, by whether its column must have one.
_EMPTY: Final = {False: "NULL", True: "''"}


@dataclass(frozen=True, slots=True)
class Step:
    """What happens to one place; `statement` is empty where there is none to give."""

    place: Place
    action: Action
    statement: str
    because: str


@dataclass(frozen=True, slots=True)
class Request:
    """What a recipient has to be asked, ready to be sent."""

    recipient: str
    text: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps in their order, the requests, and the answer that they were made from."""

    steps: tuple[Step, ...]
    requests: tuple[Request, ...]
    answer: Answer
    kept: Mapping[str, str] = field(default_factory=dict)  # URN of a dataset to the hold


def plan(scope: Scope, found: Found, given: Sequence[Hold]) -> Plan:
    """The plan; what is held stays and says so."""
    planner = _Planner(scope, found, tuple(given))
    order = {urn: number for number, urn in enumerate(planner.order())}
    places = sorted(found.answer.places, key=lambda p: (order.get(p.dataset, len(order)), p.order))
    steps = tuple(step for place in places for step in planner.steps(place))
    kept = {step.place.dataset: step.because for step in steps if step.because.startswith("hold ")}
    return Plan(steps, requests(scope.inventory, found.answer), found.answer, kept)


class _Planner:
    def __init__(self, scope: Scope, found: Found, given: tuple[Hold, ...]) -> None:
        self._scope, self._found, self._holds = scope, found, given
        self._raw = {known.raw.urn: known for known in scope.datasets}
        self._shown = {known.shown.urn: known for known in scope.datasets}
        self._held = {each.known.raw.urn: each for each in found.held}
        self._blocked = self._blocking()

    def _blocking(self) -> dict[str, list[Link]]:
        """For each dataset (raw URN) the foreign keys by which rows that stay may hold its rows."""
        stay = {self._shown[p.dataset].raw.urn for p in self._found.answer.places if self._stays(p)}
        keys = [link for link in links([known.raw for known in self._scope.datasets]) if not link.inferred]
        blocked: dict[str, list[Link]] = {}
        while True:
            new = [k for k in keys if k.child in stay and k not in blocked.get(k.parent, ())]
            for key in new:
                blocked.setdefault(key.parent, []).append(key)
                stay.add(key.parent)
            if not new:
                return blocked

    def _stays(self, place: Place) -> bool:
        """True for rows that the plan leaves where they are."""
        return place.relation != "own" or applying(self._holds, self._scope.inventory, place) is not None

    def order(self) -> list[str]:
        """Shown URNs, children before their parents; a circle of keys is left in the order of names."""
        sorter: TopologicalSorter[str] = TopologicalSorter()
        involved = {self._shown[place.dataset].raw.urn for place in self._found.answer.places}
        for urn in sorted(involved):
            sorter.add(urn)
            for field_ in self._raw[urn].raw.fields:
                parent = (field_.references or "").partition("#")[0]
                if parent in involved and parent != urn:
                    sorter.add(parent, urn)
        try:
            ordered = list(sorter.static_order())
        except CycleError:
            ordered = sorted(involved)
        return [self._raw[urn].shown.urn for urn in ordered]

    def steps(self, place: Place) -> Iterator[Step]:
        """One step; a second one for rows that can't go because others that stay point at them."""
        first = self._step(place)
        yield first
        known = self._shown[place.dataset]
        blocked = self._blocked.get(known.raw.urn)
        if first.action == "delete" and blocked:
            emptied = self._emptied(known)
            names = ", ".join(sorted({self._raw[link.child].shown.name for link in blocked}))
            because = f"rows of {names} that stay point at it"
            where = self._condition(known, place.path)
            if emptied and where:
                statement = f"UPDATE {self._table(known)} SET {emptied} WHERE {where};"
                yield Step(place, "overwrite", statement, because)

    def _emptied(self, known: Known) -> str:
        """The assignments that take every personal value out of a row but its keys."""
        held = self._held.get(known.raw.urn)
        named = held.columns if held else {}
        kept = {link.parent_path for link in self._blocked.get(known.raw.urn, ())}
        return ", ".join(
            f"{self._quoted(known, self._scope.masker.path(f.path))} = {_EMPTY[f.nullable is False]}"
            for f in known.raw.fields
            if f.path not in kept
            and not f.references
            and (f.path in named or self._scope.categories(known, f.path))
        )

    def _step(self, place: Place) -> Step:
        hold = applying(self._holds, self._scope.inventory, place)
        if hold is not None:
            return Step(place, "keep", "", hold.said)
        if place.relation == "shared":
            return Step(place, "keep", "", "others have a part in it; what names the person has its own step")
        known = self._shown[place.dataset]
        if place.store.kind not in _SQL or known.raw.kind not in ("table", "view"):
            return Step(place, "by hand", "", self._by_hand(known, place))
        if place.relation == "own":
            return Step(place, "delete", self._delete(known, place), "; ".join(place.why))
        return self._overwrite(known, place)

    @staticmethod
    def _by_hand(known: Known, place: Place) -> str:
        if known.raw.kind == "log":
            return f"{place.rows} lines of a log: cut them out, or let it run out and write its end down"
        return f"{place.rows} records of a file: write it anew without them, and delete copies of it"

    def _delete(self, known: Known, place: Place) -> str:
        """Rows at which others still point when their turn comes are left for the next step."""
        own = self._condition(known, place.path)
        guards = [
            f"{self._quoted(known, self._scope.masker.path(link.parent_path))} NOT IN (SELECT {column} FROM "
            f"{self._table(self._raw[link.child])} WHERE {column} IS NOT NULL)"
            for link in self._blocked.get(known.raw.urn, ())
            for column in [self._quoted(self._raw[link.child], self._scope.masker.path(link.child_path))]
        ]
        where = " AND ".join([f"({own})", *guards]) if guards else own
        return f"DELETE FROM {self._table(known)} WHERE {where};" if own else ""

    def _overwrite(self, known: Known, place: Place) -> Step:
        if not place.path:
            return Step(place, "by hand", "", f"the rows stay; take the person out of them ({place.why[0]})")
        column = self._quoted(known, place.path[:1])
        where = f"LOWER({column}) IN (:identifiers)"
        if len(place.path) == 1 and not any("within" in why for why in place.why):
            statement = f"UPDATE {self._table(known)} SET {column} = NULL WHERE {where};"
            return Step(place, "overwrite", statement, "; ".join(place.why))
        inside = f"SELECT * FROM {self._table(known)} WHERE LOWER({column}) LIKE :within;"
        because = f"rewrite the texts without {'/'.join(place.path[1:]) or 'the identifier'}"
        return Step(place, "by hand", inside, because)

    def _condition(self, known: Known, path: Path, depth: int = 0) -> str:
        """Which rows: by the identifier in a column, or by the rows that they hang on."""
        if path:
            return f"LOWER({self._quoted(known, path)}) IN (:identifiers)"
        parts = list(self._hanging(known, depth)) if depth < _DEEPEST else []
        return " OR ".join(dict.fromkeys(parts))

    def _hanging(self, known: Known, depth: int) -> Iterator[str]:
        links: Sequence[Link] = self._found.via.get(known.raw.urn, ())
        for link in dict.fromkeys(links):
            parent = self._raw[link.parent]
            held = self._held.get(link.parent)
            masked = [self._scope.masker.path(path) for path in held.columns] if held else []
            inner = [self._condition(parent, path) for path in masked]
            inner += [self._condition(parent, (), depth + 1)] if link.parent in self._found.via else []
            where = " OR ".join(filter(None, inner))
            child = self._quoted(known, self._scope.masker.path(link.child_path))
            key = self._quoted(parent, self._scope.masker.path(link.parent_path))
            if where:
                yield f"{child} IN (SELECT {key} FROM {self._table(parent)} WHERE {where})"

    def _table(self, known: Known) -> str:
        return ".".join(self._quote(known, part) for part in known.shown.path)

    def _quoted(self, known: Known, path: Path) -> str:
        return self._quote(known, "/".join(path))

    @staticmethod
    def _quote(known: Known, name: str) -> str:
        sign = "`" if known.shown.store.kind == "mysql" else '"'
        return sign + name.replace(sign, sign * 2) + sign


def requests(inventory: Inventory, answer: Answer) -> tuple[Request, ...]:
    """A text for each recipient, with the categories that they hold."""
    known = Recipients.of(inventory)
    found = []
    for receipt in answer.recipients:
        processor = known.by_id(receipt.recipient)
        name = processor.name if processor else receipt.recipient
        what = ", ".join(inventory.taxonomy.label(c) for c in receipt.categories) or "all data"
        found.append(
            Request(
                receipt.recipient,
                f"To {name}: a person whose data we passed on to you has asked for its erasure (GDPR, "
                f"articles 17 and 19). Please erase what you hold of them, copies and backups "
                f"included: {what}. We send the identifier by the channel agreed on. Please confirm the "
                "date of the erasure, and name whom you passed the data on to.",
            )
        )
    return tuple(found)
