"""SendGrid's event log and Mailchimp's audience."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from .. import values
from ..clock import ago, epoch
from ..company import DOMAIN, Company
from ..files import pretty, put, table, zipped
from ..people import Person

_TIME = "%Y-%m-%d %H:%M:%S"
_HEAD = (
    "Email Address",
    "First Name",
    "Last Name",
    "MEMBER_RATING",
    "OPTIN_TIME",
    "OPTIN_IP",
    "CONFIRM_TIME",
    "CONFIRM_IP",
)
_PLACE = ("LATITUDE", "LONGITUDE", "GMTOFF", "DSTOFF", "TIMEZONE", "CC", "REGION")
_TAIL = ("LAST_CHANGED", "LEID", "EUID", "NOTES", "TAGS")
#: Mailchimp writes two of these twice.
_LEFT = (
    "UNSUB_TIME",
    "UNSUB_CAMPAIGN_TITLE",
    "UNSUB_CAMPAIGN_ID",
    "UNSUB_REASON",
    "UNSUB_REASON_OTHER",
    "UNSUB_CAMPAIGN_ID",
    "UNSUB_REASON",
)
_CLEANED = ("CLEAN_TIME", "CLEAN_CAMPAIGN_TITLE", "CLEAN_CAMPAIGN_ID")


def write(company: Company, folder: Path) -> None:
    put(folder / "sendgrid" / "events.json", pretty(_events(company)))
    put(folder / "mailchimp" / "audience.zip", zipped(_audience(company)))


def _events(company: Company) -> list[dict[str, Any]]:
    """Opens carry the reader's address and browser; some reminders a phone number as a custom argument."""
    rng = company.rng("sendgrid")
    events = []
    for index in range(600):
        guest = rng.choice(company.guests)
        kind = rng.choice(("processed", "delivered", "delivered", "open"))
        event: dict[str, Any] = {
            "email": guest.email,
            "timestamp": epoch(ago(rng, 0, 60)),
            "smtp-id": f"<{values.token(rng, 12)}@mail.{DOMAIN}>",
            "event": kind,
            "category": [rng.choice(("confirmation", "reminder"))],
            "sg_event_id": values.token(rng, 22),
            "sg_message_id": values.token(rng, 22),
        }
        if kind == "open":
            event |= {"ip": values.address(rng), "useragent": rng.choice(company.words["agents"])}
        if index % 8 == 3:
            event["attendee_phone"] = guest.phone
        events.append(event)
    return events


def _audience(company: Company) -> dict[str, str]:
    """Three lists; places of the readers, which the provider works out, stand in the first."""
    rng = company.rng("mailchimp")
    readers = rng.sample(company.users, 320)
    parts = {"subscribed": readers[:240], "unsubscribed": readers[240:300], "cleaned": readers[300:]}
    headers = {
        "subscribed": (*_HEAD, *_PLACE, *_TAIL),
        "unsubscribed": (*_HEAD, *_PLACE[2:], *_TAIL, *_LEFT),
        "cleaned": (*_HEAD, *_PLACE[2:], *_TAIL, *_CLEANED),
    }
    ends = {"subscribed": _none, "unsubscribed": _left, "cleaned": _cleaned}
    return {
        f"{name}.csv": table(
            headers[name], [_member(rng, person, name) + ends[name](rng) for person in people]
        )
        for name, people in parts.items()
    }


def _member(rng: Random, person: Person, part: str) -> list[Any]:
    joined = ago(rng, 60, 900)
    confirmed = joined + timedelta(minutes=rng.randrange(1, 300))
    ip = values.address(rng)
    place: list[Any] = [-5, -4, person.zone, person.country, ""]
    if part == "subscribed":
        place = [f"{rng.uniform(36, 59):.6f}", f"{rng.uniform(-9, 20):.6f}", *place]
    return [
        person.email,
        person.given,
        person.family,
        rng.randrange(1, 6),
        joined.strftime(_TIME),
        ip,
        confirmed.strftime(_TIME),
        ip,
        *place,
        ago(rng, 1, 50).strftime(_TIME),
        rng.randrange(10_000_000, 99_999_999),
        values.hexes(rng, 10),
        "",
        rng.choice(('"customer"', '"customer","beta"', "")),
    ]


def _none(rng: Random) -> list[Any]:
    return []


def _left(rng: Random) -> list[Any]:
    campaign = values.hexes(rng, 10)
    return [ago(rng, 10, 300).strftime(_TIME), "Winter news", campaign, "NORMAL", "", campaign, "NORMAL"]


def _cleaned(rng: Random) -> list[Any]:
    return [ago(rng, 10, 300).strftime(_TIME), "Winter news", values.hexes(rng, 10)]
