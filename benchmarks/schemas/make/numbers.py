"""Numbers and times."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from .row import NOW, Row


def _bounds(argument: str, low: float, high: float) -> tuple[float, float]:
    """`low/high` of the argument, else the defaults."""
    if not argument:
        return low, high
    first, _, second = argument.partition("/")
    return float(first), float(second)


def integer(row: Row, argument: str) -> int:
    low, high = _bounds(argument, 0, 1000)
    return row.rng.randint(int(low), int(high))


def real(row: Row, argument: str) -> float:
    low, high = _bounds(argument, 0, 100)
    return round(row.rng.uniform(low, high), 4)


def money(row: Row, argument: str) -> Decimal:
    low, high = _bounds(argument, 1, 500)
    return Decimal(f"{row.rng.uniform(low, high):.2f}")


def past(row: Row, argument: str) -> datetime:
    """Within the last so many days."""
    seconds = row.rng.randrange(60, int(argument or 900) * 86_400)
    return NOW - timedelta(seconds=seconds)


def future(row: Row, argument: str) -> datetime:
    start = NOW + timedelta(days=row.rng.randrange(1, int(argument or 90)))
    return start.replace(hour=row.rng.randrange(8, 18), minute=row.rng.choice((0, 15, 30, 45)), second=0)


def epoch(row: Row, argument: str) -> int:
    return int(past(row, argument).replace(tzinfo=UTC).timestamp())


def _iso(row: Row, argument: str) -> str:
    return past(row, argument).strftime("%Y-%m-%dT%H:%M:%SZ")


def _day(row: Row, argument: str) -> date:
    return past(row, argument).date()


def _clock(row: Row, argument: str) -> time:
    return time(row.rng.randrange(7, 20), row.rng.choice((0, 15, 30, 45)))


def _true(row: Row, argument: str) -> bool:
    """True in so many of a hundred."""
    return row.rng.random() < int(argument or 50) / 100


MAKERS: Final[Mapping[str, Callable[[Row, str], Any]]] = {
    "int": integer,
    "float": real,
    "money": money,
    "percent": lambda row, argument: round(row.rng.uniform(0, 100), 1),
    "latitude": lambda row, argument: round(row.rng.uniform(36, 60), 6),
    "longitude": lambda row, argument: round(row.rng.uniform(-9, 25), 6),
    "bool": _true,
    "past": past,
    "future": future,
    "day": _day,
    "clock": _clock,
    "iso": _iso,
    "epoch": epoch,
    "epoch_ms": lambda row, argument: epoch(row, argument) * 1000 + row.rng.randrange(1000),
    "year": lambda row, argument: row.rng.randrange(1950, 2026),
    "month_number": lambda row, argument: row.rng.randrange(1, 13),
    "counter": lambda row, argument: row.number,
}
