"""Tables without people: names, numbers and months that only look like personal data."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from ..clock import NOW, ago
from ..company import Company

_PLANS = (
    ("free", "Free", 0, 1),
    ("solo", "Solo", 1_000, 1),
    ("team", "Team", 2_400, 10),
    ("scale", "Scale", 9_900, 50),
)
_FLAGS = (
    "week_view",
    "dark_mode",
    "ics_feed_v2",
    "group_bookings",
    "sms_reminders",
    "round_robin",
    "page_themes",
    "fast_sync",
)
_GOODS = (
    "Desk calendar",
    "Wall planner",
    "Notebook",
    "Door sign",
    "Visitor badge",
    "Table stand",
    "Window sticker",
    "Pocket diary",
)
_FEATURES = ("bookings", "reminders", "teams", "webhooks", "calendar_sync", "exports", "routing_forms")


def fill(company: Company, tables: dict[str, list[dict[str, Any]]]) -> None:
    rng = company.rng("lookups")
    tables["plans"] = [
        {"id": i, "code": code, "title": title, "price_cents": price, "currency": "USD", "seats": seats}
        for i, (code, title, price, seats) in enumerate(_PLANS, 1)
    ]
    tables["countries"] = [
        {"id": i, "code": code, "title": title, "continent": continent, "calling_code": calling}
        for i, (code, title, continent, calling) in enumerate(company.words["countries"], 1)
    ]
    tables["feature_flags"] = [
        {
            "id": i,
            "flag": flag,
            "enabled": rng.random() < 0.6,
            "rollout_percent": rng.choice([0.0, 12.5, 50.0, 100.0]),
            "updated_at": ago(rng, 5, 600),
        }
        for i, flag in enumerate(_FLAGS, 1)
    ]
    tables["products"] = [
        {
            "id": i,
            "sku": f"PRD-{rng.randrange(1000, 9999)}-{rng.choice('ABCD')}{i}",
            "name": f"{rng.choice(_GOODS)} {rng.choice(('A4', 'A5', 'XL', '2026'))}",
            "price_cents": rng.randrange(300, 9_000),
            "weight_grams": round(rng.uniform(20, 900), 1),
            "created_at": ago(rng, 30, 900),
        }
        for i in range(1, 61)
    ]
    tables["usage_counters"] = _counters(company)


def _counters(company: Company) -> list[dict[str, Any]]:
    rng = company.rng("counters")
    rows = []
    for back in range(12):
        month = (NOW - timedelta(days=30 * back)).strftime("%Y-%m")
        for feature in _FEATURES:
            rows.append(
                {
                    "month": month,
                    "feature": feature,
                    "uses": rng.randrange(50, 40_000),
                    "mean_seconds": round(rng.uniform(0.05, 9), 3),
                }
            )
    return [{"id": i, **row} for i, row in enumerate(rows, 1)]
