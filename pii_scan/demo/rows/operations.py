"""Webhooks, jobs, support, audit and the other tables that run the service."""

from __future__ import annotations

import json
from datetime import timedelta
from random import Random
from typing import Any

from .. import values
from ..clock import AS_OF, NOW, ago, stamp
from ..company import DOMAIN, Company

Tables = dict[str, list[dict[str, Any]]]
#: Days after which a webhook's delivery is deleted (R04 of the register).
DELIVERY_DAYS = 30


def fill(company: Company, tables: Tables) -> None:
    rng = company.rng("operations")
    tables["subscriptions"] = _subscriptions(rng, tables["accounts"])
    tables["webhooks"] = _webhooks(company, rng)
    tables["webhook_deliveries"] = _deliveries(company, rng, tables)
    tables["workflow_steps"] = _steps(company, rng, tables["event_types"])
    tables["tasks"] = _tasks(rng, tables["bookings"])
    tables["form_responses"] = _responses(company, rng)
    tables["feedback"] = [
        {
            "id": i,
            "user_id": rng.randrange(1, 401),
            "rating": rng.randrange(1, 6),
            "comment": rng.choice(company.words["feedback_texts"]),
            "created_at": ago(rng, 1, 400),
        }
        for i in range(1, 121)
    ]
    tables["support_notes"] = _support(company, rng)
    tables["legal_holds"] = [
        {
            "id": i,
            "account_id": i * 7,
            "category": rng.choice(("invoices", "correspondence")),
            "basis": rng.choice(("tax law", "pending dispute")),
            "expires_on": AS_OF + timedelta(days=rng.randrange(100, 900)),
        }
        for i in range(1, 7)
    ]
    tables["verification_tokens"] = [
        {
            "id": i,
            "identifier": rng.choice(company.users).email,
            "token_hash": values.hexes(rng, 64),
            "expires_at": NOW + timedelta(hours=rng.randrange(1, 48)),
        }
        for i in range(1, 81)
    ]
    tables["calendar_cache"] = _cache(company, rng)
    tables["out_of_office"] = _away(company, rng)
    tables["audit_events"] = _audit(company, rng)


def _subscriptions(rng: Random, accounts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Only paying accounts have card details, and those are brand, last four and expiry."""
    paying = [account for account in accounts if account["plan"] != "free"]
    return [
        {
            "id": i,
            "account_id": account["id"],
            "plan": account["plan"],
            "stripe_subscription_id": values.token(rng, 24, "sub_"),
            "card_brand": rng.choice(("visa", "mastercard", "amex")),
            "card_last4": f"{rng.randrange(10_000):04d}",
            "card_exp_month": rng.randrange(1, 13),
            "card_exp_year": rng.randrange(2026, 2031),
            "renewed_at": ago(rng, 0, 30),
        }
        for i, account in enumerate(paying, 1)
    ]


def _webhooks(company: Company, rng: Random) -> list[dict[str, Any]]:
    rows = []
    for i in range(1, 41):
        business = company.businesses[i * 3 % len(company.businesses)]
        own = f"https://hooks.{business.domain}/booking-events"
        hook = f"{rng.randrange(10_000, 99_999)}/{values.token(rng, 7).lower()}/"
        zap = f"https://hooks.zapier.com/hooks/catch/{hook}"
        rows.append(
            {
                "id": i,
                "account_id": business.number,
                "subscriber_url": zap if i % 2 else own,
                "signing_secret": values.token(rng, 32, "whsec_"),
                "active": True,
                "is_ssl_verified": True,
                "created_at": ago(rng, 40, 500),
            }
        )
    return rows


def _deliveries(company: Company, rng: Random, tables: Tables) -> list[dict[str, Any]]:
    """A booking's names, addresses and times: what the receiving task needs."""
    rows = []
    for i in range(1, 301):
        hook = rng.choice(tables["webhooks"])
        booking = rng.choice(tables["bookings"])
        host = company.users[booking["host_id"] - 1]
        guest = json.loads(booking["answers"])["guest"]
        payload = {
            "event": "booking.created",
            "booking": booking["uid"],
            "starts_at": stamp(booking["starts_at"]),
            "organizer": {"name": host.name, "email": host.email},
            "attendees": [dict(guest)],
        }
        rows.append(
            {
                "id": i,
                "webhook_id": hook["id"],
                "url": hook["subscriber_url"],
                "event": "booking.created",
                "payload": json.dumps(payload, ensure_ascii=False),
                "status_code": rng.choice((200, 200, 200, 500)),
                "attempts": rng.choice((1, 1, 2)),
                "delivered_at": ago(rng, 0, DELIVERY_DAYS - 2),
            }
        )
    return rows


def _steps(company: Company, rng: Random, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rows = []
    for i, event in enumerate(rng.sample(events, 150), 1):
        host = company.users[event["user_id"] - 1]
        rows.append(
            {
                "id": i,
                "event_type_id": event["id"],
                "action": rng.choice(("email_host", "sms_host")),
                "send_to": host.email,
                "subject": "New booking",
                "body": "Hello {host_name}, {guest_name} has booked {event_title}.",
            }
        )
    return rows


def _tasks(rng: Random, bookings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rows = []
    for i in range(1, 201):
        booking = rng.choice(bookings)
        payload = {"booking": booking["uid"], "template": rng.choice(("reminder", "confirmation"))}
        scheduled = ago(rng, 0, 14)
        rows.append(
            {
                "id": i,
                "kind": rng.choice(("send_reminder", "sync_calendar", "refresh_cache")),
                "endpoint": f"https://jobs.{DOMAIN}/run",
                "payload": json.dumps(payload),
                "attempts": 1,
                "scheduled_at": scheduled,
                "succeeded_at": scheduled + timedelta(seconds=rng.randrange(1, 40)),
            }
        )
    return rows


def _responses(company: Company, rng: Random) -> list[dict[str, Any]]:
    rows = []
    for i in range(1, 301):
        guest = rng.choice(company.guests)
        answers = {
            "full_name": guest.name,
            "email": guest.email,
            "company_size": rng.choice(("1-5", "6-20", "21-50")),
            "topic": rng.choice(company.words["topics"]),
        }
        rows.append(
            {
                "id": i,
                "event_type_id": rng.randrange(1, 321),
                "answers": json.dumps(answers, ensure_ascii=False),
                "created_at": ago(rng, 1, 500),
            }
        )
    return rows


def _support(company: Company, rng: Random) -> list[dict[str, Any]]:
    return [
        {
            "id": i,
            "account_id": rng.randrange(1, 141),
            "agent": f"agent{rng.randrange(1, 9)}@{DOMAIN}",
            "ticket_ref": f"T-{rng.randrange(1000, 9999)}",
            "body": rng.choice(company.words["support_texts"]),
            "created_at": ago(rng, 1, 500),
        }
        for i in range(1, 241)
    ]


def _cache(company: Company, rng: Random) -> list[dict[str, Any]]:
    rows = []
    for i in range(1, 151):
        person = company.users[i]
        busy = [
            {"start": stamp(ago(rng, -10, 5)), "minutes": rng.choice((30, 60)), "calendar": person.email}
            for _ in range(3)
        ]
        rows.append(
            {
                "id": i,
                "user_id": i + 1,
                "cache_key": f"freebusy:{values.hexes(rng, 12)}",
                "value": json.dumps({"busy": busy}),
                "expires_at": NOW + timedelta(minutes=rng.randrange(5, 90)),
            }
        )
    return rows


def _away(company: Company, rng: Random) -> list[dict[str, Any]]:
    rows = []
    for i in range(1, 91):
        first = AS_OF - timedelta(days=rng.randrange(-40, 300))
        rows.append(
            {
                "id": i,
                "user_id": rng.randrange(1, 401),
                "starts_on": first,
                "ends_on": first + timedelta(days=rng.randrange(1, 15)),
                "reason": rng.choice(company.words["away_reasons"]),
                "notes": "Please contact the team's shared inbox." if i % 3 == 0 else None,
            }
        )
    return rows


def _audit(company: Company, rng: Random) -> list[dict[str, Any]]:
    rows = []
    for i in range(1, 501):
        user = rng.randrange(len(company.users))
        rows.append(
            {
                "id": i,
                "account_id": company.account_of(user).number,
                "actor_email": company.users[user].email,
                "action": rng.choice(
                    ("login", "export_requested", "member_invited", "booking_deleted", "settings_changed")
                ),
                "target": f"{rng.choice(('booking', 'user', 'team'))}:{rng.randrange(1, 1200)}",
                "ip_address": values.address(rng),
                "created_at": ago(rng, 0, 350),
            }
        )
    return rows
