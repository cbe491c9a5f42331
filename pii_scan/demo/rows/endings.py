"""What ends: accounts, users, periods that accounts chose, webhooks; as promised, and too late."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from .. import values
from ..clock import NOW, ago
from ..company import Company
from ..readers import cast

Tables = dict[str, list[dict[str, Any]]]
Row = dict[str, Any]
#: The shortest period that accounts of the demo choose.
_SHORT: Final = 365


def fill(company: Company, tables: Tables) -> None:
    """Accounts closed this month, event types of users who just left, two webhooks that went silent."""
    rng = company.rng("endings")
    for account in _paying(tables)[:3]:
        account["closed_at"] = ago(rng, 2, 20)
    leavers = [user for user in tables["users"] if user["deleted_at"]]
    for user in leavers[-2:]:
        _event_type(rng, company, tables, user)
    for hook in tables["webhooks"]:
        hook["disabled_at"] = None
    for hook in _busiest(tables)[:2]:
        _disable(hook, max(_delivered(tables, hook)) + timedelta(hours=1))


def breach(company: Company, tables: Tables) -> None:
    """The same, too late: nobody deleted, and deliveries went on."""
    rng = company.rng("endings-broken")
    for account in _paying(tables)[3:7]:
        account["closed_at"] = ago(rng, 90, 300)
    forgotten = [user for user in tables["users"] if user["deleted_at"]][:6]
    for user in forgotten:
        _event_type(rng, company, tables, user)
    for note in rng.sample(tables["booking_notes"], 2):
        note["author_id"] = forgotten[0]["id"]  # of a booking whose host is active
    _outlived(rng, tables)
    _cards(rng, tables)
    hook = _busiest(tables)[2]
    _disable(hook, sorted(_delivered(tables, hook))[1] + timedelta(minutes=5))
    _returned(company, tables["form_responses"])


def _paying(tables: Tables) -> list[Row]:
    """Accounts whose users have event types, none of those that others of the demo's parts use."""
    return [a for a in tables["accounts"][100:] if a["plan"] != "free"]


def _event_type(rng: Random, company: Company, tables: Tables, user: Row) -> None:
    number = len(tables["event_types"]) + 1
    tables["event_types"].append(
        {
            "id": number,
            "user_id": user["id"],
            "title": rng.choice(company.words["event_titles"]),
            "slug": f"call-{number}",
            "description": rng.choice(company.words["event_texts"]),
            "length_minutes": 30,
            "price_cents": 0,
            "hidden": True,
        }
    )


def _delivered(tables: Tables, hook: Row) -> list[datetime]:
    return [d["delivered_at"] for d in tables["webhook_deliveries"] if d["webhook_id"] == hook["id"]]


def _busiest(tables: Tables) -> list[Row]:
    """Zapier's webhooks, those with most deliveries first."""
    zaps = [hook for hook in tables["webhooks"] if "zapier.com" in hook["subscriber_url"]]
    return sorted(zaps, key=lambda hook: (-len(_delivered(tables, hook)), hook["id"]))


def _disable(hook: Row, moment: datetime) -> None:
    hook["active"] = False
    hook["disabled_at"] = min(moment, NOW)


def _outlived(rng: Random, tables: Tables) -> None:
    """Bookings that are older than the days that their account has chosen."""
    chosen = {a["id"] for a in tables["accounts"] if a["bookings_auto_delete_days"] == _SHORT}
    hosts = {user["id"] for user in tables["users"] if user["account_id"] in chosen}
    theirs = [booking for booking in tables["bookings"] if booking["host_id"] in hosts]
    for booking in rng.sample(theirs, 12):
        length = booking["ends_at"] - booking["starts_at"]
        booking["starts_at"] = ago(rng, 500, 700).replace(second=0)
        booking["ends_at"] = booking["starts_at"] + length
        booking["created_at"] = booking["starts_at"] - timedelta(days=3)


def _cards(rng: Random, tables: Tables) -> None:
    """Cards of accounts that went back to the free plan."""
    listed = tables["subscriptions"]
    for account in [a for a in tables["accounts"] if a["plan"] == "free"][:5]:
        listed.append(
            {
                **listed[0],
                "id": len(listed) + 1,
                "account_id": account["id"],
                "plan": "free",
                "stripe_subscription_id": values.token(rng, 24, "sub_"),
                "card_last4": f"{rng.randrange(10_000):04d}",
                "renewed_at": ago(rng, 200, 400),
            }
        )


def _returned(company: Company, responses: list[Row]) -> None:
    """An old form answer came back from a backup: its author was erased."""
    responses[7]["answers"] = responses[7]["answers"].replace(
        _email(responses[7]["answers"]), cast(company).erased[0].email
    )


def _email(answers: str) -> str:
    found: str = json.loads(answers)["email"]
    return found
