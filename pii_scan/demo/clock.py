"""The demo's clock: everything is counted back from one fixed day, so that ages never move."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from typing import Final

AS_OF: Final = date(2026, 1, 31)
NOW: Final = datetime(2026, 1, 31, 6, 0, 0)  # noqa: DTZ001 - the company's databases hold naive UTC times
#: The modification time of every file, in seconds since 1970.
MTIME: Final = 1_769_839_200


def ago(rng: Random, newest: float, oldest: float) -> datetime:
    """A time between `newest` and `oldest` days ago, to the second."""
    return NOW - timedelta(seconds=round(rng.uniform(newest, oldest) * 86_400))


def stamp(moment: datetime) -> str:
    """ISO 8601 in UTC, as APIs write it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def epoch(moment: datetime) -> int:
    """Seconds since 1970."""
    return MTIME - round((NOW - moment).total_seconds())
