"""The evidence behind a field, a dataset, a recipient or a finding."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from ..core import urn as urns
from ..core.errors import ConfigError
from ..core.finding import Finding
from ..core.inventory import Inventory
from .check import judged
from .context import Context

_KEPT: Final = {
    "encrypted": "encrypted",
    "hashed": "hashed",
    "password hash": "password hashes",
    "masked": "masked",
    "tokenised": "tokens of a vault",
}


def lines(context: Context, subject: str, run: str | None = None) -> Iterator[str]:
    """What is known of a URN, a recipient's id or a finding's fingerprint.

    Raises ConfigError with the closest known ones if nothing is.
    """
    inventory = judged(context, run)
    finding = next((f for f in inventory.findings if f.fingerprint == subject), None)
    if finding is not None:
        yield from _finding(inventory, finding)
        subject = finding.subject
    known = False
    for part in (_field(inventory, subject), _dataset(inventory, subject), _flows(inventory, subject)):
        for line in part:
            known = True
            yield line
    if not known and finding is None:
        raise ConfigError("nothing of that name in this run", _suggestion(inventory, subject))


def _suggestion(inventory: Inventory, subject: str) -> str:
    names = [f.urn for f in inventory.fields] + [c.dataset for c in inventory.coverage]
    close = get_close_matches(subject, names, n=3, cutoff=0.5)
    return f"did you mean {' or '.join(close)}?" if close else "pii-scan inventory show lists every URN"


def _finding(inventory: Inventory, finding: Finding) -> Iterator[str]:
    yield f"{finding.check} ({finding.severity}, {finding.verdict}): {finding.message}"
    yield from (f"  - {reason}" for reason in finding.evidence)
    claims = inventory.declaration.claims if inventory.declaration else ()
    for claim in claims:
        if claim.id == finding.claim:
            yield f"  claim {claim.id}: «{claim.quote}»"


def _field(inventory: Inventory, urn: str) -> Iterator[str]:
    for detection in inventory.by_field().get(urn, ()):
        label = inventory.taxonomy.label(detection.category)
        sure = f"confidence {detection.confidence:.2f}"
        yield f"{urn}: {detection.verdict} {detection.category} ({label}), {sure}"
        if detection.protection:
            yield f"  the values are {_KEPT[detection.protection]}"
        if detection.share is not None:
            interval = f"{detection.low or 0:.2%} to {detection.high or 0:.2%}"
            yield f"  {detection.count} rows, {detection.share:.2%} ({interval})"
        if detection.places:
            yield f"  first in rows {', '.join(map(str, detection.places))}"
        yield from (f"  {e.weight:+.2f} {e.kind} ({e.detector}): {e.detail}" for e in detection.evidence)
    if urn not in inventory.by_field() and any(f.urn == urn for f in inventory.fields):
        yield f"{urn}: no personal data seen"


def _dataset(inventory: Inventory, urn: str) -> Iterator[str]:
    wanted = urns.dataset_of(urn)
    if wanted != urn and all(f.urn != urn for f in inventory.fields):
        return
    for part in inventory.coverage:
        if part.dataset == wanted:
            total = f" of {part.total}" if part.total is not None else ""
            reason = f"; {part.reason}" if part.reason else ""
            yield f"{part.dataset}: {part.state}, {part.rows}{total} rows{reason}"


def _flows(inventory: Inventory, subject: str) -> Iterator[str]:
    for flow in inventory.flows:
        if subject in (flow.field, flow.recipient):
            yield f"{flow.field} → {flow.recipient}: {flow.category or 'contact'} ({flow.status})"
            yield from (f"  - {e.kind}, tier {e.tier}: {e.detail}" for e in flow.evidence)
    for disclosure in inventory.disclosures:
        if subject in (disclosure.field, disclosure.recipient):
            yield f"  {disclosure.category} to {disclosure.recipient}: {disclosure.cls}; {disclosure.because}"
