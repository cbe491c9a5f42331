"""Logs of web servers, load balancers and networks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ..log_times import iso_time
from .slots import QUOTED, Parse, Slots, filled, quoted, request_parts

_ACCESS: Final = re.compile(
    r"(?:(?P<host>[\w.-]+(?::\d+)?) )?(?P<client_ip>(?:[0-9A-Fa-f.:]+, )*[\w:][\w.:-]*) (?P<ident>\S+) "
    r"(?P<user>[^\[\"]*?) \[(?P<time>[^\]]{10,40})\] " + quoted("request")
    + r" (?P<status>\d{3}|-) (?P<size>\d+|-)(?: " + quoted("referer") + " " + quoted("user_agent")
    + r")?(?P<rest>.*)$"
)  # fmt: skip
_FORWARDED: Final = re.compile(r' ?"?((?:[0-9A-Fa-f:.]{3,45})(?:, ?[0-9A-Fa-f:.]{3,45})*)"?$')
_TOKEN: Final = re.compile(QUOTED + r"|(\S+)")
_ALB: Final = (
    "type", "time", "elb", "client", "target", "request_processing_time", "target_processing_time",
    "response_processing_time", "elb_status_code", "target_status_code", "received_bytes", "sent_bytes",
    "request", "user_agent", "ssl_cipher", "ssl_protocol", "target_group_arn", "trace_id",
    "domain_name", "chosen_cert_arn", "matched_rule_priority", "request_creation_time",
    "actions_executed", "redirect_url", "error_reason", "target_port_list", "target_status_code_list",
    "classification", "classification_reason", "conn_trace_id",
)  # fmt: skip
_ALB_TYPES: Final = ("http ", "https ", "h2 ", "grpcs ", "ws ", "wss ")
_NGINX_ERROR: Final = re.compile(
    r"(?P<time>\d{4}/\d\d/\d\d \d\d:\d\d:\d\d) \[(?P<level>[a-z]{4,6})\] (?P<process>\d+#\d+): "
    r"(?:\*(?P<connection>\d+) )?(?P<message>.*)$"
)
#: What nginx adds to its messages; each begins with its name and ends where the next one begins.
_NGINX_PART: Final = re.compile(
    r", (client|server|request|subrequest|upstream|host|referrer|login|peer): "
    r'(?:"((?:[^"\\]|\\.)*)"|([^,"]*))'
)
_APACHE_ERROR: Final = re.compile(
    r"\[(?P<time>[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)? \d{4})\] "
    r"\[(?:(?P<module>[\w-]*):)?(?P<level>[a-z]{4,6}\d?)\] (?:\[pid (?P<process>[\d:tid ]+)\] )?"
    r"(?:\[client (?P<client_ip>[0-9A-Fa-f.:]+?)(?::(?P<client_port>\d{1,5}))?\] )?(?P<message>.*)$"
)
_FLOW: Final = (
    "version", "account-id", "interface-id", "srcaddr", "dstaddr", "srcport", "dstport", "protocol",
    "packets", "bytes", "start", "end", "action", "log-status",
)  # fmt: skip
_FLOW_LINE: Final = re.compile(
    r"2 (?:\d{12}|unknown) eni-[0-9a-f]+ (?:\S+ ){9}(?:ACCEPT|REJECT|-) (?:OK|NODATA|SKIPDATA)$"
)


def access(line: str) -> Slots | None:
    """Common and combined access logs, also with a leading host or trailing forwarded addresses."""
    match = _ACCESS.match(line)
    if match is None:
        return None
    found: dict[str, str | None] = dict(match.groupdict())
    found["time"] = iso_time(match["time"])
    request = found.pop("request") or ""
    found.update(request_parts(request))
    rest = found.pop("rest") or ""
    forwarded = _FORWARDED.fullmatch(rest)
    found["x_forwarded_for" if forwarded else "rest"] = forwarded[1] if forwarded else rest.strip()
    return filled(found)


def nginx_error(line: str) -> Slots | None:
    """nginx's error log; `client`, `request` and their like become slots of their own."""
    match = _NGINX_ERROR.match(line)
    if match is None:
        return None
    found: dict[str, str | None] = {**match.groupdict(), "time": iso_time(match["time"])}
    message = match["message"]
    for part in _NGINX_PART.finditer(message):
        value = part[2] if part[2] is not None else part[3]
        found.update(request_parts(value) if part[1] == "request" else {_PARTS.get(part[1], part[1]): value})
    found["message"] = _NGINX_PART.sub("", message)
    return filled(found)


_PARTS: Final = {"client": "client_ip", "referrer": "referer", "login": "user"}


def apache_error(line: str) -> Slots | None:
    """Apache's error log, of version 2.2 or 2.4."""
    match = _APACHE_ERROR.match(line)
    return filled({**match.groupdict(), "time": iso_time(match["time"])}) if match else None


def load_balancer(line: str) -> Slots | None:
    """Access logs of AWS application load balancers."""
    if not line.startswith(_ALB_TYPES):
        return None
    tokens = [inner or bare for inner, bare in _TOKEN.findall(line)]
    if len(tokens) < 12:
        return None
    found: dict[str, str | None] = dict(zip(_ALB, tokens, strict=False))
    found["rest"] = " ".join(tokens[len(_ALB) :])
    for side in ("client", "target"):
        address, _, port = (found.pop(side) or "").rpartition(":")
        found[f"{side}_ip"], found[f"{side}_port"] = address or port, port if address else None
    found["time"] = iso_time(tokens[1])
    found.update(request_parts(found.pop("request") or ""))
    return filled(found)


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
        return filled({**found, "rest": extra})

    return parse


def flow_of(first: str) -> Parse | None:
    """AWS VPC flow logs, from their first line: the header, or a record of version 2."""
    names = first.split()
    if "srcaddr" in names and "dstaddr" in names:
        return _flow(names)
    return _flow(_FLOW) if _FLOW_LINE.fullmatch(first) else None


def _flow(names: Sequence[str]) -> Parse:
    def parse(line: str) -> Slots | None:
        cells = line.split()
        if len(cells) != len(names) or cells == names:
            return None
        found = dict(zip(names, cells, strict=True))
        return filled({**found, **{k: iso_time(found[k]) for k in ("start", "end") if k in found}})

    return parse
