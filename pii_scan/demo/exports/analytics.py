"""Recipients that the policy does not name: HubSpot, Amplitude, Sentry and Sift."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

from .. import values
from ..clock import ago, stamp
from ..company import DOMAIN, Company
from ..files import gzipped, lines, pretty, put, table

_CONTACTS = (
    "Record ID",
    "First Name",
    "Last Name",
    "Email",
    "Phone Number",
    "Contact owner",
    "Lead Status",
    "Create Date",
    "Associated Company",
    "Original Source",
    "Last Activity Date",
    "Marketing contact status",
)

_DECISIONS = ("email", "ip_address", "score", "decision", "decided_at")


def write(company: Company, folder: Path) -> None:
    put(folder / "hubspot" / "contacts.csv", table(_CONTACTS, _contacts(company)))
    put(folder / "amplitude" / "events.json.gz", gzipped(lines(_events(company))))
    put(folder / "sentry" / "events.json", pretty(_errors(company)))
    put(folder / "sift" / "decisions.csv", table(_DECISIONS, _decisions(company)))


def _decisions(company: Company) -> list[list[Any]]:
    """What a service that rates the risk of sign-ups was asked about."""
    rng = company.rng("sift")
    return [
        [
            person.email,
            values.address(rng),
            rng.randrange(1, 100),
            rng.choice(("accept", "accept", "watch")),
            stamp(ago(rng, 1, 60)),
        ]
        for person in rng.sample(company.users, 140)
    ]


def _contacts(company: Company) -> list[list[Any]]:
    rng = company.rng("hubspot")
    rows = []
    for index, person in enumerate(rng.sample(company.users, 150)):
        business = rng.choice(company.businesses)
        rows.append(
            [
                7_001 + index,
                person.given,
                person.family,
                person.email,
                person.phone,
                "Sales team",
                rng.choice(("NEW", "OPEN", "CONNECTED")),
                ago(rng, 30, 600).strftime("%Y-%m-%d %H:%M"),
                business.name,
                rng.choice(("Organic Search", "Direct Traffic")),
                ago(rng, 1, 30).strftime("%Y-%m-%d %H:%M"),
                "Marketing contact",
            ]
        )
    return rows


def _events(company: Company) -> list[dict[str, Any]]:
    rng = company.rng("amplitude")
    return [_event(company, rng) for _ in range(500)]


def _event(company: Company, rng: Random) -> dict[str, Any]:
    person = rng.choice(company.users)
    moment = ago(rng, 0, 60)
    return {
        "user_id": person.email,
        "device_id": values.uuid(rng),
        "event_type": rng.choice(("open_dashboard", "create_event_type", "share_link")),
        "event_time": stamp(moment),
        "client_event_time": stamp(moment),
        "server_upload_time": stamp(moment),
        "session_id": rng.randrange(10**12, 10**13),
        "event_properties": {"page": rng.choice(("week", "month"))},
        "user_properties": {"plan": rng.choice(("free", "solo"))},
        "ip_address": values.address(rng),
        "city": person.city,
        "country": person.country,
        "dma": None,
        "location_lat": round(rng.uniform(36, 59), 4),
        "location_lng": round(rng.uniform(-9, 20), 4),
        "os_name": rng.choice(("Windows", "iOS", "Android")),
        "device_family": rng.choice(("PC", "iPhone", "Pixel")),
        "uuid": values.uuid(rng),
    }


def _errors(company: Company) -> list[dict[str, Any]]:
    rng = company.rng("sentry")
    events = []
    for _ in range(120):
        person = rng.choice(company.users)
        frame = {
            "filename": rng.choice(("booking.py", "calendar.py", "mail.py")),
            "lineno": rng.randrange(10, 400),
        }
        events.append(
            {
                "event_id": values.hexes(rng, 32),
                "platform": "python",
                "timestamp": stamp(ago(rng, 0, 60)),
                "dateReceived": stamp(ago(rng, 0, 60)),
                "culprit": rng.choice(("booking.confirm", "calendar.sync")),
                "groupID": str(rng.randrange(1000, 9999)),
                "sdk": {"name": "sentry.python"},
                "user": {
                    "id": str(rng.randrange(1, 401)),
                    "email": person.email,
                    "ip_address": values.address(rng),
                },
                "exception": {
                    "values": [
                        {
                            "type": rng.choice(("TimeoutError", "ValueError")),
                            "stacktrace": {"frames": [frame]},
                        }
                    ]
                },
                "request": {"url": f"https://api.{DOMAIN}/v1/bookings"},
            }
        )
    return events
