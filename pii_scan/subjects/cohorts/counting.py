"""Counts the rows of members, one reading a dataset for all cohorts together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ...core.cohort import ALL, PROMOTION, SOLE, Tally
from ...core.model import OWN, Field
from ...core.words import words, words_of
from ..answer import Path
from ..scope import Known
from .cells import Cells, Row
from .fields import Fields, promotional, told
from .hashing import Hasher
from .moments import days, moment
from .roster import Mark, Roster
from .routes import DEPTH, Routes, Up


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is counted beside the rows themselves: columns of the rows' time to prefer, filled categories."""

    now: datetime
    ages: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()


@dataclass(slots=True)
class _Sum:
    """The numbers of one cohort and group in one dataset."""

    held: int = 0
    undated: int = 0
    steps: int = DEPTH
    newest: str = ""
    over: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    after: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    filled: Counter[str] = field(default_factory=Counter)
    via: dict[Path, None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where in a dataset to look; all paths are masked."""

    known: Known
    ups: tuple[Up, ...]
    keys: frozenset[Path]
    identifying: tuple[Path, ...]
    time: Path | None
    preferred: bool
    streams: tuple[Path, ...]
    events: tuple[Path, ...]
    filled: Mapping[str, tuple[Path, ...]]
    people: tuple[Path, ...]  # addresses of those that the rows are
    promotional: bool

    @property
    def wanted(self) -> frozenset[Path]:
        paths = {up.path for up in self.ups} | set(self.keys) | set(self.identifying)
        paths |= {*self.streams, *self.events, *self.people, *(p for ps in self.filled.values() for p in ps)}
        return frozenset(paths | ({self.time} if self.time else set()))


@dataclass(frozen=True, slots=True)
class _Met:
    """What a row is to one roster: members with the keys between, the field by which, its time."""

    marks: tuple[Mark, ...]
    via: tuple[Path, ...]
    rival: bool


class Counting:
    """Goes through datasets in the order of their keys; rosters learn on the way what leads further."""

    def __init__(
        self,
        fields: Fields,
        hasher: Hasher,
        cells: Cells,
        rosters: Sequence[Roster],
        routes: Routes,
        wanted: Wanted,
    ) -> None:
        self._fields, self._hasher, self._cells = fields, hasher, cells
        self._rosters, self._routes, self._wanted = rosters, routes, wanted
        self._reached = routes.reached(rosters)
        self._registers = {entry.dataset for entry in fields.inventory.entries}

    def run(self, datasets: Sequence[Known]) -> Iterator[Tally]:
        """The tallies of every dataset that can hold a member, empty ones too: they tell what was read."""
        for known in self._routes.ordered(datasets, self._reached):
            plan = self._plan(known)
            if plan is not None:
                yield from self._counted(plan)

    def _plan(self, known: Known) -> _Plan | None:
        if known.raw.skip or known.shown.urn in self._registers:
            return None
        urn, fields = known.raw.urn, self._fields
        linked = urn in self._reached
        ups = tuple(up for up in self._routes.up.get(urn, ()) if up.parent[0] in self._reached)
        identifying = tuple(fields.identifying(known)) if any(r.by_value for r in self._rosters) else ()
        if not linked and not identifying:
            return None
        time = fields.time(known, self._wanted.ages)
        keys = self._routes.keys.get(urn, frozenset()) if linked else frozenset[Path]()
        keys |= {roster.roots[urn][1] for roster in self._rosters if urn in roster.roots}
        filled = {top: tuple(f.path for f in fields.of_category(known, top)) for top in self._wanted.filled}
        return _Plan(
            known,
            ups,
            keys,
            identifying,
            time[0] if time else None,
            time[1] if time else False,
            tuple(fields.streams(known)),
            tuple(fields.events(known)),
            {top: paths for top, paths in filled.items() if paths},
            tuple(f.path for f in self._people(known)),
            promotional(known),
        )

    def _people(self, known: Known) -> list[Field]:
        """The addresses of an own table of people: its rows are who belongs to an account."""
        own = known.raw.store.role == OWN and known.raw.kind == "table"
        if not own or not words_of(known.shown.path[-1:]) & told("person"):
            return []
        return [f for f in self._fields.all(known) if f.urn in self._fields.own and len(f.path) == 1]

    def _counted(self, plan: _Plan) -> Iterator[Tally]:
        sums: dict[tuple[str, str], _Sum] = {}
        for row in self._cells.read(plan.known, plan.wanted):
            self._row(plan, row, sums)
        shown, rows = plan.known.shown.urn, self._cells.rows
        for roster in self._rosters:
            groups = sorted(group for name, group in sums if name == roster.name)
            for group in groups or [""]:
                total = sums.get((roster.name, group), _Sum(steps=0))
                yield Tally(
                    roster.name,
                    shown,
                    group,
                    tuple(sorted(Field(shown, path).urn for path in total.via)),
                    total.steps,
                    rows,
                    total.held,
                    total.undated,
                    {label: dict(sorted(found.items())) for label, found in sorted(total.over.items())},
                    {label: dict(sorted(found.items())) for label, found in sorted(total.after.items())},
                    dict(sorted(total.filled.items())),
                    total.newest,
                    self._cells.gap,
                    self._cells.bound,
                )

    def _row(self, plan: _Plan, row: Row, sums: dict[tuple[str, str], _Sum]) -> None:
        ups = [(up, [self._hasher.value(text) for text in row.get(up.path, ())]) for up in plan.ups]
        keys = [(path, [self._hasher.value(text) for text in row.get(path, ())]) for path in plan.keys]
        seen = [
            (path, set(self._hasher.seen(text))) for path in plan.identifying for text in row.get(path, ())
        ]
        written = row.get(plan.time, ()) if plan.time else ()
        own = moment(written[0]) if written else None
        for roster in self._rosters:
            met = _meet(roster, plan, ups, keys, seen)
            if met.rival:
                for path, hashes in keys:
                    roster.rivals[plan.known.raw.urn, path].update(hashes)
            if met.marks:
                self._add(roster, plan, row, met, own, sums)
                self._learn(roster, plan, row, met, own, keys)

    def _add(
        self,
        roster: Roster,
        plan: _Plan,
        row: Row,
        met: _Met,
        own: datetime | None,
        sums: dict[tuple[str, str], _Sum],
    ) -> None:
        labels = [ALL, *([SOLE] if roster.sole and not met.rival else [])]
        labels += [PROMOTION] if _is_promotion(plan, row) else []
        for group in {roster.members[mark.member].group for mark in met.marks}:
            marks = [mark for mark in met.marks if roster.members[mark.member].group == group]
            total = sums.setdefault((roster.name, group), _Sum())
            total.held += 1
            total.steps = min(total.steps, *(mark.steps for mark in marks))
            total.via |= dict.fromkeys(met.via)
            total.filled.update(top for top, paths in plan.filled.items() if any(map(row.get, paths)))
            self._days(roster, plan, marks, own, labels, total)

    def _days(
        self,
        roster: Roster,
        plan: _Plan,
        marks: Sequence[Mark],
        own: datetime | None,
        labels: Sequence[str],
        total: _Sum,
    ) -> None:
        """How long too long the row has been there, and how long after the member's time it came."""
        over, after, dated = [], [], False
        for mark in marks:
            member, when = roster.members[mark.member], _when(plan, mark, own)
            if member.days is not None:
                dated |= when is not None
                over += [days(when + timedelta(days=member.days), self._wanted.now)] if when else []
            elif member.since is not None:
                dated = True
                over.append(days(member.since, self._wanted.now))
                after += [days(member.since, when)] if when and mark.steps else []
        total.undated += not dated
        for found, sums in ((over, total.over), (after, total.after)):
            most = max((day for day in found if day is not None), default=None)
            if most is not None:
                for label in labels:
                    sums[label][most] += 1
        if own is not None and any(day is not None for day in (*over, *after)):
            total.newest = max(total.newest, own.date().isoformat())

    def _learn(
        self,
        roster: Roster,
        plan: _Plan,
        row: Row,
        met: _Met,
        own: datetime | None,
        keys: Sequence[tuple[Path, Sequence[bytes]]],
    ) -> None:
        """What leads on from the row: its keys, and the addresses of the people that belong to an account."""
        urn = plan.known.raw.urn
        for path, hashes in keys:
            if roster.roots.get(urn) == (urn, path):
                continue
            for hashed in hashes:
                for mark in met.marks:
                    when = own if plan.preferred else mark.when
                    roster.by_key[urn, path][hashed].append(Mark(mark.member, mark.steps, when))
        if roster.sole or not roster.roots:
            return
        for mark in met.marks:
            if mark.steps <= 1 and roster.members[mark.member].days is None:
                for path in plan.people:
                    for text in row.get(path, ()):
                        for hashed in self._hasher.known(text):
                            roster.by_value[hashed].add(mark.member)


def _meet(
    roster: Roster,
    plan: _Plan,
    ups: Sequence[tuple[Up, Sequence[bytes]]],
    keys: Sequence[tuple[Path, Sequence[bytes]]],
    seen: Sequence[tuple[Path, set[bytes]]],
) -> _Met:
    marks: dict[int, Mark] = {}
    via: dict[Path, None] = {}
    rival = False

    def meet(mark: Mark, path: Path) -> None:
        known = marks.get(mark.member)
        if mark.steps <= DEPTH and (known is None or mark.steps < known.steps):
            marks[mark.member] = mark
        via[path] = None

    root = roster.roots.get(plan.known.raw.urn)
    for path, hashes in keys if root else ():
        for hashed in hashes if root == (plan.known.raw.urn, path) else ():
            for mark in roster.by_key[root].get(hashed, ()) if root else ():
                meet(mark, path)
    for up, hashes in ups:
        found = roster.by_key.get(up.parent)
        for hashed in hashes:
            hits = found.get(hashed, ()) if found else ()
            if roster.sole:
                rival |= hashed in roster.rivals.get(up.parent, ())
                rival |= not hits and roster.roots.get(up.parent[0]) == up.parent
            for mark in hits if roster.sole or not up.mentions else ():
                meet(Mark(mark.member, mark.steps + 1, mark.when), up.path)
    if roster.by_value:
        for path, forms in seen:
            for hashed in forms:
                for number in roster.by_value.get(hashed, ()):
                    meet(Mark(number, 0 if root else 1), path)
    return _Met(tuple(marks.values()), tuple(via), rival)


def _when(plan: _Plan, mark: Mark, own: datetime | None) -> datetime | None:
    """A preferred time of the row's own, else one that it has from the row it belongs to, else its best."""
    if plan.preferred or mark.when is None:
        return own
    return mark.when


def _is_promotion(plan: _Plan, row: Row) -> bool:
    if any(words(text) & told("response") for path in plan.events for text in row.get(path, ())):
        return False
    kinds = [text for path in plan.streams for text in row.get(path, ())]
    return plan.promotional or any(words(text) & told("promotion") for text in kinds)
