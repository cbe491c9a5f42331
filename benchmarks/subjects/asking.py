"""Everybody is asked about; what was found is held against the truth, and each package is looked through."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pii_scan.run import subject
from pii_scan.run.context import Context, context
from pii_scan.run.subject_package import spotting
from pii_scan.subjects.find import Found, find
from pii_scan.subjects.identifier import identifiers
from pii_scan.subjects.matching import Matcher
from pii_scan.subjects.package import PackageError, package

from .company import Made
from .people import Person
from .rescan import Rescan
from .tables import spaced
from .truth import CODE, MAIL, MARK, PHONE

#: How people are asked about, in turn.
_BY: Final = ((MAIL, PHONE), (MAIL,), (MAIL, PHONE), (CODE,))


@dataclass(slots=True)
class Score:
    """Records by kind of place: wanted, missed, foreign, and those told as another person's or not."""

    people: int = 0
    wanted: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    foreign: Counter[str] = field(default_factory=Counter)
    swallowed: Counter[str] = field(default_factory=Counter)  # others' rows told as the person's own
    miscounted: Counter[str] = field(default_factory=Counter)  # places by rows against the records
    gaps: Counter[str] = field(default_factory=Counter)
    packages: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    leaks: Counter[str] = field(default_factory=Counter)
    unlogged: int = 0
    redactions: int = 0

    @property
    def recall(self) -> float:
        return 1 - self.missed.total() / max(1, self.wanted.total())

    @property
    def precision(self) -> float:
        found = self.wanted.total() - self.missed.total() + self.foreign.total()
        return 1 - self.foreign.total() / max(1, found)

    def figures(self) -> dict[str, Any]:
        return {
            "people asked about": self.people,
            "records of theirs": self.wanted.total(),
            "recall": round(self.recall, 5),
            "precision": round(self.precision, 5),
            "others' rows told as own": dict(self.swallowed),
            "places with a wrong count": dict(self.miscounted),
            "missed by kind": dict(self.missed),
            "foreign by kind": dict(self.foreign),
            "not searched": dict(self.gaps),
            "packages": self.packages,
            "packages refused": dict(self.refused),
            "others' identifiers in packages": dict(self.leaks),
            "redactions": self.redactions,
            "redactions without a line": self.unlogged,
            "records by kind": dict(sorted(self.wanted.items())),
        }


def asked(made: Made, packages: int) -> Score:
    """Every second person is looked up by the index of files and logs; the first ones get a package."""
    score = Score()
    rescan = Rescan([*made.asked, *made.others])
    with context(made.config) as opened:
        index = subject.index_of(opened)
        subject.build_index(opened, ())
        with subject.scope(opened, ()) as scope:
            for person in made.asked:
                by = _BY[person.number % len(_BY)]
                given = identifiers("\n".join(texts(person, by)))
                found = find(scope, given, index if person.number % 2 else None)
                _scored(score, made, person, by, found)
                if score.packages < packages:
                    _packed(score, rescan, opened, scope, found, given, person)
    return score


def texts(person: Person, by: Sequence[str]) -> Iterator[str]:
    """The identifiers as somebody types them."""
    for kind in by:
        yield {MAIL: person.mail.title(), PHONE: spaced(person.phone), CODE: person.code}[kind]


def records(found: Found) -> dict[str, bool]:
    """The marks of the records that were found, and whether they were told as the person's own."""
    own = {id(row) for each in found.held for row in each.own}
    marks: dict[str, bool] = {}
    for _, relation, rows in found.rows:
        for row in rows:
            theirs = relation == "own" or (relation == "held" and id(row) in own)
            for mark in {m for text in row.cells.values() for m in MARK.findall(text)}:
                marks[mark] = marks.get(mark, False) or theirs
    return marks


def _scored(score: Score, made: Made, person: Person, by: Sequence[str], found: Found) -> None:
    truth, kinds, got = made.truth.of(person, by), made.truth.kinds, records(found)
    score.people += 1
    score.wanted.update(kinds[mark] for mark in truth)
    score.missed.update(kinds[mark] for mark in truth if mark not in got)
    score.foreign.update(kinds[mark] for mark in got if mark not in truth)
    score.swallowed.update(kinds[m] for m, own in got.items() if own and m in truth and truth[m].own is False)
    score.gaps.update(gap.reason for gap in found.answer.not_searched)
    told = Counter(p.dataset for p in found.answer.places for _ in range(p.rows))
    hung = Counter(k.shown.urn for k, _, rows in found.rows for _ in rows)
    score.miscounted.update(urn for urn in hung if told[urn] < hung[urn])


def _packed(
    score: Score, rescan: Rescan, opened: Context, scope: Any, found: Found, given: Any, person: Person
) -> None:
    score.packages += 1
    spot = _spot(opened)
    try:
        made = package(scope, found, Matcher.of(found.known), spot, {})
    except PackageError as error:
        score.refused[str(error)[:120]] += 1
        return
    score.redactions += made.redactions
    with tempfile.TemporaryDirectory() as folder:
        for name, data in made.files.items():
            (Path(folder) / name).parent.mkdir(parents=True, exist_ok=True)
            (Path(folder) / name).write_bytes(data)
        leaks, marks = rescan.look(Path(folder), person)
    score.leaks.update(leaks)
    score.unlogged += max(0, marks - made.redactions)


_SPOTS: dict[int, Any] = {}


def _spot(opened: Context) -> Any:
    if id(opened) not in _SPOTS:
        _SPOTS[id(opened)] = spotting(opened)
    return _SPOTS[id(opened)]
