"""What the service shows and sends to its own people: answers of the public interface, invitations, lists.

What is broken in it is listed in `data/truth.yaml`; `kept` leaves that out.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from . import values
from .clock import ago, stamp
from .company import Company
from .files import lines, put, table
from .ical import calendar, event

_MEMBERS = ("name", "email", "team", "joined_on")


def write(company: Company, folder: Path, kept: bool = False) -> None:
    put(folder / "public_api.jsonl", lines(_answers(company, kept)))
    put(folder / "invitations.ics", _invitations(company))
    put(folder / "members.csv", _members(company, kept))


def _answers(company: Company, kept: bool) -> list[dict[str, Any]]:
    """What the page of a booking gets; the broken one gets the host's private telephone number."""
    rng = company.rng("public-api")
    return [_answer(company, rng, kept) for _ in range(120)]


def _answer(company: Company, rng: Random, kept: bool) -> dict[str, Any]:
    host, guest = rng.choice(company.users), rng.choice(company.guests)
    start = ago(rng, -20, 40).replace(second=0)
    shown = {"name": host.name} | ({} if kept else {"phone": host.phone})
    return {
        "booking": values.uuid(rng),
        "event_title": rng.choice(company.words["event_titles"]),
        "starts_at": stamp(start),
        "ends_at": stamp(start + timedelta(minutes=30)),
        "place": "Video call",
        "host": shown,
        "invitee": {"name": guest.name, "email": guest.email},
    }


def _invitations(company: Company) -> str:
    rng = company.rng("invitations")
    return calendar(line for _ in range(80) for line in _invitation(company, rng))


def _invitation(company: Company, rng: Random) -> list[str]:
    host, guest = rng.choice(company.users), rng.choice(company.guests)
    start = ago(rng, -10, 50).replace(second=0)
    title = rng.choice(company.words["event_titles"])
    return event(values.uuid(rng), start, title, host, guest, ["LOCATION:Video call"])


def _members(company: Company, kept: bool) -> str:
    """The list that a team's administrator downloads; the broken one tells from where people sign in."""
    rng = company.rng("members")
    head = _MEMBERS if kept else (*_MEMBERS, "last_ip")
    rows = []
    for person in company.users[:90]:
        row = [person.name, person.email, f"team {rng.randrange(1, 9)}", ago(rng, 30, 900).date().isoformat()]
        rows.append(row if kept else [*row, values.address(rng)])
    return table(head, rows)
