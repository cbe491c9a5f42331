"""Names of rotated logs: which files are one log."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from .formats import bare, looks_like_log

_NUMBER: Final = re.compile(r"[.-]\d{1,10}$")
_DAY: Final = re.compile(
    r"(?<![0-9A-Za-z])(?:19|20)\d\d[-_.]?(?:0[1-9]|1[0-2])(?:[-_.]?(?:0[1-9]|[12]\d|3[01]))?(?=T\d|[^0-9A-Za-z]|$)"
)
_HOUR: Final = re.compile(r"[-_.T]?(?:[01]\d|2[0-3])(?:[-_:]?[0-5]\d){0,2}(?=\.|$)")
_EDGE: Final = re.compile(r"[-_.]*\0[-_]*")
_DATES: Final = "YYYY-MM-DD"
#: Names whose log is remembered: a folder is listed once for each of its logs.
_REMEMBERED: Final = 1 << 16


@lru_cache(_REMEMBERED)
def log_of(name: str) -> str:
    """The name of the log that a file is a part of: `app.log` for `app.log.2.gz` and `app-2026-01-31.log`.

    Files that are named by their day alone are `YYYY-MM-DD.log`. Numbers count in names of logs alone.
    """
    stem = bare(name)
    day = _DAY.search(stem)
    if day is not None:
        after = _HOUR.sub("", stem[day.end() :], count=1)
        stem = _EDGE.sub("", f"{stem[: day.start()]}\0{after}", count=1)
        if not stem.strip("._-") or stem.startswith("."):
            return f"{_DATES}{stem}"
    while looks_like_log(name) and (number := _NUMBER.search(stem)) and number.start():
        stem = stem[: number.start()]
    return stem or name
