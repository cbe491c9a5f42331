"""The registers that the company keeps by hand, as CSV; people stand in them by keyed hash alone."""

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


def write(company: Company, folder: Path) -> None:
    rng = company.rng("registers")
    pages = {
        "incidents": (("id", "kind", "aware_at", "notified_at", "subjects"), _incidents(rng)),
        "requests": (
            ("id", "kind", "subject_hash", "channel", "proof", "opened_on", "closed_on"),
            _requests(company, rng),
        ),
        "erasures": (("subject_hash", "erased_on", "kept", "kept_until"), _erasures(company, rng)),
        "legal_holds": (("id", "category", "basis", "expires_on"), _holds(rng)),
        "contracts": (("recipient", "ref", "until"), _contracts()),
        "policy_versions": (("version", "effective", "sha256"), _versions()),
        "notices": (("policy_version", "channel", "sent_at", "recipients"), _notices(rng)),
    }
    for name, (header, rows) in pages.items():
        put(folder / f"{name}.csv", table(header, rows))


def _keyed(company: Company, index: int) -> str:
    key = hashlib.blake2b(f"register:{company.seed}".encode(), digest_size=32).digest()
    return hashlib.blake2b(company.guests[index].email.encode(), key=key, digest_size=16).hexdigest()


def _incidents(rng: Random) -> list[list[Any]]:
    """Two notices in time, one after 96 hours."""
    rows = []
    for number, (kind, hours) in enumerate(
        (("misdirected mail", 20), ("open bucket", 50), ("lost laptop", 96)), 1
    ):
        aware = ago(rng, 30 * number, 30 * number + 10)
        rows.append(
            [f"I-{number}", kind, stamp(aware), stamp(aware + timedelta(hours=hours)), rng.randrange(1, 60)]
        )
    return rows


def _requests(company: Company, rng: Random) -> list[list[Any]]:
    """Twelve requests; the last one has been open for 45 days."""
    rows = []
    for number in range(1, 13):
        opened = AS_OF - timedelta(days=45 if number == 12 else rng.randrange(60, 300))
        closed = "" if number == 12 else (opened + timedelta(days=rng.randrange(2, 25))).isoformat()
        kind = rng.choice(("copy", "erasure", "objection", "correction"))
        proof = rng.choice(("account address", "signed-in session"))
        rows.append(
            [
                f"Q-{number}",
                kind,
                _keyed(company, number),
                rng.choice(("mail", "form")),
                proof,
                opened.isoformat(),
                closed,
            ]
        )
    return rows


def _erasures(company: Company, rng: Random) -> list[list[Any]]:
    rows = []
    for index in range(20, 28):
        erased = AS_OF - timedelta(days=rng.randrange(40, 300))
        kept = rng.choice(("", "", "invoices"))
        rows.append(
            [
                _keyed(company, index),
                erased.isoformat(),
                kept,
                (AS_OF + timedelta(days=900)).isoformat() if kept else "",
            ]
        )
    return rows


def _holds(rng: Random) -> list[list[Any]]:
    return [
        [
            f"H-{n}",
            rng.choice(("invoices", "correspondence")),
            rng.choice(("tax law", "pending dispute")),
            (AS_OF + timedelta(days=rng.randrange(100, 900))).isoformat(),
        ]
        for n in range(1, 7)
    ]


def _contracts() -> list[list[Any]]:
    recipients = resources.document("claims.yaml")["recipients"]
    return [[r["id"], r["dpa"]["ref"], str(r["dpa"]["until"])] for r in recipients if "dpa" in r]


def _versions() -> list[list[Any]]:
    current = hashlib.sha256(resources.text("policy.en.txt").encode("utf-8")).hexdigest()
    return [
        ["2023-05-01", "2023-05-01", hashlib.sha256(b"horalune 2023").hexdigest()],
        ["2025-03-01", "2025-03-01", current],
    ]


def _notices(rng: Random) -> list[list[Any]]:
    return [
        ["2025-03-01", channel, "2025-02-20T08:00:00Z", rng.randrange(300, 400)]
        for channel in ("mail", "in-app")
    ]
