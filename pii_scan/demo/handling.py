"""Two registers more: how each place is exported and erased, and the streams of mails."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

from .clock import ago
from .company import Company
from .files import put, table

_HANDLERS = ("place", "action", "how", "ran_on")
_STREAMS = ("stream", "kind", "suppression", "sent", "stopped", "promotions")
#: What each place is served by; the broken company forgot the copies of its lake.
_PLACES = {
    "app/*": "nightly job",
    "logs/access.log*": "rotation",
    "logs/app.jsonl*": "rotation",
    "logs/mail.log*": "rotation",
    "logs/egress.log*": "rotation",
    "logs/worker.log*": "rotation",
    "exports/*": "request to the recipient",
    "outgoing/*": "nightly job",
    "packages/*": "nightly job",
    "browser/*": "nightly job",
    "research/*": "nightly job",
    "registers/*": "by hand",
    "infra/*": "by hand",
}
_NEVER_RUN = ("logs/worker.log*", "erase")


def write(company: Company, folder: Path, kept: bool = False) -> None:
    rng = company.rng("handling")
    put(folder / "handlers.csv", table(_HANDLERS, _handlers(rng, kept)))
    put(folder / "mail_streams.csv", table(_STREAMS, _streams(rng, kept)))


def _handlers(rng: Random, kept: bool) -> list[list[Any]]:
    """One way for each place and action; one of them was never tried."""
    places = _PLACES | ({"lake/*": "nightly job"} if kept else {})
    rows = []
    for place, how in places.items():
        for action in ("export", "erase"):
            tried = ago(rng, 5, 90).date().isoformat()
            rows.append([place, action, how, "" if (place, action) == _NEVER_RUN and not kept else tried])
    return rows


def _streams(rng: Random, kept: bool) -> list[list[Any]]:
    """Confirmations, reminders and a newsletter; an opt-out from the newsletter stops reminders, too."""
    sent = [rng.randrange(2_000, 9_000) for _ in range(3)]
    return [
        ["confirmation", "transactional", "bounces", sent[0], 0, 0],
        ["reminder", "transactional", "bounces" if kept else "newsletter", sent[1], 0 if kept else 37, 0],
        ["news", "promotional", "newsletter", sent[2], 212, sent[2]],
    ]
