"""Accounts, users and what lets them in."""

from __future__ import annotations

import json
from datetime import timedelta
from random import Random
from typing import Any

from .. import values
from ..clock import NOW, ago
from ..company import DOMAIN, Company
from ..people import slug

Tables = dict[str, list[dict[str, Any]]]
#: Days after which a session is deleted (R03 of the register).
SESSION_DAYS = 30


def fill(company: Company, tables: Tables) -> None:
    rng = company.rng("accounts")
    tables["accounts"] = _accounts(company, rng)
    tables["users"] = _users(company, rng, tables["accounts"])
    tables["user_passwords"] = [
        {"id": i, "user_id": i, "password_hash": values.bcrypt(rng), "changed_at": ago(rng, 1, 700)}
        for i in range(1, len(company.users) + 1)
    ]
    tables["sessions"] = _sessions(company, rng)
    tables["api_keys"] = _api_keys(rng)
    tables["integrations"] = _integrations(company, rng)
    tables["teams"], tables["memberships"] = _teams(company, rng)
    tables["schedules"] = _schedules(company, rng)
    tables["consents"] = _consents(company, rng)
    tables["notification_preferences"] = [
        {
            "id": i,
            "user_id": i,
            "channel": rng.choice(("email", "email", "push")),
            "reminders": rng.random() < 0.9,
            "promotions": rng.random() < 0.4,
            "updated_at": ago(rng, 1, 500),
        }
        for i in range(1, len(company.users) + 1)
    ]


def _accounts(company: Company, rng: Random) -> list[dict[str, Any]]:
    rows = []
    for business in company.businesses:
        plan = rng.choices(("free", "solo", "team", "scale"), (50, 25, 20, 5))[0]
        rows.append(
            {
                "id": business.number,
                "name": business.name,
                "plan": plan,
                "domain": business.domain,
                "country": business.country,
                "time_zone": business.zone,
                "bookings_auto_delete_days": rng.choice((None, None, None, 365, 730)),
                "stripe_customer_id": None if plan == "free" else values.token(rng, 14, "cus_"),
                "created_at": ago(rng, 800, 1_700),
                "closed_at": None,
            }
        )
    return rows


def _users(company: Company, rng: Random, accounts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rows = []
    for index, person in enumerate(company.users):
        account = accounts[index % len(accounts)]
        rows.append(
            {
                "id": index + 1,
                "account_id": account["id"],
                "email": person.email,
                "username": person.username,
                "given_name": person.given,
                "family_name": person.family,
                "phone": person.phone if rng.random() < 0.7 else None,
                "bio": rng.choice(company.words["bios"]) if rng.random() < 0.5 else None,
                "avatar_url": f"https://cdn.{DOMAIN}/avatars/{values.hexes(rng, 20)}.png",
                "time_zone": person.zone,
                "locale": person.locale,
                "role": "owner" if index < len(accounts) else rng.choice(("member", "member", "admin")),
                "status": "active",
                "date_of_birth": None,
                "tax_id": None,
                "created_at": ago(rng, 400, 800),
                "last_active_at": ago(rng, 0, 60),
                "deleted_at": None,
            }
        )
    return rows


def _sessions(company: Company, rng: Random) -> list[dict[str, Any]]:
    rows = []
    for i in range(1, 501):
        seen = ago(rng, 0, SESSION_DAYS - 2)
        rows.append(
            {
                "id": i,
                "user_id": rng.randrange(1, len(company.users) + 1),
                "token_hash": values.hexes(rng, 64),
                "ip_address": values.address(rng),
                "user_agent": rng.choice(company.words["agents"]),
                "device_fingerprint": None,
                "created_at": seen - timedelta(hours=rng.randrange(1, 30)),
                "last_seen_at": seen,
            }
        )
    return rows


def _api_keys(rng: Random) -> list[dict[str, Any]]:
    return [
        {
            "id": i,
            "user_id": rng.randrange(1, 401),
            "label": rng.choice(("ci", "website", "reporting", "import")),
            "hashed_key": values.hexes(rng, 64),
            "created_at": ago(rng, 60, 700),
            "last_used_at": ago(rng, 0, 60),
        }
        for i in range(1, 61)
    ]


def _integrations(company: Company, rng: Random) -> list[dict[str, Any]]:
    kinds = (
        ("google-calendar", "https://www.googleapis.com/calendar/v3", "calendar.events"),
        ("zoom", "https://api.zoom.us/v2", "meeting:write"),
        ("zapier", "https://hooks.zapier.com/hooks/catch", "bookings:read"),
    )
    rows = []
    for i in range(1, 181):
        user = rng.randrange(len(company.users))
        provider, endpoint, scopes = rng.choice(kinds)
        rows.append(
            {
                "id": i,
                "account_id": company.account_of(user).number,
                "user_id": user + 1,
                "provider": provider,
                "endpoint": endpoint,
                "external_account": company.users[user].email,
                "scopes": scopes,
                "sealed_token": values.sealed(rng, 96),
                "created_at": ago(rng, 30, 700),
                "revoked_at": None,
            }
        )
    return rows


def _teams(company: Company, rng: Random) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    teams: list[dict[str, Any]] = []
    members: list[dict[str, Any]] = []
    for i in range(1, 61):
        title = rng.choice(("Front desk", "Sales", "Support", "Coaches", "Studio", "Evening shift"))
        joined = ago(rng, 30, 600)
        teams.append(
            {
                "id": i,
                "account_id": i,
                "title": title,
                "slug": slug(title).replace(".", "-") + f"-{i}",
                "created_at": joined,
            }
        )
        for user in range(i - 1, len(company.users), len(company.businesses)):
            members.append(
                {
                    "id": len(members) + 1,
                    "team_id": i,
                    "user_id": user + 1,
                    "role": rng.choice(("member", "lead")),
                    "invited_email": company.users[user].email,
                    "joined_at": joined + timedelta(days=rng.randrange(1, 20)),
                }
            )
    return teams, members


def _schedules(company: Company, rng: Random) -> list[dict[str, Any]]:
    rows = []
    for i, person in enumerate(company.users, 1):
        start = rng.choice(("08:00", "09:00", "10:00"))
        hours = [
            {"day": day, "from": start, "to": rng.choice(("16:00", "17:30", "18:00"))}
            for day in ("mon", "tue", "wed", "thu", "fri")
        ]
        rows.append(
            {
                "id": i,
                "user_id": i,
                "title": rng.choice(("Working hours", "Office", "Evenings")),
                "time_zone": person.zone,
                "availability": json.dumps(hours),
            }
        )
    return rows


def _consents(company: Company, rng: Random) -> list[dict[str, Any]]:
    rows = []
    for i, person in enumerate(company.users, 1):
        rows.append(
            {
                "id": i,
                "user_id": i,
                "given_name": person.given,
                "family_name": person.family,
                "email": person.email,
                "ip": values.address(rng),
                "kind": rng.choice(("terms", "terms", "newsletter")),
                "created_at": NOW - timedelta(days=rng.randrange(30, 780)),
            }
        )
    return rows
