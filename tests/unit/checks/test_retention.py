"""How long data is kept, both ways. The scan's date is 2026-01-31."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from pii_scan.checks.retention import OVERDUE_RETENTION, last_day
from pii_scan.core.declaration import Claim, Retention
from pii_scan.core.finding import Finding
from pii_scan.core.profile import Profile
from tests.unit.checks.company import EMAIL, LOGS, Company, declare, table


def run(columns: Mapping[str, Mapping[str, int]], *claims: Claim, name: str = "bookings") -> list[Finding]:
    company = Company()
    profiles = {path: Profile(rows=sum(times.values()), times=times) for path, times in columns.items()}
    company.add(table(name), {**dict.fromkeys(columns, ""), "email": EMAIL}, profiles)
    return list(OVERDUE_RETENTION(company.inventory(declare(*claims))))


def keep(days: int | None = 90, grace: int = 0, data: str = "dataset:booking*", **more: str) -> Claim:
    return Claim("C33", "retain", (data,), retention=Retention(days, grace, **more), severity="high")


@pytest.mark.parametrize(
    ("bucket", "day"),
    [
        ("2025-12-24", date(2025, 12, 24)),
        ("2025-02", date(2025, 2, 28)),
        ("2024-02", date(2024, 2, 29)),
    ],
)
def test_last_day_of_a_bucket(bucket: str, day: date) -> None:
    assert last_day(bucket) == day


def test_old_rows_are_counted() -> None:
    (found,) = run({"created_at": {"2024-05-01": 3, "2025-10-01": 4, "2026-01-30": 5}}, keep())
    assert (found.claim, found.severity) == ("C33", "high")
    assert found.subject == "postgresql://app/public/bookings"
    assert "7 of 12 rows" in found.message
    assert "2024-05-01" in found.message
    assert "postgresql://app/public/bookings#created_at" in found.evidence[0]


@pytest.mark.parametrize(
    ("bucket", "grace", "overdue"),
    [
        ("2025-11-02", 0, False),
        ("2025-11-01", 0, True),
        ("2025-11-01", 1, False),
        ("2025-10-25", 7, True),
        ("2025-10-26", 7, False),
        ("2025-10", 0, True),
        ("2025-11", 0, False),
    ],
)
def test_the_limit_is_exact(bucket: str, grace: int, overdue: bool) -> None:
    assert bool(run({"created_at": {bucket: 1}}, keep(grace=grace))) is overdue


@pytest.mark.parametrize(
    ("columns", "chosen"),
    [
        (["created_at", "updated_at"], "created_at"),
        (["starts_at", "created_at"], "created_at"),
        (["end_time", "start_time"], "start_time"),
        (["timestamp", "birth_date"], "timestamp"),
        (["when", "expires_at"], "when"),
        (["payload/created_at", "received_at"], "received_at"),
        (["occurred_at", "date"], "occurred_at"),
    ],
)
def test_the_best_time_column(columns: list[str], chosen: str) -> None:
    (found,) = run({name: {"2020-01-01": 1} for name in columns}, keep())
    assert found.evidence[0].endswith(f"#{chosen}")


@pytest.mark.parametrize("column", ["updated_at", "expires_at", "birth_date", "trial_ends_at", "last_seen"])
def test_times_of_something_else_tell_no_age(column: str) -> None:
    assert run({column: {"2020-01-01": 1}}, keep()) == []


def test_the_named_column_decides() -> None:
    columns = {"created_at": {"2020-01-01": 1}, "updated_at": {"2026-01-01": 1}}
    assert run(columns, keep(age_of="updated_at")) == []
    assert run(columns, keep(age_of="Created_At")) != []
    assert run(columns, keep(age_of="missing")) == []


def test_datasets_by_name_or_by_what_they_hold() -> None:
    times = {"created_at": {"2020-01-01": 1}}
    assert run(times, keep(data="user.contact"))
    assert run(times, keep(data="user.device")) == []
    assert run(times, keep(data="dataset:invoices")) == []
    assert run(times, keep(data="dataset:app/booking*"))


def test_periods_that_profiles_cannot_tell() -> None:
    times = {"created_at": {"2020-01-01": 1}}
    assert run(times, keep(None, per_account_setting="delete_days")) == []
    assert run(times, Claim("C30", "retain", ("dataset:booking*",))) == []


def test_logs_count_too() -> None:
    company = Company()
    company.add(table("access.log", LOGS, "log"), {"time": ""}, {"time": Profile(times={"2020-01-01": 2})})
    (found,) = OVERDUE_RETENTION(company.inventory(declare(keep(30, data="dataset:*.log"))))
    assert "2 of 2" in found.message
