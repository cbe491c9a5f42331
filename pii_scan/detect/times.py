"""When things happened: values that are dates, counted by day or month."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Final

import polars as pl

_ISO: Final = r"^\s*((?:19|20|21)[0-9]{2})[-/]([0-9]{2})[-/]([0-9]{2})"
_CLOCK: Final = r"(?:[T ]|:)([0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?)"
_LOG: Final = r"^\s*\[?([0-9]{2})/([A-Z][a-z]{2})/((?:19|20)[0-9]{2}):([0-9:]{8})"
_EPOCH: Final = r"^[0-9]{10}(?:[.][0-9]+)?$|^[0-9]{13}$"
_MONTHS: Final = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
Counts = dict[int, dict[str, int]]


def count(frame: pl.DataFrame, epochs: Iterable[int]) -> Counts:
    """By column, values by bucket: `YYYY-MM-DD` with a time of day, `YYYY-MM` for a plain date.

    `frame` has `c`, `t` and `shape`; columns in `epochs` may hold seconds or milliseconds since 1970.
    """
    dated = frame.filter(pl.col("shape").is_in(["date", "datetime"]))
    buckets = [
        dated.filter(pl.col("t").str.contains(_ISO)).select("c", b=_iso()),
        dated.filter(pl.col("t").str.contains(_LOG)).select("c", b=_log()),
        _epoch(frame.filter(pl.col("c").is_in(list(epochs)) & pl.col("t").str.contains(_EPOCH))),
    ]
    total: Counts = {}
    counted = pl.concat(buckets).group_by("c", "b").len()
    for column, bucket, number in counted.sort("c", "b").iter_rows():
        if _real(bucket):
            total.setdefault(column, {})[bucket] = number
    return total


def _iso() -> pl.Expr:
    text = pl.col("t")
    month = pl.concat_str([text.str.extract(_ISO, 1), text.str.extract(_ISO, 2)], separator="-")
    day = pl.concat_str([month, text.str.extract(_ISO, 3)], separator="-")
    clock = text.str.extract(_CLOCK, 1).fill_null("")
    midnight = ~clock.str.contains("[1-9]")
    return pl.when(midnight).then(month).otherwise(day)


def _log() -> pl.Expr:
    text = pl.col("t")
    numbers = [f"{number:02d}" for number in range(1, 13)]
    month = text.str.extract(_LOG, 2).replace_strict(_MONTHS, numbers, default=None)
    return pl.concat_str([text.str.extract(_LOG, 3), month, text.str.extract(_LOG, 1)], separator="-")


def _epoch(frame: pl.DataFrame) -> pl.DataFrame:
    """Seconds between 2000 and 2100, in any of the two units, as days."""
    days = [_day(text) for text in frame["t"]]
    return pl.DataFrame({"c": frame["c"], "b": pl.Series("b", days, dtype=pl.String)}).drop_nulls("b")


def _day(text: str) -> str | None:
    seconds = int(text) / 1000 if len(text) == 13 else float(text)
    if not 946_684_800 <= seconds < 4_102_444_800:
        return None
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


def _real(bucket: str | None) -> bool:
    if not bucket:
        return False
    try:
        date.fromisoformat(bucket if len(bucket) > 7 else f"{bucket}-01")
    except ValueError:
        return False
    return True
