"""What features are used, event by event; what breaks the promise on it, and health in descriptions."""

from __future__ import annotations

import json
from typing import Any, Final

from ..clock import ago
from ..company import Company

Tables = dict[str, list[dict[str, Any]]]
_FEATURES: Final = ("share_link", "round_robin", "week_view", "reminder_editor", "export")
_ILL: Final = (
    "{} was diagnosed with type 2 diabetes, so we plan a break every hour.",
    "{} est atteinte d'épilepsie, prévoir une pause.",
    "My client {} suffers from severe depression and needs a quiet room.",
)


def fill(company: Company, tables: Tables) -> None:
    """Names of features, counters and ids."""
    rng = company.rng("usage")
    tables["usage_events"] = [
        {
            "id": i,
            "user_id": rng.randrange(1, 401),
            "feature": rng.choice(_FEATURES),
            "properties": json.dumps({"page": rng.choice(("week", "month")), "count": rng.randrange(1, 9)}),
            "occurred_at": ago(rng, 0, 60),
        }
        for i in range(1, 401)
    ]


def plant(company: Company, tables: Tables) -> None:
    """Events that tell who was invited to what, and services described by somebody's illness."""
    rng = company.rng("usage-planted")
    for event in rng.sample(tables["usage_events"], 90):
        guest = rng.choice(company.guests)
        more = {"invitee_email": guest.email, "meeting_title": rng.choice(company.words["event_titles"])}
        event["properties"] = json.dumps({**json.loads(event["properties"]), **more}, ensure_ascii=False)
    for service in rng.sample(tables["event_types"], 24):
        service["description"] = rng.choice(_ILL).format(rng.choice(company.guests).name)
