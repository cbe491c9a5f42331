"""Answers to people who asked for their data, as they were handed out: a folder for each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .clock import NOW, ago, stamp
from .company import DOMAIN, Company
from .files import lines, pretty, put
from .people import Person

_REDACTED = "[somebody else]"


def write(company: Company, folder: Path, kept: bool = False) -> None:
    """Three packages; in the broken company the second one lists those who were invited, too."""
    rng = company.rng("packages")
    for number, person in enumerate(rng.sample(company.users, 3), 1):
        others = rng.sample(company.guests, 12)
        shown = number == 2 and not kept
        put(folder / f"P-{number}" / "manifest.json", pretty(_manifest(person)))
        put(folder / f"P-{number}" / "profile.jsonl", lines([_profile(person)]))
        bookings = [_booking(person, guest, stamp(ago(rng, 5, 300)), shown) for guest in others]
        put(folder / f"P-{number}" / "bookings.jsonl", lines(bookings))


def _manifest(person: Person) -> dict[str, Any]:
    contact = {"email": person.email, "phone": person.phone}
    return {"made_at": stamp(NOW), "subject": contact, "files": ["profile.jsonl", "bookings.jsonl"]}


def _profile(person: Person) -> dict[str, Any]:
    return {"name": person.name, "email": person.email, "phone": person.phone, "locale": person.locale}


def _booking(person: Person, guest: Person, starts: str, shown: bool) -> dict[str, Any]:
    invited = {"name": guest.name, "email": guest.email} if shown else {"name": _REDACTED, "email": _REDACTED}
    return {
        "host_email": person.email,
        "starts_at": starts,
        "page": f"https://{DOMAIN}/book",
        "attendee": invited,
    }
