"""The times of log lines in one form, `YYYY-MM-DD HH:MM:SS` in UTC, so that ages can be told."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import Final

_NAMES: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS: Final = {name: number for number, name in enumerate(_NAMES, 1)}
_APACHE: Final = re.compile(r"(\d{1,2})/([A-Z][a-z]{2})/(\d{4}):(\d\d):(\d\d):(\d\d)(?: ([+-])(\d\d)(\d\d))?")
_ISO: Final = re.compile(
    r"(\d{4})[-/](\d\d)[-/](\d\d)[T ](\d\d):(\d\d)(?::(\d\d))?(?:[.,]\d+)?"
    r"(?: ?(?:Z|UTC|([+-])(\d\d):?(\d\d)))?"
)
_SYSLOG: Final = re.compile(r"([A-Z][a-z]{2}) ([ \d]\d) (\d\d):(\d\d):(\d\d)")
_CTIME: Final = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([ \d]\d) (\d\d):(\d\d):(\d\d)(?:\.\d+)? (\d{4})")
_EPOCH: Final = re.compile(r"1\d{9}(?:\d{3})?(?:\.\d+)?")


@lru_cache(maxsize=4096)
def iso_time(text: str, year: int = 1970) -> str:
    """The time in `text` as `YYYY-MM-DD HH:MM:SS`, or the text itself if it tells none.

    Times without an offset stay as they are. `year` is for syslog's times, which have none.
    """
    try:
        moment = _moment(text, year)
    except (ValueError, OverflowError):
        return text
    return moment.strftime("%Y-%m-%d %H:%M:%S") if moment else text


def _moment(text: str, year: int) -> datetime | None:
    if match := _ISO.fullmatch(text):
        whole = [int(part or 0) for part in match.groups()[:6]]
        return _utc(whole, match.groups()[6:])
    if match := _APACHE.fullmatch(text):
        day, month, own_year, *clock = match.groups()[:6]
        whole = [int(own_year), _MONTHS.get(month, 0), int(day), *map(int, clock)]
        return _utc(whole, match.groups()[6:])
    if match := _SYSLOG.fullmatch(text):
        month = _MONTHS.get(match[1], 0)
        return datetime(year, month, int(match[2]), int(match[3]), int(match[4]), int(match[5]), tzinfo=UTC)
    if match := _CTIME.fullmatch(text):
        named, *day_clock = match.groups()[:5]
        return _utc([int(match[6]), _MONTHS.get(named, 0), *map(int, day_clock)], (None, None, None))
    if _EPOCH.fullmatch(text):
        seconds = float(text)
        return datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC)
    return None


def _utc(whole: list[int], offset: tuple[str | None, ...]) -> datetime:
    sign, hours, minutes = offset
    shift = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    zone = timezone(-shift if sign == "-" else shift)
    year, month, day, hour, minute, second = whole
    return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=zone).astimezone(UTC)
