"""What the company studies: how often each feature is used, with nobody's name."""

from __future__ import annotations

from pathlib import Path

from .company import Company
from .files import put, table

_FEATURES = ("calendar sync", "reminders", "round robin", "payments", "routing")


def write(company: Company, folder: Path) -> None:
    rng = company.rng("research")
    rows = [
        (f"2025-{month:02d}", feature, rng.randrange(100, 9_000), f"{rng.uniform(1, 90):.1f}")
        for month in range(1, 13)
        for feature in _FEATURES
    ]
    put(folder / "feature_use.csv", table(("month", "feature", "uses", "mean_seconds"), rows))
