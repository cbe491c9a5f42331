"""PostgreSQL's server logs: csvlog, and stderr with the usual prefixes."""

from __future__ import annotations

import csv
import re
from typing import Final

from ..log_times import iso_time
from .slots import Slots, filled

#: The columns of csvlog; `backend_type` came with version 13, the last two with 14.
_COLUMNS: Final = (
    "time", "user", "database", "pid", "connection_from", "session_id", "session_line_num", "command_tag",
    "session_start_time", "virtual_transaction_id", "transaction_id", "level", "sql_state_code", "message",
    "detail", "hint", "internal_query", "internal_query_pos", "context", "query", "query_pos", "location",
    "application_name", "backend_type", "leader_pid", "query_id",
)  # fmt: skip
_FEWEST: Final = 22  # columns; version 8.4 had no application_name
CSV_LINE: Final = re.compile(
    r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} [A-Z0-9+:-]{1,9},"
    r'(?:"(?:[^"]|"")*")?,(?:"(?:[^"]|"")*")?,\d*,(?:"[^"]*")?,[0-9a-f]+\.[0-9a-f]+,\d+,'
)
_TIME: Final = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?(?: ?(?:[A-Z]{1,5}|[+-]\d\d(?::?\d\d)?))?"
_LINE: Final = re.compile(
    rf"(?P<time>{_TIME})(?P<prefix>[^\n]{{0,300}}?)"
    r"\b(?P<level>DEBUG[1-5]?|LOG|INFO|NOTICE|WARNING|ERROR|FATAL|PANIC"
    r"|DETAIL|HINT|STATEMENT|CONTEXT|QUERY|LOCATION):  (?P<message>.*)$",
    re.DOTALL,
)
_MORE: Final = frozenset(("DETAIL", "HINT", "STATEMENT", "CONTEXT", "QUERY", "LOCATION"))
_PREFIX: Final = (
    (
        "connection_from",
        re.compile(
            r"(?<![\w.])((?:\d{1,3}\.){3}\d{1,3}|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:]{2,39}|[\w.-]+)\(\d{1,5}\)"
        ),
    ),
    ("user", re.compile(r"user=([^\s,=]*)")),
    ("database", re.compile(r"db=([^\s,=]*)")),
    ("application_name", re.compile(r"app=([^\s,=]*)")),
    ("connection_from", re.compile(r"client=([^\s,=]*)")),
    ("pid", re.compile(r"\[(\d+)(?:-\d+)?\]")),
)
_AT: Final = re.compile(r"([^\s:@\[\]]+)@([^\s:@\[\]]+)")


def csvlog_begins(line: str) -> bool:
    return CSV_LINE.match(line) is not None


def csvlog(record: str) -> Slots | None:
    """A record of csvlog; columns of versions yet to come stand in `rest`."""
    if not csvlog_begins(record):
        return None
    try:
        cells = next(csv.reader([record + "\n"] if "\n" not in record else record.splitlines(True)))
    except (csv.Error, StopIteration):
        return None
    if len(cells) < _FEWEST:
        return None
    found: dict[str, str | None] = dict(zip(_COLUMNS, cells, strict=False))
    found["rest"] = " ".join(cells[len(_COLUMNS) :])
    for name in ("time", "session_start_time"):
        found[name] = _time(str(found[name]))
    return filled(found)


def stderr_line(line: str) -> bool:
    """True for a line with a prefix, also that of a DETAIL."""
    return _LINE.match(line) is not None


def stderr_begins(line: str) -> bool:
    match = _LINE.match(line)
    return match is not None and match["level"] not in _MORE


def stderr(record: str) -> Slots | None:
    """A message with its DETAIL, HINT, STATEMENT and the like, each a slot."""
    if not stderr_begins(record):
        return None
    found: dict[str, str | None] = {}
    name = "message"
    for line in record.split("\n"):
        match = _LINE.match(line)
        if match is None:
            found[name] = f"{found.get(name) or ''}\n{line.removeprefix(chr(9))}"
            continue
        name = match["level"].lower() if match["level"] in _MORE else "message"
        if name == "message":
            found.update(_prefix(match["prefix"]), time=_time(match["time"]), level=match["level"])
        before = found.get(name)
        found[name] = f"{before}\n{match['message']}" if before else match["message"]
    return filled(found)


def _prefix(text: str) -> dict[str, str | None]:
    """What `log_line_prefix` tells: the known parts by name, others as they are."""
    found: dict[str, str | None] = {}
    for name, pattern in _PREFIX:
        match = pattern.search(text)
        if match is not None and name not in found:
            found[name] = match[1]
            text = text[: match.start()] + " " + text[match.end() :]
    match = _AT.search(text)
    if match is not None:
        found["user"], found["database"] = match[1], match[2]
        text = text[: match.start()] + " " + text[match.end() :]
    found["prefix"] = " ".join(text.replace(":", " ").split()).strip(" -,")
    return found


def _time(text: str) -> str:
    """The time in one form; zones other than UTC and offsets keep the text's own clock."""
    bare, _, zone = text.rpartition(" ")
    if zone in ("UTC", "GMT") or zone.isalpha():
        return iso_time(f"{bare} UTC" if zone in ("UTC", "GMT") else bare)
    return iso_time(text)
