"""Mailchimp's log of the newsletter, its list of those who opted out, and the templates of mails."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from ..clock import NOW
from ..company import Company
from ..files import pretty, put, table
from ..readers import LEFT, Readers, cast

_SENDS = ("Email Address", "Campaign", "Category", "Event", "Sent At")
_OUT = ("Email Address", "Unsub Time", "Reason")
_TIME = "%Y-%m-%d %H:%M:%S"
#: When the newsletter went out, in days before now.
_ISSUES = (290, 230, 170, 110, 50, 20)
_LINK = '<p><a href="{{unsubscribe_url}}">Unsubscribe</a></p>'


def write(company: Company, folder: Path, kept: bool) -> None:
    people = cast(company)
    put(folder / "mailchimp" / "sends.csv", table(_SENDS, _sends(people, kept)))
    put(folder / "mailchimp" / "unsubscribes.csv", table(_OUT, _opted_out(people)))
    put(folder / "mailchimp" / "templates.json", pretty(_templates(company, kept)))


def _sends(people: Readers, kept: bool) -> list[list[Any]]:
    """Every issue to all who may be written to; broken: also to who objected, opted out, was erased."""
    rows = [
        _sent(person.email, issue, day)
        for issue, day in _issues()
        for person in people.readers
        if day < people.until(person)
    ]
    if not kept:
        issue, day = list(_issues())[-1]
        rows.append(_sent(people.objectors[0].email, issue, day))
        rows.append(_sent(people.unsubscribed[1].email, issue, day))
        rows.append(_sent(people.erased[1].email, 1, NOW - timedelta(days=290)))
    return rows


def _issues() -> Iterator[tuple[int, datetime]]:
    return ((number, NOW - timedelta(days=day)) for number, day in enumerate(_ISSUES, 1))


def _sent(address: str, issue: int, day: datetime) -> list[Any]:
    return [address, f"News {issue}", "newsletter", "delivered", day.strftime(_TIME)]


def _opted_out(people: Readers) -> list[list[Any]]:
    left = (NOW - timedelta(days=LEFT)).strftime(_TIME)
    return [[person.email, left, "NORMAL"] for person in people.unsubscribed]


def _templates(company: Company, kept: bool) -> list[dict[str, Any]]:
    """Three of promotion and two that people need; broken: one can't be opted out of."""
    first = company.rng("templates").randrange(1_000, 9_000)
    kinds = ("newsletter", "offer", "announcement", "confirmation", "reminder")
    return [
        {
            "id": first + number,
            "category": kind,
            "html": f"<h1>Hello</h1><p>{kind} of the month</p>{'' if bare else _LINK}",
        }
        for number, kind in enumerate(kinds)
        for bare in [kind in ("confirmation", "reminder") or (kind == "offer" and not kept)]
    ]
