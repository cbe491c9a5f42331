"""The second look at the data: who belongs to the cohorts of the claims, and where rows of theirs are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ...core.cohort import Cohort, Roll, Tally
from ...core.declaration import Claim
from ...core.keyed import Key
from ...core.model import Plan
from ...core.promise import COUNTED
from ..scope import Scope
from .cells import Cells
from .copies import copies
from .counting import Counting, Wanted
from .enrolment import Enrolment
from .fields import Fields
from .hashing import Hasher
from .roster import Index, Roster
from .routes import Routes
from .templates import templates


@dataclass(frozen=True, slots=True)
class Census:
    """What is asked for: the claims whose promises are counted, the declared cohorts, how much to read."""

    claims: Sequence[Claim]
    declared: Sequence[Cohort]
    plan: Plan
    now: datetime
    key: Key = field(repr=False)

    def take(self, scope: Scope) -> tuple[tuple[Roll, ...], tuple[Tally, ...]]:
        """Reads the columns that are needed, and no others where the source can leave them out."""
        meant = [claim for claim in self.claims if claim.promise in COUNTED]
        fields, hasher = Fields.of(scope.inventory), Hasher(self.key.derive("subjects"))
        cells = Cells(scope, self.plan)
        index = Index()
        enrolment = Enrolment(fields, hasher, cells, index)
        rolls: list[Roll] = []
        rosters: list[Roster] = []
        for name, sole in self._cohorts(meant).items():
            roster = Roster(name, sole)
            rolls += enrolment.fill(roster, self.declared, scope.datasets)
            rolls += [Roll(name, store, 0, 0, reason) for store, reason in scope.unreachable.items()]
            rosters.append(roster)
        tallies: list[Tally] = []
        if any(roster.members for roster in rosters):
            wanted = Wanted(self.now, _ages(meant), _filled(meant))
            counting = Counting(fields, hasher, cells, rosters, index, Routes.of(scope), wanted)
            tallies += counting.run(scope.datasets)
        promises = {claim.promise for claim in meant}
        if "opt_out" in promises:
            tallies += templates(fields, cells, scope.datasets)
        if "in_step" in promises:
            for found in copies(fields, hasher, cells, scope.datasets, self.now):
                (rolls if isinstance(found, Roll) else tallies).append(found)  # type: ignore[arg-type]
        return tuple(rolls), tuple(tallies)

    @staticmethod
    def _cohorts(claims: Sequence[Claim]) -> dict[str, bool]:
        """Their names, and whether it matters who else has a part in a row."""
        names: dict[str, bool] = {}
        for claim in claims:
            name = claim.cohort or COUNTED[claim.promise]
            if name:
                names[name] = names.get(name, False) or claim.promise == "co_owned"
            if claim.promise == "recipients_told":
                names.setdefault("erased", False)
        return names


def _ages(claims: Sequence[Claim]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(c.retention.age_of for c in claims if c.retention and c.retention.age_of))


def _filled(claims: Sequence[Claim]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for c in claims if c.promise == "paid_only" for key in c.categories))
