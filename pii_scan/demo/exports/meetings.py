"""Integration partners: Zoom's report of participants and a Google calendar."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from .. import values
from ..clock import ago
from ..company import DOMAIN, Company
from ..files import put, table
from ..ical import calendar, escaped, event

_MEETING = (
    "Meeting ID",
    "Topic",
    "Start Time",
    "End Time",
    "User Email",
    "Duration (Minutes)",
    "Participants",
)
_PARTICIPANT = (
    "Name (Original Name)",
    "User Email",
    "Join Time",
    "Leave Time",
    "Duration (Minutes)",
    "Guest",
    "Recording Consent",
)
_US = "%m/%d/%Y %I:%M:%S %p"


def write(company: Company, folder: Path) -> None:
    put(folder / "zoom" / "participants.csv", _participants(company))
    put(folder / "google-calendar" / "team.ics", _calendar(company))


def _participants(company: Company) -> str:
    """Two tables in one file: the meeting, a blank line, those who came."""
    rng = company.rng("zoom")
    start = ago(rng, 3, 20)
    guests = rng.sample(company.guests, 90)
    meeting = (
        f"{rng.randrange(10**10, 10**11)}",
        "Onboarding workshop",
        start.strftime(_US),
        (start + timedelta(hours=1)).strftime(_US),
        f"events@{DOMAIN}",
        60,
        len(guests),
    )
    rows: list[list[Any]] = []
    for guest in guests:
        joined = start + timedelta(minutes=rng.randrange(0, 10))
        left = start + timedelta(minutes=rng.randrange(40, 60))
        rows.append(
            [
                guest.name,
                guest.email,
                joined.strftime(_US),
                left.strftime(_US),
                round((left - joined).total_seconds() / 60),
                "Yes",
                "",
            ]
        )
    return table(_MEETING, [meeting]) + "\r\n" + table(_PARTICIPANT, rows)


def _calendar(company: Company) -> str:
    rng = company.rng("calendar")
    return calendar(line for index in range(160) for line in _event(company, rng, index))


def _event(company: Company, rng: Random, index: int) -> list[str]:
    """An event of RFC 5545; every fourth tells the invitee's phone in its description."""
    host, guest = rng.choice(company.users), rng.choice(company.guests)
    start = ago(rng, -10, 50).replace(second=0)
    text = rng.choice(company.words["event_texts"])
    if index % 4 == 2:
        text += f" Call {guest.phone} if nobody joins."
    own = [f"DESCRIPTION:{escaped(text)}", "LOCATION:Video call", "STATUS:CONFIRMED"]
    return event(values.uuid(rng), start, rng.choice(company.words["event_titles"]), host, guest, own)
