"""The application's own logs: JSON lines of the web process, logfmt of the workers."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from .. import values
from ..clock import NOW, stamp
from ..company import Company
from ..files import gzipped, lines, put

_EVENTS = (
    "booking.created",
    "booking.viewed",
    "login.ok",
    "reminder.queued",
    "calendar.synced",
    "page.rendered",
)
_JOBS = ("send_reminder", "sync_calendar", "deliver_webhook", "refresh_cache", "purge_sessions")


def write(company: Company, folder: Path) -> None:
    rng = company.rng("application")
    put(folder / "app.jsonl", lines(_record(company, rng, m, i, True) for i, m in _moments(rng, 0, 20, 900)))
    put(
        folder / "app.jsonl.1.gz",
        gzipped(lines(_record(company, rng, m, i, False) for i, m in _moments(rng, 20, 50, 500))),
    )
    put(folder / "worker.log", "".join(_job(rng, m, i) for i, m in _moments(rng, 0, 20, 700)))
    whole = gzipped("".join(_job(rng, m, -1) for _, m in _moments(rng, 20, 40, 600)))
    put(folder / "worker.log.1.gz", whole[: len(whole) // 2])  # the rotation was cut off by a full disk


def _moments(rng: Random, newest: int, oldest: int, count: int) -> list[tuple[int, datetime]]:
    back = sorted((rng.uniform(newest, oldest) * 86_400 for _ in range(count)), reverse=True)
    return [(index, NOW - timedelta(seconds=round(seconds))) for index, seconds in enumerate(back)]


def _record(company: Company, rng: Random, moment: datetime, index: int, planted: bool) -> dict[str, Any]:
    """An event of the web process; every 15th comes from the phone app, which sends too much."""
    user = rng.randrange(len(company.users))
    record: dict[str, Any] = {
        "timestamp": stamp(moment),
        "level": "info",
        "event": rng.choice(_EVENTS),
        "request_id": values.uuid(rng),
        "user_id": user + 1,
        "duration_ms": rng.randrange(2, 900),
        "ip_address": values.address(rng),
    }
    if planted and index % 15 == 4:
        record["event"] = "app.opened"
        record["position"] = {
            "latitude": round(rng.uniform(36, 59), 6),
            "longitude": round(rng.uniform(-9, 20), 6),
        }
    if planted and index % 60 == 11:
        record["level"], record["event"] = "error", "payment.failed"
        record["request"] = {"form": {"card_number": values.card(rng), "currency": "EUR"}}
    return record


def _job(rng: Random, moment: datetime, index: int) -> str:
    """A line of logfmt; every 90th prints the form that it could not send."""
    took = rng.randrange(3, 4_000)
    job, number = rng.choice(_JOBS), rng.randrange(10_000, 99_999)
    line = f"ts={stamp(moment)} level=info job={job} id={number} took_ms={took}"
    if index >= 0 and index % 90 == 7:
        message = f"declined by bank, card {values.card(rng)} kept for retry"
        line = f'ts={stamp(moment)} level=error job=charge_card msg="{message}"'
    return line + "\n"
