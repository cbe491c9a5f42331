"""Times as they stand in cells: ISO 8601, seconds or milliseconds since 1970, days."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

_DAY: Final = re.compile(r"\d{4}[-/]\d{2}[-/]\d{2}")
_EPOCH: Final = re.compile(r"\d{10}(?:\.\d+)?|\d{13}")


def moment(text: str) -> datetime | None:
    """The time in UTC, a plain day as its beginning; None for anything else."""
    written = text.strip()
    if _EPOCH.fullmatch(written):
        number = float(written)
        return datetime.fromtimestamp(number / 1000 if len(written) == 13 else number, UTC)
    try:
        found = datetime.fromisoformat(written.replace("/", "-"))
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):  # 9999-12-31 in another zone is no time any more
        return None


def later(start: datetime, count: int) -> datetime:
    """So many days later; the last time that there is, where it would be after that."""
    try:
        return start + timedelta(days=count)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)


def last_moment(text: str) -> datetime | None:
    """As `moment`, but a plain day is its end: what was done on it may have been done at any time."""
    found = moment(text)
    return later(found, 1) if found and _DAY.fullmatch(text.strip()) else found


def days(start: datetime, end: datetime) -> int | None:
    """Whole days from one to the other; None if the other is not later."""
    return (end - start).days if end > start else None
