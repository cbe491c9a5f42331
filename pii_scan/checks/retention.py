"""How long data is kept, against what the policy says."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ..core.declaration import Claim, Retention
from ..core.finding import Finding
from ..core.globs import matches
from ..core.inventory import Inventory
from ..core.model import Dataset, Field
from ..core.ports import Check
from ..data.times import best, timed
from . import common


@dataclass(frozen=True, slots=True)
class Age:
    """The ages of a dataset's rows by one column: how many are too old, of how many, and the oldest."""

    column: Field
    overdue: int
    rows: int
    oldest: str


def last_day(bucket: str) -> date:
    """The day of a bucket `YYYY-MM-DD`; of `YYYY-MM` its last day, so that nothing counts too early."""
    if len(bucket) == 7:
        year, month = int(bucket[:4]), int(bucket[5:])
        return date(year, month, calendar.monthrange(year, month)[1])
    return date.fromisoformat(bucket)


def subjects(inventory: Inventory, claim: Claim) -> Iterator[Dataset]:
    """The datasets that a claim speaks of: those it names, and those that hold its categories."""
    holding = common.holding(inventory, claim)
    for dataset in sorted(inventory.datasets, key=lambda d: d.urn):
        if dataset.urn in holding or any(matches(dataset, glob) for glob in claim.datasets):
            yield dataset


def age(inventory: Inventory, dataset: Dataset, retention: Retention, fields: Sequence[Field]) -> Age | None:
    """The ages of a dataset's rows; None if no column tells them or the claim has no number of days."""
    column = _column(inventory, retention.age_of, fields or dataset.fields)
    if column is None or retention.days is None:
        return None
    times = inventory.profiles[column.urn].times
    limit = date.fromisoformat(inventory.run.as_of[:10]) - timedelta(days=retention.days + retention.grace)
    overdue = sum(rows for bucket, rows in times.items() if last_day(bucket) < limit)
    return Age(column, overdue, sum(times.values()), min(times))


def _column(inventory: Inventory, wanted: str, fields: Sequence[Field]) -> Field | None:
    """The column that the claim names, else the one whose name tells best that it is the row's time."""
    if wanted:
        name = wanted.casefold()
        dated = timed(fields, inventory.profiles)
        fit = [f for f, _ in dated if name in (f.name.casefold(), ".".join(f.path).casefold())]
        return min(fit, key=lambda f: (len(f.path), f.urn), default=None)
    return best(fields, inventory.profiles)


def overdue_retention(inventory: Inventory) -> Iterator[Finding]:
    """Data is older than the policy says that it is kept.

    What it means: a claim of the kind `retain` gives a period, and rows of a dataset that it speaks
    of are older than that and the days of grace, counted from the scan's date by the column that
    `age_of` names or the best time column. Counts are of the rows that were read.

    What to do: run or repair the deletion job, also for copies, logs and exports. If the data has to
    be kept by law, write that down in the policy as an exception with a period of its own.
    """
    fields = fields_of(inventory)
    for claim in common.claims(inventory, "retain"):
        if claim.retention is None or claim.retention.days is None:
            continue
        for dataset in subjects(inventory, claim):
            found = age(inventory, dataset, claim.retention, fields.get(dataset.urn, ()))
            if found and found.overdue:
                yield _finding(claim, claim.retention, dataset, found)


def fields_of(inventory: Inventory) -> dict[str, list[Field]]:
    grouped: dict[str, list[Field]] = defaultdict(list)
    for field in inventory.fields:
        grouped[field.dataset].append(field)
    return grouped


def _finding(claim: Claim, period: Retention, dataset: Dataset, found: Age) -> Finding:
    grace = f" and {period.grace} days of grace" if period.grace else ""
    message = (
        f"{dataset.urn} holds {found.overdue} of {found.rows} rows read that are older than the "
        f"{period.days} days of claim {claim.id}{grace}; the oldest is from {found.oldest}."
    )
    evidence = (f"age by {found.column.urn}", f"{found.overdue} overdue", f"oldest {found.oldest}")
    return Finding("overdue-retention", claim.severity, dataset.urn, message, claim.id, evidence=evidence)


OVERDUE_RETENTION = Check(
    "overdue-retention", "high", ("ages", "declaration"), ("retain",), overdue_retention
)
