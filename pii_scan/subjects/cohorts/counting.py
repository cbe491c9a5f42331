"""Counts the rows of members, one reading a dataset for all cohorts together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ...core.cohort import ALL, PROMOTION, SOLE, Tally
from ...core.model import Field
from ...core.words import words
from ..answer import Path
from ..scope import Known
from .cells import Cells, Row, texts
from .fields import Fields, is_people, named_as, promotional, told
from .hashing import Hasher
from .moments import days, later, moment
from .roster import Index, Mark, Roster
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
    delivers: bool  # False for lists of what was not delivered

    @property
    def wanted(self) -> frozenset[Path]:
        paths = {up.path for up in self.ups} | set(self.keys) | set(self.identifying)
        paths |= {*self.streams, *self.events, *self.people, *(p for ps in self.filled.values() for p in ps)}
        return frozenset(paths | ({self.time} if self.time else set()))


@dataclass(frozen=True, slots=True)
class _Hashed:
    """A row's hashes: of the keys of others, and of its own keys."""

    ups: Sequence[tuple[Up, Sequence[bytes]]] = field(repr=False)
    keys: Sequence[tuple[Path, Sequence[bytes]]] = field(repr=False)


@dataclass(slots=True)
class _Met:
    """What a row is to one roster: its members there by the fewest keys between, and by which fields."""

    marks: dict[int, Mark] = field(default_factory=dict)
    via: dict[Path, None] = field(default_factory=dict)

    def meet(self, mark: Mark, path: Path) -> None:
        known = self.marks.get(mark.member)
        if mark.steps <= DEPTH and (known is None or mark.steps < known.steps):
            self.marks[mark.member] = mark
        self.via[path] = None


class Counting:
    """Goes through datasets in the order of their keys; rosters learn on the way what leads further."""

    def __init__(
        self,
        fields: Fields,
        hasher: Hasher,
        cells: Cells,
        rosters: Sequence[Roster],
        index: Index,
        routes: Routes,
        wanted: Wanted,
    ) -> None:
        self._fields, self._hasher, self._cells = fields, hasher, cells
        self._rosters, self._index, self._routes, self._wanted = rosters, index, routes, wanted
        self._sole = {roster.name for roster in rosters if roster.sole}
        self._roots = {column for roster in rosters for column in roster.roots.values()}
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
        identifying = tuple(fields.identifying(known)) if self._index.by_value else ()
        if not linked and not identifying:
            return None
        time = fields.time(known, self._wanted.ages)
        keys = self._routes.keys.get(urn, frozenset()) if linked else frozenset[Path]()
        keys |= {roster.roots[urn][1] for roster in self._rosters if urn in roster.roots}
        filled = {
            top: tuple(f.path for f in fields.of_category(known, top, whole=True))
            for top in self._wanted.filled
        }
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
            not named_as(known, "no_delivery"),
        )

    def _people(self, known: Known) -> list[Field]:
        """The addresses of an own table of people: its rows are who belongs to an account."""
        if not is_people(known):
            return []
        return [f for f in self._fields.all(known) if self._fields.is_own(f) and len(f.path) == 1]

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
        hashed = _Hashed(
            [(up, [self._hasher.value(text) for text in row.get(up.path, ())]) for up in plan.ups],
            [(path, [self._hasher.value(text) for text in row.get(path, ())]) for path in plan.keys],
        )
        met = self._met(plan, row, hashed)
        if not met and not self._sole:
            return
        written = row.get(plan.time, ()) if plan.time else ()
        own = moment(written[0]) if written else None
        promotion = [PROMOTION] if met and _is_promotion(plan, row) else []
        for roster in self._rosters:
            found = met.get(roster.name)
            rival = roster.sole and self._rival(roster, plan, hashed)
            if found is not None:
                labels = [ALL, *([SOLE] if roster.sole and not rival else []), *promotion]
                self._add(roster, plan, row, found, own, labels, sums)
                self._learn(roster, plan, row, found, own, hashed)

    def _met(self, plan: _Plan, row: Row, hashed: _Hashed) -> dict[str, _Met]:
        """What the row is to each roster that knows it: by its own key, by keys of others, by values."""
        met: dict[str, _Met] = {}
        urn, index = plan.known.raw.urn, self._index
        for path, forms in hashed.keys:
            if (urn, path) in self._roots:
                for form in forms:
                    for name, mark in index.by_key[urn, path].get(form, ()):
                        if mark.steps == 0:
                            met.setdefault(name, _Met()).meet(mark, path)
        for up, forms in hashed.ups:
            known = index.by_key.get(up.parent, {})
            for form in forms:
                for name, mark in known.get(form, ()):
                    if not up.mentions or name in self._sole:
                        met.setdefault(name, _Met()).meet(
                            Mark(mark.member, mark.steps + 1, mark.when), up.path
                        )
        for path in plan.identifying:
            for text in row.get(path, ()):
                for form in self._hasher.seen(text):
                    for (name, number), steps in index.by_value.get(form, {}).items():
                        met.setdefault(name, _Met()).meet(Mark(number, steps), path)
        return met

    def _rival(self, roster: Roster, plan: _Plan, hashed: _Hashed) -> bool:
        """True if somebody who is no member has a part in the row; its keys say so to rows below."""
        rival = False
        for up, forms in hashed.ups:
            above = self._index.rivals.get((roster.name, up.parent), ())
            root = roster.roots.get(up.parent[0]) == up.parent
            known = self._index.by_key.get(up.parent, {}) if root else {}
            for form in forms:
                member = any(name == roster.name for name, _ in known.get(form, ()))
                rival |= form in above or (root and not member)
        if rival:
            for path, forms in hashed.keys:
                self._index.rivals[roster.name, (plan.known.raw.urn, path)].update(forms)
        return rival

    def _add(
        self,
        roster: Roster,
        plan: _Plan,
        row: Row,
        met: _Met,
        own: datetime | None,
        labels: Sequence[str],
        sums: dict[tuple[str, str], _Sum],
    ) -> None:
        for group in {roster.members[number].group for number in met.marks}:
            marks = [mark for mark in met.marks.values() if roster.members[mark.member].group == group]
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
                over += [days(later(when, member.days), self._wanted.now)] if when else []
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
        hashed: _Hashed,
    ) -> None:
        """What leads on from the row: its keys, and the addresses of the people that belong to an account."""
        urn, index = plan.known.raw.urn, self._index
        for path, forms in hashed.keys:
            if roster.roots.get(urn) == (urn, path):
                continue
            for form in forms:
                for mark in met.marks.values():
                    when = own if plan.preferred else mark.when
                    index.point((urn, path), form, roster.name, Mark(mark.member, mark.steps, when))
        if roster.sole or not roster.roots:
            return
        for mark in met.marks.values():
            if mark.steps <= 1 and roster.members[mark.member].days is None:
                for text in texts(row, plan.people):
                    for form in self._hasher.known(text):
                        index.know(form, roster.name, mark.member, mark.steps + 1)


def _when(plan: _Plan, mark: Mark, own: datetime | None) -> datetime | None:
    """A preferred time of the row's own, else one that it has from the row it belongs to, else its best."""
    if plan.preferred or mark.when is None:
        return own
    return mark.when


def _is_promotion(plan: _Plan, row: Row) -> bool:
    if not plan.delivers or any(words(text) & told("response") for text in texts(row, plan.events)):
        return False
    return plan.promotional or any(words(text) & told("promotion") for text in texts(row, plan.streams))
