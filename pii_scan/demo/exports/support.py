"""Help desks: Intercom's conversations, Zendesk's tickets and users."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from .. import values
from ..clock import AS_OF, ago, epoch, stamp
from ..company import DOMAIN, Company
from ..files import lines, pretty, put
from ..people import Person
from ..readers import cast


def write(company: Company, folder: Path, kept: bool = False) -> None:
    put(folder / "intercom" / "conversations.json", pretty(_conversations(company)))
    put(folder / "zendesk" / "tickets.ndjson", lines(_tickets(company)))
    put(folder / "zendesk" / "users.ndjson", lines(_requesters(company, kept)))


def _conversations(company: Company) -> list[dict[str, Any]]:
    rng = company.rng("intercom")
    return [_conversation(company, rng, rng.choice(company.users), index) for index in range(150)]


def _conversation(company: Company, rng: Random, person: Person, index: int) -> dict[str, Any]:
    """One talk; every third carries a birth date that nobody asked for."""
    opened = ago(rng, 2, 200)
    attributes = {"plan": rng.choice(("free", "solo", "team"))}
    if index % 3 == 1:
        attributes["date_of_birth"] = (AS_OF - timedelta(days=rng.randrange(20 * 365, 60 * 365))).isoformat()
    agent = {
        "type": "admin",
        "name": rng.choice(("Support", "Care")),
        "email": f"agent{rng.randrange(1, 9)}@{DOMAIN}",
    }
    part = {
        "part_type": "comment",
        "body": f"<p>{rng.choice(company.words['support_texts'])}</p>",
        "author": agent,
        "created_at": epoch(opened) + 900,
    }
    return {
        "type": "conversation",
        "id": str(rng.randrange(10**9, 10**10)),
        "created_at": epoch(opened),
        "waiting_since": epoch(opened) + 60,
        "source": {
            "type": "conversation",
            "delivered_as": "customer_initiated",
            "body": f"<p>{rng.choice(company.words['feedback_texts'])}</p>",
            "author": {"type": "user", "name": person.name, "email": person.email},
        },
        "contacts": [{"type": "contact", "id": values.hexes(rng, 24)}],
        "custom_attributes": attributes,
        "admin_assignee_id": rng.randrange(1000, 9999),
        "conversation_parts": [part],
    }


def _tickets(company: Company) -> list[dict[str, Any]]:
    """Tickets of two years, three with a card in the text, a dozen older than the register allows."""
    rng = company.rng("zendesk")
    tickets = []
    for index in range(240):
        created = ago(rng, 800, 1_000) if index % 20 == 9 else ago(rng, 1, 700)
        text = rng.choice(company.words["support_texts"])
        if index % 80 == 40:
            text += f" I was charged twice on {values.spaced(values.card(rng))}, please check."
        tickets.append(
            {
                "id": 4_000 + index,
                "subject": rng.choice(("Calendar sync", "Invoice question", "Reminder settings", "Export")),
                "raw_subject": "ticket",
                "description": text,
                "status": rng.choice(("open", "solved", "closed")),
                "requester_id": 70_000 + rng.randrange(120),
                "submitter_id": 70_000 + rng.randrange(120),
                "assignee_id": 60_001,
                "organization_id": None,
                "collaborator_ids": [],
                "via": {"channel": "email", "source": {"from": {"address": rng.choice(company.users).email}}},
                "created_at": stamp(created),
                "updated_at": stamp(created + timedelta(hours=rng.randrange(1, 90))),
            }
        )
    return tickets


def _requesters(company: Company, kept: bool) -> list[dict[str, Any]]:
    """Those who wrote to the support; some have had another number since, which nobody sent on."""
    rng = company.rng("zendesk-users")
    former = {} if kept else {10 * n: person.phone for n, person in enumerate(cast(company).others[:12])}
    return [
        {
            "id": 70_000 + index,
            "name": person.name,
            "email": person.email,
            "phone": former.get(index, person.phone),
            "role": "end-user",
            "locale": person.locale.replace("_", "-"),
            "time_zone": person.zone,
            "notes": None,
            "verified": True,
            "ticket_restriction": "requested",
            "user_fields": {"plan": rng.choice(("free", "solo"))},
            "created_at": stamp(ago(rng, 10, 700)),
        }
        for index, person in enumerate(rng.sample(company.users, 120))
    ]
