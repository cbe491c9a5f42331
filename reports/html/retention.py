"""How old the rows are, where a time column tells, beside the period that is declared for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from pii_scan.core import urn as urns
from pii_scan.core.declaration import Claim, Retention
from pii_scan.core.globs import matches
from pii_scan.core.inventory import Inventory
from pii_scan.core.model import Dataset, Field

from .cutting import Cut, cut_at

ROWS: Final = 200
_DAYS: Final[tuple[tuple[str, int], ...]] = (
    ("under 1 year", 365),
    ("1 to 2 years", 730),
    ("2 to 5 years", 1826),
)
_OLDEST: Final = "over 5 years"


@dataclass(frozen=True, slots=True)
class Row:
    """One time column of a dataset that holds personal data; `ages` are rows by age."""

    field: Field
    oldest: str
    newest: str
    days: int | None
    ages: tuple[tuple[str, int], ...]
    claims: tuple[Claim, ...]


def rows(inventory: Inventory) -> Cut[Row]:
    """The oldest first."""
    personal = {urns.dataset_of(d.field) for d in inventory.detections}
    homes = {dataset.urn: dataset for dataset in inventory.datasets}
    found = [
        _row(inventory, field, homes.get(field.dataset))
        for field in inventory.fields
        if field.dataset in personal and field.urn in inventory.profiles
        if inventory.profiles[field.urn].times
    ]
    return cut_at(sorted(found, key=lambda row: (row.oldest, row.field.urn)), ROWS)


def _row(inventory: Inventory, field: Field, dataset: Dataset | None) -> Row:
    profile = inventory.profiles[field.urn]
    oldest, newest = profile.oldest or "", profile.newest or ""
    return Row(
        field=field,
        oldest=oldest,
        newest=newest,
        days=age(oldest, inventory.run.as_of),
        ages=_ages(profile.times, inventory.run.as_of),
        claims=_claims(inventory, dataset, field) if dataset else (),
    )


def age(day: str, as_of: str) -> int | None:
    """Days from a day or month (its first day) to `as_of`; None for what is no date."""
    try:
        return (date.fromisoformat(as_of[:10]) - date.fromisoformat(f"{day}-01"[:10])).days
    except ValueError:
        return None


def _ages(times: Mapping[str, int], as_of: str) -> tuple[tuple[str, int], ...]:
    counted = dict.fromkeys([*(name for name, _ in _DAYS), _OLDEST], 0)
    for day, count in times.items():
        days = age(day, as_of)
        if days is not None:
            counted[next((name for name, limit in _DAYS if days < limit), _OLDEST)] += count
    return tuple(counted.items())


def _claims(inventory: Inventory, dataset: Dataset, field: Field) -> tuple[Claim, ...]:
    """The retention claims that speak of the dataset by name and of this time column."""
    claims = inventory.declaration.claims if inventory.declaration else ()
    return tuple(
        claim
        for claim in claims
        if claim.retention and _names(claim.retention, field)
        if any(matches(dataset, pattern) for pattern in claim.datasets)
    )


def _names(retention: Retention, field: Field) -> bool:
    return retention.age_of in ("", field.name)
