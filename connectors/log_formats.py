"""Tells the format of a log from its first lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from .logforms import application, postgresql, system, web
from .logforms.slots import TRACE, LogFormat, Slots, many_lines, with_rest

_LEAD: Final = 200
_ENOUGH: Final = 0.6  # share of the first lines that must be of the format
_INDENTED: Final = re.compile(r"\s|Caused by: |\.\.\. \d+ more|During handling of|The above exception")
_TRACEBACK: Final = "Traceback (most recent call last):"


def plain(record: str) -> Slots | None:
    """A line of no known form; a stack trace below it stands apart."""
    first, _, rest = record.partition("\n")
    if not rest:
        return {("line",): record} if record else None
    if TRACE.match(record):
        return {("trace",): record}
    return with_rest({("line",): first}, rest) if TRACE.search(rest) else {("line",): record}


def _plain_begins(line: str) -> bool:
    return _INDENTED.match(line) is None


def recognise(lines: Sequence[str], year: int) -> LogFormat:
    """The format of a log that begins with these lines; `plain` if none fits enough of them."""
    sample = [line.rstrip("\r\n") for line in lines if line.strip()][:_LEAD]
    for line in sample[:10]:
        if line.startswith("#Fields:"):
            return LogFormat("w3c", web.columns_of(line.removeprefix("#Fields:").split()))
    flow = web.flow_of(sample[0]) if sample else None
    if flow is not None:
        return LogFormat("vpc flow", flow)
    if sample and system.journal_begins(sample[0]):
        return LogFormat("journal", system.journal_export, system.journal_begins)
    if any(map(postgresql.csvlog_begins, sample[:1])):
        return LogFormat("postgresql csv", postgresql.csvlog, postgresql.csvlog_begins)
    return _best(sample, year)


def _known(year: int) -> tuple[LogFormat, ...]:
    """Formats that are told by the share of lines that fit them, the most particular first."""
    return (
        LogFormat("json", application.json_line),
        LogFormat("access", web.access),
        LogFormat("load balancer", web.load_balancer),
        LogFormat("postgresql", postgresql.stderr, postgresql.stderr_begins, postgresql.stderr_line),
        many_lines("nginx error", web.nginx_error),
        many_lines("apache error", web.apache_error),
        many_lines("heroku", system.heroku),
        many_lines("syslog", system.syslog(year)),
        LogFormat("logfmt", application.logfmt),
        many_lines("runserver", application.runserver),
        many_lines("headed", application.headed(year)),
        many_lines("levelled", application.levelled),
    )


def _best(sample: Sequence[str], year: int) -> LogFormat:
    known = _known(year)
    scores = [sum(map(f.knows, sample)) / max(1, len(sample)) for f in known]
    best = max(range(len(known)), key=lambda index: (scores[index] >= _ENOUGH, -index))
    if scores[best] >= _ENOUGH:
        return known[best]
    # Continuation lines may outnumber the lines that begin records.
    several = [index for index, form in enumerate(known) if form.begins and scores[index] >= 0.1]
    if several:
        return known[max(several, key=lambda index: (scores[index], -index))]
    return LogFormat("plain", plain, _plain_begins)


def ends_traceback(record: str, line: str) -> bool:
    """True for the line `ValueError: …` that a Python traceback ends with: it is not indented."""
    start = record.rfind(_TRACEBACK)
    if start < 0 or not line or line[0].isspace():
        return False
    tail = record[start:].split("\n")[1:]
    return bool(tail) and all(not text or text[0].isspace() for text in tail)


def year_of(modified: datetime | None) -> int:
    return modified.year if modified else 1970
