"""Recorded visits (HAR 1.2): which cookies are set or sent, by whom, and before or after signing in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import urlsplit

from .cookie import Cookie, site

_LOGIN: Final = re.compile(
    r"(?:^|[/_.-])(?:log-?_?[io]n|sign-?_?[io]n|sessions?|auth\w*|oauth2?|token|sso|connexion|anmeld\w*)(?:$|[/_.-])",
    re.IGNORECASE,
)
_DAY: Final = 86_400
Entry = Mapping[str, Any]


def is_har(document: object) -> bool:
    log = document.get("log") if isinstance(document, dict) else None
    return isinstance(log, dict) and isinstance(log.get("entries"), list)


def cookies(document: Mapping[str, Any]) -> tuple[Cookie, ...]:
    """Every cookie once, as it was first seen. The first page's host is the site that was visited."""
    entries = sorted(
        (entry for entry in document["log"]["entries"] if isinstance(entry, dict)),
        key=lambda entry: str(entry.get("startedDateTime", "")),
    )
    visited = next((host for entry in entries if (host := _host(entry))), "")
    signed = next((index for index, entry in enumerate(entries) if _signs_in(entry)), None)
    found: dict[tuple[str, str], Cookie] = {}
    for index, entry in enumerate(entries):
        for name, host, days in (*_set(entry), *_sent(entry)):
            known = (name, site(host))
            if known not in found:
                found[known] = Cookie(
                    name,
                    host,
                    "first" if site(host) == site(visited) else "third",
                    "" if signed is None else "before" if index < signed else "after",
                    days,
                )
            elif found[known].days is None and days is not None:
                first = found[known]
                found[known] = Cookie(name, first.host, first.party, first.when, days)
    return tuple(found[key] for key in sorted(found))


def _part(entry: Entry, name: str) -> Entry:
    part = entry.get(name)
    return part if isinstance(part, dict) else {}


def _objects(value: object) -> Sequence[Entry]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _host(entry: Entry) -> str:
    try:
        return (urlsplit(str(_part(entry, "request").get("url", ""))).hostname or "").casefold()
    except ValueError:
        return ""


def _signs_in(entry: Entry) -> bool:
    """A form sent to where one signs in, and not refused."""
    request, status = _part(entry, "request"), _part(entry, "response").get("status")
    if str(request.get("method", "")).upper() != "POST" or not isinstance(status, int):
        return False
    try:
        path = urlsplit(str(request.get("url", ""))).path
    except ValueError:
        return False
    return 200 <= status < 400 and bool(_LOGIN.search(path))


def _set(entry: Entry) -> Iterator[tuple[str, str, int | None]]:
    """What the answer sets: by its headers, which some recorders leave out, else by its list."""
    host, at = _host(entry), _moment(entry.get("startedDateTime"))
    answer = _part(entry, "response")
    lines = [
        line
        for header in _objects(answer.get("headers"))
        if str(header.get("name", "")).casefold() == "set-cookie"
        for line in str(header.get("value", "")).split("\n")
    ]
    for line in lines:
        name, _, rest = line.partition("=")
        if name.strip():
            attributes = dict(_attribute(part) for part in rest.split(";")[1:])
            domain = attributes.get("domain", "").lstrip(".").casefold() or host
            yield name.strip(), domain, _days(attributes.get("max-age"), attributes.get("expires"), at)
    for cookie in _objects(answer.get("cookies")) if not lines else ():
        domain = str(cookie.get("domain") or "").lstrip(".").casefold() or host
        yield str(cookie.get("name", "")), domain, _days(None, cookie.get("expires"), at)


def _attribute(part: str) -> tuple[str, str]:
    name, _, value = part.partition("=")
    return name.strip().casefold(), value.strip()


def _sent(entry: Entry) -> Iterator[tuple[str, str, None]]:
    """What the browser sends, whoever has set it: a script may have."""
    for cookie in _objects(_part(entry, "request").get("cookies")):
        yield str(cookie.get("name", "")), _host(entry), None


def _days(age: object, expires: object, at: datetime | None) -> int | None:
    """How long it is kept, in whole days; 0 until the browser is closed."""
    if isinstance(age, str) and age.lstrip("-").isdecimal():
        return max(0, int(age)) // _DAY
    end = _moment(expires)
    if end is None or at is None:
        return None if expires else 0
    return max(0, round((end - at).total_seconds())) // _DAY


def _moment(written: object) -> datetime | None:
    """ISO 8601, or as mails and cookies write times."""
    if not isinstance(written, str) or not written:
        return None
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(written)
        except (ValueError, TypeError):
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None
