"""When things happened: values that are dates, counted by day or month."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from .cells import Column
from .shapes import DATED

_ISO: Final = r"^\s*((?:19|20|21)[0-9]{2})[-/]([0-9]{2})[-/]([0-9]{2})"
_CLOCK: Final = r"(?:[T ]|:)([0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?)"
_LOG: Final = r"^\s*\[?([0-9]{2})/([A-Z][a-z]{2})/((?:19|20)[0-9]{2}):([0-9:]{8})"
_EPOCH: Final = r"^[0-9]{10}(?:[.][0-9]+)?$|^[0-9]{13}$"
_MONTHS: Final = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_DAY: Final = len("YYYY-MM-DD")
#: Share of dates among the values from which a column of mixed values is looked through.
_SOME: Final = 0.02


def count(column: Column, counted: Mapping[str, int], *, epochs: bool) -> dict[str, int]:
    """Values by bucket: `YYYY-MM-DD` with a time of day, `YYYY-MM` for a plain date.

    `counted` are the values by shape; with `epochs` numbers may be seconds or milliseconds since 1970.
    """
    if not len(column):
        return {}
    total = sum(counted.values())
    dates = sum(counted.get(shape, 0) for shape in ("date", "datetime"))
    buckets = []
    if dates and dates >= _SOME * total:
        frame = _counted(column)
        frame = _shortened(frame if dates == total else frame.filter(_dated(column.series)))
        buckets += [
            frame.filter(pl.col("t").str.contains(_ISO)).select(b=_iso(), n="n"),
            frame.filter(pl.col("t").str.contains(_LOG)).select(b=_log(), n="n"),
        ]
    if epochs and counted.get("digits", 0) + counted.get("decimal", 0):
        buckets.append(_epoch(_counted(column).filter(pl.col("t").str.contains(_EPOCH))))
    if not buckets:
        return {}
    numbers = pl.concat(buckets).group_by("b").agg(pl.col("n").sum()).sort("b")
    return {bucket: number for bucket, number in numbers.iter_rows() if _real(bucket)}


def _counted(column: Column) -> pl.DataFrame:
    """The texts (`t`) with how many values each stands for (`n`)."""
    return pl.DataFrame({"t": column.series, "n": column.counts.astype(np.uint32)})


def _shortened(frame: pl.DataFrame) -> pl.DataFrame:
    """Distinct days (`t`) with how often each occurs (`n`); of a time of day only that there is one."""
    text = pl.col("t")
    timed = text.str.slice(_DAY + 1, len("00:00:00")).str.contains("[1-9]")
    day = text.str.slice(0, _DAY) + pl.when(timed).then(pl.lit(" 12:00")).otherwise(pl.lit(""))
    iso = text.str.slice(4, 1).is_in(["-", "/"])
    return frame.select("n", t=pl.when(iso).then(day).otherwise(text)).group_by("t").agg(pl.col("n").sum())


def _dated(texts: pl.Series) -> pl.Series:
    """True where the whole value is a date or a time of a day."""
    found = pl.repeat(False, len(texts), eager=True)
    for regex in DATED:
        found |= texts.str.contains(regex)
    return found


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
    number = pl.col("t").cast(pl.Float64)
    seconds = pl.when(pl.col("t").str.len_bytes() == 13).then(number / 1000).otherwise(number)
    days = pl.from_epoch(seconds.cast(pl.Int64), "s").dt.strftime("%Y-%m-%d")
    inside = seconds.is_between(946_684_800, 4_102_444_800, closed="left")
    return frame.filter(inside).select("n", b=days).select("b", "n")


def _real(bucket: str | None) -> bool:
    if not bucket:
        return False
    try:
        date.fromisoformat(bucket if len(bucket) > 7 else f"{bucket}-01")
    except ValueError:
        return False
    return True
