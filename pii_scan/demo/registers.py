"""The registers that the company keeps by hand, as CSV; people stand in them by keyed hash alone.

What is broken in them is listed in `data/truth.yaml`; `kept` leaves that out.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from . import resources
from .clock import AS_OF, ago, stamp
from .company import Company
from .files import put, table
from .keys import keyed
from .readers import OBJECTED, cast

_HEADS = {
    "incidents": ("id", "kind", "store", "aware_at", "notified_at", "subjects"),
    "requests": (
        "id",
        "kind",
        "subject_hash",
        "sender",
        "channel",
        "proof",
        "proof_deleted_on",
        "answered_with",
        "opened_on",
        "closed_on",
        "named",
    ),
    "erasures": ("subject_hash", "erased_on", "kept", "basis", "kept_until", "sent_to"),
    "objections": ("subject_hash", "objected_on", "purpose"),
    "legal_holds": ("id", "category", "basis", "expires_on"),
    "contracts": ("recipient", "ref", "until"),
    "policy_versions": ("version", "effective", "sha256"),
    "notices": ("policy_version", "channel", "sent_at", "recipients"),
    "exports": ("id", "made_at", "recipient", "what", "reference"),
    "staff_access": ("id", "at", "staff", "subject_hash", "ticket"),
}
#: Who has data of those who ask.
_HOLDING = ("stripe", "zendesk", "mailchimp")
_KINDS = ("copy", "erasure", "objection", "correction", "portability", "copy")


def write(company: Company, folder: Path, kept: bool = False) -> None:
    rng = company.rng("registers")
    pages = {
        "incidents": _incidents(rng, kept),
        "requests": _requests(company, rng, kept),
        "erasures": _erasures(company, rng, kept),
        "objections": _objections(company),
        "legal_holds": _holds(rng),
        "contracts": _contracts(),
        "policy_versions": _versions(kept),
        "notices": _notices(rng, kept),
        "exports": _exports(rng, kept),
        "staff_access": _accesses(company, rng, kept),
    }
    for name, rows in pages.items():
        put(folder / f"{name}.csv", table(_HEADS[name], rows))


def _keyed(company: Company, index: int) -> str:
    return keyed(company, company.guests[index].email)


def _incidents(rng: Random, kept: bool) -> list[list[Any]]:
    """Two notices in time, one after 96 hours."""
    rows = []
    for number, (kind, store, hours) in enumerate(
        (
            ("misdirected mail", "", 20),
            ("exposure", "aws_s3_bucket.uploads", 50),
            ("lost laptop", "", 60 if kept else 96),
        ),
        1,
    ):
        aware = ago(rng, 30 * number, 30 * number + 10)
        told = stamp(aware + timedelta(hours=hours))
        rows.append([f"I-{number}", kind, store, stamp(aware), told, rng.randrange(1, 60)])
    return rows


def _requests(company: Company, rng: Random, kept: bool) -> list[list[Any]]:
    """Twelve requests.

    One has been open for 45 days, one came from elsewhere, one left a passport behind, and two were
    answered with pages to read; one answer left out a recipient.
    """
    rows, asking = [], cast(company).asking
    for number in range(1, 13):
        opened = AS_OF - timedelta(days=rng.randrange(60, 300))
        closed = opened + timedelta(days=rng.randrange(2, 25))
        kind = _KINDS[number % len(_KINDS)]
        subject = keyed(company, asking[number % len(asking)].email)
        row = {
            "subject": subject,
            "sender": subject,
            "proof": "passport scan" if number == 7 else "",
            "deleted": closed.isoformat() if number == 7 else "",
            "answer": rng.choice(("json", "csv")) if kind in ("copy", "portability") else "",
            "opened": opened.isoformat(),
            "closed": closed.isoformat(),
            "named": ", ".join(_HOLDING) if kind == "copy" else "",
        }
        row |= {} if kept else _broken_request(company, number)
        channel = rng.choice(("mail", "form"))
        columns = ("subject", "sender", "", "proof", "deleted", "answer", "opened", "closed", "named")
        rows.append([f"Q-{number}", kind, *(row[c] if c else channel for c in columns)])
    return rows


def _broken_request(company: Company, number: int) -> dict[str, str]:
    """What is wrong with the request of this number."""
    if number == 3:
        return {"sender": _keyed(company, 40)}
    if number in (4, 6):
        return {"answer": "pdf"}
    if number == 5:
        return {"named": ", ".join(_HOLDING[:2])}
    if number == 7:
        return {"deleted": ""}
    if number == 12:
        return {"opened": (AS_OF - timedelta(days=45)).isoformat(), "closed": ""}
    return {}


def _erasures(company: Company, rng: Random, kept: bool) -> list[list[Any]]:
    """Eight erasures; one left a profile that no hold covers, with neither ground nor end."""
    rows = []
    for index, person in enumerate(cast(company).erased, 20):
        erased = (AS_OF - timedelta(days=rng.randrange(40, 300))).isoformat()
        until = (AS_OF + timedelta(days=900)).isoformat()
        left = ["invoices", "tax law", until] if index % 3 == 0 else ["", "", ""]
        if index == 25 and not kept:
            left = ["profile", "", ""]
        rows.append([keyed(company, person.email), erased, *left, ", ".join(_HOLDING)])
    return rows


def _objections(company: Company) -> list[list[Any]]:
    """To the newsletter, and to being counted."""
    day = (AS_OF - timedelta(days=OBJECTED)).isoformat()
    purposes = ("marketing", "analytics")
    people = zip(cast(company).objectors, purposes, strict=True)
    return [[keyed(company, person.email), day, purpose] for person, purpose in people]


def _holds(rng: Random) -> list[list[Any]]:
    return [
        [
            f"H-{n}",
            ("invoices", "correspondence")[n % 2],
            ("tax law", "pending dispute")[n % 2],
            (AS_OF + timedelta(days=rng.randrange(100, 900))).isoformat(),
        ]
        for n in range(1, 7)
    ]


def _contracts() -> list[list[Any]]:
    recipients = resources.document("claims.yaml")["recipients"]
    return [[r["id"], r["dpa"]["ref"], str(r["dpa"]["until"])] for r in recipients if "dpa" in r]


def _versions(kept: bool) -> list[list[Any]]:
    """The version of 2023 has lost its hash."""
    current = hashlib.sha256(resources.text("policy.en.txt").encode("utf-8")).hexdigest()
    former = hashlib.sha256(b"horalune 2023").hexdigest() if kept else ""
    return [["2023-05-01", "2023-05-01", former], ["2025-03-01", "2025-03-01", current]]


def _notices(rng: Random, kept: bool) -> list[list[Any]]:
    """The notice in the service came three days after the change."""
    shown = "2025-02-20T08:00:00Z" if kept else "2025-03-04T08:00:00Z"
    return [
        ["2025-03-01", channel, sent, rng.randrange(300, 400)]
        for channel, sent in (("mail", "2025-02-20T08:00:00Z"), ("in-app", shown))
    ]


def _exports(rng: Random, kept: bool) -> list[list[Any]]:
    """Four handovers; the third names no reference."""
    return [
        [
            f"X-{number}",
            stamp(ago(rng, 10, 300)),
            rng.choice(("court", "tax office")),
            "account data",
            "" if number == 3 and not kept else f"LEX-{100 + number}",
        ]
        for number in range(1, 5)
    ]


def _accesses(company: Company, rng: Random, kept: bool) -> list[list[Any]]:
    """Ten looks of the staff at customers' data; the fourth without a ticket."""
    return [
        [
            f"A-{number}",
            stamp(ago(rng, 1, 200)),
            _keyed(company, 100 + number % 3),
            _keyed(company, 50 + number),
            "" if number == 4 and not kept else f"T-{4_000 + number}",
        ]
        for number in range(1, 11)
    ]
