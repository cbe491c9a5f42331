"""Calendars as RFC 5545 writes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from .company import DOMAIN
from .people import Person

_FORM: Final = "%Y%m%dT%H%M%SZ"


def calendar(body: Iterable[str]) -> str:
    """A whole calendar of the lines of its events."""
    whole = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//{DOMAIN}//bookings//EN", *body, "END:VCALENDAR"]
    return "".join(_folded(line) + "\r\n" for line in whole)


def event(
    uid: str, start: datetime, title: str, host: Person, guest: Person, more: Sequence[str] = ()
) -> list[str]:
    """The lines of an event of half an hour; `more` are lines of its own."""
    return [
        "BEGIN:VEVENT",
        f"UID:{uid}@{DOMAIN}",
        f"DTSTAMP:{start.strftime(_FORM)}",
        f"DTSTART:{start.strftime(_FORM)}",
        f"DTEND:{(start + timedelta(minutes=30)).strftime(_FORM)}",
        f"SUMMARY:{escaped(title)}",
        f'ORGANIZER;CN="{host.name}":mailto:{host.email}',
        f'ATTENDEE;CN="{guest.name}";PARTSTAT=ACCEPTED:mailto:{guest.email}',
        *more,
        "END:VEVENT",
    ]


def escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> str:
    """Content lines of at most 75 octets (RFC 5545, section 3.1)."""
    parts: list[bytes] = []
    current = b""
    for char in line:
        raw = char.encode("utf-8")
        if len(current) + len(raw) > 75 - bool(parts):
            parts.append(current)
            current = b""
        current += raw
    return b"\r\n ".join([*parts, current]).decode("utf-8")
