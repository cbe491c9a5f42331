"""Logs of systems and platforms: syslog, Heroku, journald's export."""

from __future__ import annotations

import re
from typing import Final

from ..log_times import iso_time
from .application import logfmt_pairs
from .slots import Parse, Slots, filled

_SYSLOG: Final = re.compile(
    r"(?:<\d{1,3}>)?"
    r"(?P<time>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d"
    r"|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.,\d]*(?:Z|[+-]\d\d:?\d\d)) "
    r"(?P<host>[\w.:%-]+) (?P<process>[^\s:\[\]]{1,64})(?:\[(?P<pid>[\w-]+)\])?: ?(?P<message>.*)$"
)
_SYSLOG_5424: Final = re.compile(
    r"<\d{1,3}>\d{1,2} (?P<time>\S+) (?P<host>\S+) (?P<process>\S+) (?P<pid>\S+) (?P<message_id>\S+) "
    r'(?P<data>-|(?:\[(?:[^\]\\"]|\\.|"(?:[^"\\]|\\.)*")*\])+)(?: (?P<message>.*))?$'
)
_HEROKU: Final = re.compile(
    r"(?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)) "
    r"(?P<source>heroku|app)\[(?P<dyno>[\w.-]+)\]: ?(?P<message>.*)$"
)
_DRAIN: Final = re.compile(  # Heroku's drains: a frame's length, no field for data
    r"(?:\d{1,6} )?<\d{1,3}>1 (?P<time>\S+) (?P<host>host|d\.[0-9a-f-]+) (?P<source>heroku|app) "
    r"(?P<dyno>[\w.-]+) - (?P<message>.*)$"
)
_JOURNAL_KEY: Final = re.compile(r"[A-Z_][A-Z0-9_]{0,63}=")


def syslog(year: int) -> Parse:
    """RFC 3164 and RFC 5424; the former's times have no year, so the file's own is taken."""

    def parse(line: str) -> Slots | None:
        match = _SYSLOG_5424.match(line) or _SYSLOG.match(line)
        if match is None:
            return None
        return filled({**match.groupdict(), "time": iso_time(match["time"], year)})

    return parse


def heroku(line: str) -> Slots | None:
    """Heroku's lines; the router's pairs become slots of their own."""
    match = _HEROKU.match(line) or _DRAIN.match(line)
    if match is None:
        return None
    found: dict[str, str | None] = {**match.groupdict(), "time": iso_time(match["time"])}
    pairs, left, _ = logfmt_pairs(match["message"] or "")
    if match["dyno"] == "router" and len(pairs) > 2:
        return filled({**pairs, **found, "message": left})
    return filled(found)


def journal_begins(line: str) -> bool:
    return line.startswith("__CURSOR=")


def journal_export(record: str) -> Slots | None:
    """An entry of `journalctl -o export`; a field of several lines has its name alone before them."""
    found: dict[str, str | None] = {}
    name = ""
    for line in record.split("\n"):
        if _JOURNAL_KEY.match(line) and not (name and found.get(name) == ""):
            name, _, value = line.partition("=")
            found[name] = value
        elif re.fullmatch(r"[A-Z_][A-Z0-9_]{0,63}", line):
            name = line
            found[name] = ""
        elif name:
            found[name] = f"{found[name]}\n{line}" if found[name] else line.lstrip("\0")
    if not journal_begins(record):
        return None
    stamp = found.pop("__REALTIME_TIMESTAMP", None)
    time = iso_time(f"{stamp[:-6]}.{stamp[-6:]}") if stamp and stamp.isdigit() else stamp
    return filled({"time": time, "message": found.pop("MESSAGE", None), **found})
