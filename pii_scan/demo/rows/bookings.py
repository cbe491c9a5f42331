"""Event types, bookings, attendees and what hangs on a booking."""

from __future__ import annotations

import json
from datetime import timedelta
from random import Random
from typing import Any

from .. import values
from ..clock import NOW, ago
from ..company import DOMAIN, Company
from ..people import Person, slug

Tables = dict[str, list[dict[str, Any]]]
BOOKINGS = 1_200
ATTENDEES = 1_500
#: Days after which bookings are deleted in the default mode (R06 of the register).
BOOKING_DAYS = 1_095
_ROOMS = {"zoom": "us02web.zoom.us", "own-room": f"rooms.{DOMAIN}"}


def fill(company: Company, tables: Tables) -> None:
    rng = company.rng("bookings")
    tables["event_types"] = _event_types(company, rng)
    seats = _seats(company, rng)
    tables["bookings"] = [_booking(company, rng, i, seats[i][0], tables) for i in range(1, BOOKINGS + 1)]
    tables["attendees"] = _attendees(rng, seats)
    tables["booking_references"] = _references(company, rng, tables["bookings"])
    tables["booking_notes"] = _notes(company, rng, tables["bookings"])
    tables["payments"] = _payments(rng, tables["bookings"])
    tables["outbound_messages"] = _messages(rng, tables["bookings"], seats)


def _seats(company: Company, rng: Random) -> dict[int, list[Person]]:
    """Who comes to each booking: one guest, and for some a second one."""
    seats = {i: [rng.choice(company.guests)] for i in range(1, BOOKINGS + 1)}
    for i in rng.sample(range(1, BOOKINGS + 1), ATTENDEES - BOOKINGS):
        seats[i].append(rng.choice(company.guests))
    return seats


def _event_types(company: Company, rng: Random) -> list[dict[str, Any]]:
    rows = []
    for i in range(1, 321):
        title = rng.choice(company.words["event_titles"])
        rows.append(
            {
                "id": i,
                "user_id": i,
                "title": title,
                "slug": f"{slug(title).replace('.', '-')}-{i}",
                "description": rng.choice(company.words["event_texts"]),
                "length_minutes": rng.choice((15, 30, 45, 60)),
                "price_cents": rng.choice((0, 0, 2_500, 6_000)),
                "hidden": rng.random() < 0.1,
            }
        )
    return rows


def _booking(company: Company, rng: Random, i: int, guest: Person, tables: Tables) -> dict[str, Any]:
    event = rng.choice(tables["event_types"])
    host = company.users[event["user_id"] - 1]
    chosen = tables["accounts"][company.account_of(event["user_id"] - 1).number - 1]
    oldest = min(BOOKING_DAYS - 300, (chosen["bookings_auto_delete_days"] or BOOKING_DAYS) - 2)
    starts = ago(rng, -20, oldest).replace(minute=rng.choice((0, 15, 30)), second=0)
    cancelled = rng.random() < 0.12
    answers = {
        "topic": rng.choice(company.words["topics"]),
        "guest": {"name": guest.name, "email": guest.email},
    }
    if rng.random() < 0.3:
        answers["comment"] = rng.choice(company.words["event_texts"])
    return {
        "id": i,
        "uid": values.uuid(rng),
        "event_type_id": event["id"],
        "host_id": event["user_id"],
        "title": f"{event['title']}: {host.name} / {guest.name}",
        "description": event["description"],
        "starts_at": starts,
        "ends_at": starts + timedelta(minutes=event["length_minutes"]),
        "status": "cancelled" if cancelled else "confirmed",
        "location": rng.choice(("zoom", "phone", "office", "own-room")),
        "answers": json.dumps(answers, ensure_ascii=False),
        "cancelled_by": rng.choice((host.email, guest.email)) if cancelled else None,
        "cancellation_reason": rng.choice(company.words["cancel_reasons"]) if cancelled else None,
        "sms_reminder_number": guest.phone if rng.random() < 0.25 else None,
        "created_at": min(starts - timedelta(days=rng.randrange(1, 20)), NOW),
    }


def _attendees(rng: Random, seats: dict[int, list[Person]]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for booking, guests in seats.items():
        for guest in guests:
            rows.append(
                {
                    "id": len(rows) + 1,
                    "booking_id": booking,
                    "name": guest.name,
                    "email": guest.email,
                    "phone": guest.phone if rng.random() < 0.5 else None,
                    "time_zone": guest.zone,
                    "locale": guest.locale,
                    "no_show": rng.random() < 0.05,
                }
            )
    return rows


def _references(company: Company, rng: Random, bookings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for booking in bookings:
        if booking["location"] not in ("zoom", "own-room"):
            continue
        meeting = "".join(rng.choices("0123456789", k=11))
        rows.append(
            {
                "id": len(rows) + 1,
                "booking_id": booking["id"],
                "kind": booking["location"],
                "meeting_url": f"https://{_ROOMS[booking['location']]}/j/{meeting}",
                "meeting_code": values.token(rng, 6),
                "external_calendar_id": company.users[booking["host_id"] - 1].email,
            }
        )
    return rows


def _notes(company: Company, rng: Random, bookings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    past = [booking for booking in bookings if booking["ends_at"] < NOW]
    return [
        {
            "id": i,
            "booking_id": booking["id"],
            "author_id": booking["host_id"],
            "body": rng.choice(company.words["note_texts"]),
            "created_at": booking["ends_at"],
        }
        for i, booking in enumerate(rng.sample(past, 240), 1)
    ]


def _payments(rng: Random, bookings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rows = []
    for i, booking in enumerate(rng.sample(bookings, 300), 1):
        answer = {
            "object": "charge",
            "outcome": "authorized",
            "receipt": values.token(rng, 20, "rcpt_"),
            "card": {
                "brand": rng.choice(("visa", "mastercard")),
                "last4": f"{rng.randrange(10_000):04d}",
                "exp_month": rng.randrange(1, 13),
                "exp_year": rng.randrange(2026, 2031),
            },
        }
        rows.append(
            {
                "id": i,
                "booking_id": booking["id"],
                "order_number": values.order_number(rng),
                "amount_cents": rng.choice((2_500, 6_000, 9_000)),
                "currency": rng.choice(("USD", "EUR", "GBP")),
                "status": rng.choice(("paid", "paid", "paid", "refunded")),
                "provider_id": values.token(rng, 24, "pi_"),
                "data": json.dumps(answer),
                "created_at": booking["created_at"],
            }
        )
    return rows


def _messages(
    rng: Random, bookings: list[dict[str, Any]], seats: dict[int, list[Person]]
) -> list[dict[str, Any]]:
    rows = []
    for i, booking in enumerate(rng.sample(bookings, 600), 1):
        rows.append(
            {
                "id": i,
                "booking_id": booking["id"],
                "to_address": seats[booking["id"]][0].email,
                "template": rng.choice(("confirmation", "reminder", "follow_up")),
                "subject": rng.choice(
                    ("Your booking is confirmed", "See you tomorrow", "Thank you for coming")
                ),
                "provider_message_id": values.token(rng, 22),
                "sent_at": min(booking["created_at"] + timedelta(minutes=2), NOW),
            }
        )
    return rows
