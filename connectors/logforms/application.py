"""Logs of applications: JSON lines, logfmt, and lines with a time and a level."""

from __future__ import annotations

import json
import re
from typing import Final

from ..log_times import iso_time
from .slots import QUOTED, Parse, Slots, filled, request_parts

_LEVELLED: Final = re.compile(
    r"[\[(]?(?P<time>\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?"
    r"(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?)"
    r"[\])]?[ ,:|-]*(?P<rest>.*)$"
)
_LEVELS: Final = r"TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|ERR|CRITICAL|CRIT|FATAL|SEVERE|ALERT|EMERG"
_LEVEL: Final = re.compile(rf"(?<![A-Za-z])({_LEVELS})(?![A-Za-z])", re.IGNORECASE)
#: A pair; a long word with base64's filling at its end is none, and stays in the message.
_PAIR: Final = re.compile(
    r"(?<![\w+])(?![\w+/-]{16,80}={1,2}(?:\s|$))([A-Za-z_@][\w.@/-]{0,63})"
    r'=("(?:[^"\\]|\\.)*"|[^\s"]*)(?=\s|$)'
)
_TIME_KEYS: Final = frozenset(("time", "ts", "timestamp", "t", "date", "datetime", "@timestamp"))
_ISO: Final = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?"
_HEADS: Final = (
    re.compile(  # Ruby's Logger, Rails
        rf"[DIWEFA], \[(?P<time>{_ISO}) #(?P<pid>\d+)\] +(?P<level>[A-Z]{{3,7}}) -- "
        r"(?P<logger>[^:]{0,64}): ?(?P<message>.*)$"
    ),
    re.compile(  # Django's verbose format
        rf"(?P<level>{_LEVELS}) +(?P<time>{_ISO}) (?P<logger>[\w.]+) (?P<pid>\d+) (?P<thread>\d+) "
        r"(?P<message>.*)$"
    ),
    re.compile(rf"\[?(?P<level>{_LEVELS})\]?[ :-]+\[?(?P<time>{_ISO})\]?[ :-]*(?P<message>.*)$"),
    re.compile(rf"(?P<level>{_LEVELS}):(?P<logger>[\w.]+):(?P<message>.*)$"),  # Python's basicConfig
    re.compile(  # glog, klog
        r"(?P<level>[IWEF])(?P<time>\d{4} \d\d:\d\d:\d\d(?:\.\d+)?) +(?P<thread>\d+) (?P<place>[\w.-]+:\d+)\]"
        r" ?(?P<message>.*)$"
    ),
    re.compile(  # logback without a date
        rf"(?P<time>\d\d:\d\d:\d\d(?:[.,]\d+)?) \[(?P<thread>[^\]]{{1,80}})\] +(?P<level>{_LEVELS}) +"
        r"(?P<logger>[\w.$\[\]]+) - (?P<message>.*)$"
    ),
)
_RUNSERVER: Final = re.compile(
    r"\[(?P<time>\d\d/[A-Z][a-z]{2}/\d{4} \d\d:\d\d:\d\d)\] " + QUOTED + r" (?P<status>\d{3}) (?P<size>\d+)$"
)


def logfmt(line: str) -> Slots | None:
    """`key=value` pairs; what stands between them is kept in `line`."""
    found, left, count = logfmt_pairs(line)
    if count < 2 or len(left) * 2 > len(line):
        return None
    return filled({"line": left, **found})


def logfmt_pairs(line: str) -> tuple[dict[str, str | None], str, int]:
    """The pairs of a line by key, what stands between them, and how many pairs there are."""
    found: dict[str, str | None] = {}
    for key, value in _PAIR.findall(line):
        text = _unquoted(value)
        text = iso_time(text) if key.lower() in _TIME_KEYS else text
        before = found.get(key)
        found[key] = f"{before} {text}" if before else text
    left, count = _PAIR.subn(" ", line)
    return found, " ".join(left.split()), count


def _unquoted(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value


def json_line(line: str) -> Slots | None:
    """A JSON object a line: the whole record, under the empty path."""
    if not line.lstrip("\ufeff").startswith("{"):
        return None
    text = line.strip("\ufeff \t\r\n")
    try:
        json.JSONDecoder(parse_int=float).decode(text)
    except (json.JSONDecodeError, RecursionError):
        return None
    return {(): text}


def levelled(line: str) -> Slots | None:
    """A time, mostly a level, and a message."""
    match = _LEVELLED.match(line)
    if match is None:
        return None
    rest = match["rest"]
    level = _LEVEL.search(rest[:120])
    if level is not None and not rest[: level.start()].strip(" [(<|-"):
        rest = rest[level.end() :].lstrip(" ])>|:-")
    return filled(
        {"time": iso_time(match["time"]), "level": level[1].upper() if level else None, "message": rest}
    )


def headed(year: int) -> Parse:
    """Lines whose level or thread stands in a place of its own: Rails, Django, Python, glog, logback."""

    def parse(line: str) -> Slots | None:
        for head in _HEADS:
            match = head.match(line)
            if match is not None:
                found: dict[str, str | None] = dict(match.groupdict())
                if found.get("time"):
                    found["time"] = _time(str(found["time"]), year)
                return filled(found)
        return None

    return parse


def _time(text: str, year: int) -> str:
    """The time in one form; glog's has no year."""
    dated = f"{year}-{text[:2]}-{text[2:]}" if re.match(r"\d{4} ", text) else text
    return iso_time(dated)


def runserver(line: str) -> Slots | None:
    """The requests of Django's development server."""
    match = _RUNSERVER.match(line)
    if match is None:
        return None
    time = iso_time(match["time"].replace(" ", ":", 1))
    return filled({**match.groupdict(), "time": time, **request_parts(match[2])})
