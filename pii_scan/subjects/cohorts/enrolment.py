"""Reads who belongs to a cohort, from its dataset or from a register."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ...core.cohort import REGISTERED, Cohort, Condition, Roll
from ...core.globs import holds
from ...core.model import Field
from ...core.register import FORMS, Entry
from ..answer import Path
from ..scope import Known
from .cells import Cells, Row
from .fields import Fields
from .hashing import Hasher
from .moments import last_moment
from .recognition import recognised
from .roster import Index, Mark, Member, Roster

#: Ways to write a truth value, so that each engine's own fits.
_TRUTHS: Final = ({"true", "t", "1", "yes"}, {"false", "f", "0", "no"})


@dataclass(frozen=True, slots=True)
class _Bound:
    """A rule with the fields of the dataset that it fits."""

    known: Known
    rule: Cohort
    keys: tuple[Field, ...]
    where: tuple[tuple[Path, Condition], ...]
    since: Path | None
    days: Path | None
    missing: tuple[str, ...] = ()

    @property
    def wanted(self) -> frozenset[Path]:
        paths = [*(f.path for f in self.keys), *(path for path, _ in self.where)]
        return frozenset((*paths, *(path for path in (self.since, self.days) if path)))


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Fills rosters, and says of each what it was filled from."""

    fields: Fields
    hasher: Hasher
    cells: Cells
    index: Index

    def fill(self, roster: Roster, declared: Sequence[Cohort], datasets: Sequence[Known]) -> Iterator[Roll]:
        """From what was declared under its name, else from a register, else from what looks like it."""
        rules = [rule for rule in declared if rule.name == roster.name]
        if not rules and roster.name in REGISTERED:
            yield from self._registered(roster)
            return
        for known in datasets:
            fit = [r for r in rules if holds(known.shown, r.dataset)] if rules else None
            for rule in recognised(self.fields, known, roster.name) if fit is None else fit:
                yield self._read(roster, self._bound(known, rule))

    def _bound(self, known: Known, rule: Cohort) -> _Bound:
        named = {name: self.fields.named(known, name) for name in self._names(rule)}
        missing = tuple(name for name, found in named.items() if found is None)

        def path(name: str) -> Path | None:
            found = named.get(name)
            return found.path if found else None

        keys = tuple(found for name in rule.keys if (found := named[name]))
        where = tuple((at, c) for c in rule.where if (at := path(c.column)) is not None)
        return _Bound(known, rule, keys, where, path(rule.since), path(rule.days), missing)

    @staticmethod
    def _names(rule: Cohort) -> Iterable[str]:
        names = (*rule.keys, *(c.column for c in rule.where), rule.since, rule.days)
        return dict.fromkeys(name for name in names if name)

    def _read(self, roster: Roster, bound: _Bound) -> Roll:
        known, before = bound.known, len(roster.members)
        if bound.missing or not bound.keys:
            gap = f"it has no column {', '.join(bound.missing)}" if bound.missing else "it has no key"
            return Roll(roster.name, known.shown.urn, 0, 0, gap)
        column = (known.raw.urn, bound.keys[0].path)
        roster.roots[known.raw.urn] = column
        for row in self.cells.read(known, bound.wanted):
            member = _member(bound, row)
            if member is None:
                continue
            number = roster.add(member)
            for text in row.get(column[1], ()):
                self.index.point(column, self.hasher.value(text), roster.name, Mark(number, 0))
            for field in bound.keys:
                for text in row.get(field.path, ()) if field.type != "integer" else ():
                    for hashed in self.hasher.known(text):
                        self.index.know(hashed, roster.name, number, 1)
        found = len(roster.members) - before
        return Roll(roster.name, known.shown.urn, self.cells.rows, found, self.cells.gap, self.cells.bound)

    def _registered(self, roster: Roster) -> Iterator[Roll]:
        register, time, group = REGISTERED[roster.name]
        by_dataset: dict[str, list[Entry]] = {}
        for entry in self.fields.inventory.entries:
            if entry.register == register:
                by_dataset.setdefault(entry.dataset, []).append(entry)
        for dataset, listed in sorted(by_dataset.items()):
            meant = [entry for entry in listed if entry.get("subject") and entry.get(time)]
            for entry in meant:
                number = roster.add(Member(last_moment(entry.get(time)), None, _group(entry, group)))
                for hashed in self._forms(entry):
                    self.index.know(hashed, roster.name, number, 1)
            yield Roll(roster.name, dataset, len(listed), len(meant))

    def _forms(self, entry: Entry) -> Iterator[bytes]:
        yield from self.hasher.listed(entry.get("subject"))
        for digest in entry.get(f"subject{FORMS}").split():
            yield bytes.fromhex(digest)


def _group(entry: Entry, column: str) -> str:
    """Words in lower case and in order, so that the same ones are one group; a request's kind before them."""
    named = ", ".join(sorted({w.strip().casefold() for w in entry.get(column).split(",") if w.strip()}))
    return f"{entry.get('kind').casefold()}: {named}" if entry.register == "requests" else named


def _member(bound: _Bound, row: Row) -> Member | None:
    """None for a row that does not belong to the cohort."""
    if not all(_meets(row, path, condition) for path, condition in bound.where):
        return None
    since = days = None
    if bound.since:
        written = row.get(bound.since, [])
        since = last_moment(written[0]) if written else None
        if not written:
            return None
    if bound.days:
        number = _number(row, bound.days)
        if not number:
            return None  # without a period of its own, or with one that is switched off
        days = number
    return Member(since, days)


def _number(row: Mapping[Path, list[str]], path: Path) -> int | None:
    try:
        return int(float(row[path][0]))
    except (KeyError, ValueError, OverflowError):
        return None


def _meets(row: Row, path: Path, condition: Condition) -> bool:
    texts = row.get(path)
    values = {text.strip().casefold() for text in texts} if texts else {None}
    wanted = set(condition.values)
    for same in _TRUTHS:
        if wanted & same:
            wanted |= same
    return bool(values & wanted) != condition.negated
