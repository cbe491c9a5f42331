"""Log formats: each parses one line into named slots, or says that the line is not of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from .log_times import iso_time

Slots = Mapping[tuple[str, ...], str]
Parse = Callable[[str], Slots | None]
_LEAD: Final = 200
_ENOUGH: Final = 0.6  # share of the first lines that must be of the format

_QUOTED: Final = r'"((?:[^"\\]|\\.)*)"'


def _quoted(name: str) -> str:
    return _QUOTED.replace("(", f"(?P<{name}>", 1)


_ACCESS: Final = re.compile(
    r"(?:(?P<host>[\w.-]+(?::\d+)?) )?(?P<client_ip>(?:[0-9A-Fa-f.:]+, )*[\w:][\w.:-]*) (?P<ident>\S+) "
    r"(?P<user>[^\[\"]*?) \[(?P<time>[^\]]{10,40})\] " + _quoted("request")
    + r" (?P<status>\d{3}|-) (?P<size>\d+|-)(?: " + _quoted("referer") + " " + _quoted("user_agent")
    + r")?(?P<rest>.*)$"
)  # fmt: skip
_REQUEST: Final = re.compile(r"(\S+) (.*?)(?: (HTTP/[\d.]+))?$")
_FORWARDED: Final = re.compile(r' ?"?((?:[0-9A-Fa-f:.]{3,45})(?:, ?[0-9A-Fa-f:.]{3,45})*)"?$')
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
_LEVELLED: Final = re.compile(
    r"[\[(]?(?P<time>\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?"
    r"(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?)"
    r"[\])]?[ ,:|-]*(?P<rest>.*)$"
)
_LEVEL: Final = re.compile(
    r"(?<![A-Za-z])(TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|ERR|CRITICAL|CRIT|FATAL|ALERT|EMERG)(?![A-Za-z])",
    re.IGNORECASE,
)
_PAIR: Final = re.compile(r"([A-Za-z_@][\w.@/-]{0,63})=(" + r'"(?:[^"\\]|\\.)*"' + r'|[^\s"]*)(?=\s|$)')
_TOKEN: Final = re.compile(_QUOTED + r"|(\S+)")
_TIME_KEYS: Final = frozenset(("time", "ts", "timestamp", "t", "date", "datetime", "@timestamp"))
_ALB: Final = (
    "type", "time", "elb", "client", "target", "request_processing_time", "target_processing_time",
    "response_processing_time", "elb_status_code", "target_status_code", "received_bytes", "sent_bytes",
    "request", "user_agent", "ssl_cipher", "ssl_protocol", "target_group_arn", "trace_id",
    "domain_name", "chosen_cert_arn", "matched_rule_priority", "request_creation_time",
    "actions_executed", "redirect_url", "error_reason", "target_port_list", "target_status_code_list",
    "classification", "classification_reason", "conn_trace_id",
)  # fmt: skip
_ALB_TYPES: Final = ("http ", "https ", "h2 ", "grpcs ", "ws ", "wss ")


@dataclass(frozen=True, slots=True)
class LogFormat:
    """A format's name and its parser."""

    name: str
    parse: Parse


def _slots(pairs: Mapping[str, str | None]) -> Slots:
    return {(name,): value for name, value in pairs.items() if value and value != "-"}


def access(line: str) -> Slots | None:
    """Common and combined access logs, also with a leading host or trailing forwarded addresses."""
    match = _ACCESS.match(line)
    if match is None:
        return None
    found: dict[str, str | None] = dict(match.groupdict())
    found["time"] = iso_time(match["time"])
    request = found.pop("request") or ""
    found.update(_request(request))
    rest = found.pop("rest") or ""
    forwarded = _FORWARDED.fullmatch(rest)
    found["x_forwarded_for" if forwarded else "rest"] = forwarded[1] if forwarded else rest.strip()
    return _slots(found)


def _request(request: str) -> dict[str, str | None]:
    match = _REQUEST.fullmatch(request)
    if match is None:
        return {"target": request}
    return {"method": match[1], "target": match[2], "protocol": match[3]}


def load_balancer(line: str) -> Slots | None:
    """Access logs of AWS application load balancers."""
    if not line.startswith(_ALB_TYPES):
        return None
    tokens = [quoted or bare for quoted, bare in _TOKEN.findall(line)]
    if len(tokens) < 12:
        return None
    found: dict[str, str | None] = dict(zip(_ALB, tokens, strict=False))
    found["rest"] = " ".join(tokens[len(_ALB) :])
    for side in ("client", "target"):
        address, _, port = (found.pop(side) or "").rpartition(":")
        found[f"{side}_ip"], found[f"{side}_port"] = address or port, port if address else None
    found["time"] = iso_time(tokens[1])
    found.update(_request(found.pop("request") or ""))
    return _slots(found)


def syslog(year: int) -> Parse:
    """RFC 3164 and RFC 5424; the former's times have no year, so the file's own is taken."""

    def parse(line: str) -> Slots | None:
        match = _SYSLOG_5424.match(line) or _SYSLOG.match(line)
        if match is None:
            return None
        return _slots({**match.groupdict(), "time": iso_time(match["time"], year)})

    return parse


def logfmt(line: str) -> Slots | None:
    """`key=value` pairs; what stands between them is kept in `line`."""
    pairs = _PAIR.findall(line)
    if len(pairs) < 2:
        return None
    left = " ".join(_PAIR.sub(" ", line).split())
    if len(left) * 2 > len(line):
        return None
    found: dict[str, str | None] = {"line": left}
    for key, value in pairs:
        text = _unquoted(value)
        text = iso_time(text) if key.lower() in _TIME_KEYS else text
        before = found.get(key)
        found[key] = f"{before} {text}" if before else text
    return _slots(found)


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
    return _slots(
        {"time": iso_time(match["time"]), "level": level[1].upper() if level else None, "message": rest}
    )


def columns_of(fields: Sequence[str]) -> Parse:
    """W3C extended logs (IIS, CloudFront): the columns that a `#Fields:` line names."""
    names = ["time" if name == "date" else "time_of_day" if name == "time" else name for name in fields]

    def parse(line: str) -> Slots | None:
        cells = line.split("\t") if "\t" in line else line.split()
        if line.startswith("#") or len(cells) < len(names) - 1:
            return None
        found = dict(zip(names, cells, strict=False))
        clock = found.get("time_of_day", "")
        if clock and "time" in found:
            found["time"] = iso_time(f"{found['time']} {clock}")
        extra = " ".join(cells[len(names) :])
        return _slots({**found, "rest": extra})

    return parse


def plain(line: str) -> Slots | None:
    return {("line",): line} if line else None


def recognise(lines: Sequence[str], year: int) -> LogFormat:
    """The format of a log that begins with these lines; `plain` if none fits enough of them."""
    sample = [line.rstrip("\r\n") for line in lines if line.strip()][:_LEAD]
    for line in sample[:10]:
        if line.startswith("#Fields:"):
            return LogFormat("w3c", columns_of(line.removeprefix("#Fields:").split()))
    known = (
        LogFormat("json", json_line),
        LogFormat("access", access),
        LogFormat("load balancer", load_balancer),
        LogFormat("syslog", syslog(year)),
        LogFormat("logfmt", logfmt),
        LogFormat("levelled", levelled),
    )
    scores = [sum(f.parse(line) is not None for line in sample) / max(1, len(sample)) for f in known]
    best = max(range(len(known)), key=lambda index: (scores[index] >= _ENOUGH, -index))
    if scores[best] >= _ENOUGH:
        return known[best]
    # Stack traces may outnumber the lines that begin with a time.
    return known[-1] if scores[-1] >= 0.1 else LogFormat("plain", plain)


def year_of(modified: datetime | None) -> int:
    return modified.year if modified else 1970
