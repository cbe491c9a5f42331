"""The evidence behind a field, a dataset, a recipient or a finding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import Final

from ..core import urn as urns
from ..core.detection import Detection
from ..core.errors import ConfigError
from ..core.finding import Finding
from ..core.inventory import Inventory
from ..core.lineage import Flow
from ..detect.options import Options
from ..detect.rules import Rule, shipped
from ..detect.ruleset import country_of
from ..lineage.evidence import confidence, rule
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
    """What is known of a URN, a recipient's or a decision's id or a finding's fingerprint.

    Raises ConfigError with the closest known ones if nothing is.
    """
    inventory = judged(context, run)
    finding = next((f for f in inventory.all_findings if f.fingerprint == subject), None)
    if finding is not None:
        yield from _finding(inventory, finding)
        subject = finding.subject
    known = False
    rules = _Rules(context.options)
    for part in (
        _field(inventory, subject, rules),
        _decision(inventory, subject),
        _dataset(inventory, subject),
        _flows(inventory, subject),
    ):
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
    for standing in inventory.decisions:
        if standing.decision.match == finding.fingerprint:
            yield f"  {standing.line}; {standing.decision.said}"
    claims = inventory.declaration.claims if inventory.declaration else ()
    for claim in claims:
        if claim.id == finding.claim:
            yield f"  claim {claim.id}: «{claim.quote}»"


@dataclass(frozen=True)
class _Rules:
    """The rules by id, read when one is named."""

    options: Options

    @cached_property
    def by_id(self) -> dict[str, Rule]:
        return {rule.id: rule for rule in (*shipped(), *self.options.rules)}

    def lines(self, detection: Detection) -> Iterator[str]:
        """Each rule that the evidence names, once."""
        named = [name for e in detection.evidence if e.kind != "name" for name in e.detector.split("+")]
        for name in dict.fromkeys(named):
            rule = self.by_id.get(name)
            if rule is not None:
                country = f", {code}" if (code := country_of(rule)) else ""
                yield f"  rule {rule.id}: {rule.category}, {rule.strength}{country}, {rule.origin}"


def _field(inventory: Inventory, urn: str, rules: _Rules) -> Iterator[str]:
    found = inventory.by_field().get(urn, ())
    hidden = [s for s in inventory.suppressed if s.detection.field == urn]
    for detection in found:
        yield from _detection(inventory, detection, rules)
        labels = {e.detector for e in detection.evidence if e.kind == "label"}
        yield from (f"  {s.line}" for s in inventory.decisions if s.decision.id in labels)
    for suppressed in hidden:
        yield from _detection(inventory, suppressed.detection, rules)
        yield f"  suppressed by {suppressed.decision.said}"
        yield from (f"  {s.line}" for s in inventory.decisions if s.decision.id == suppressed.decision.id)
    if not found and not hidden and any(f.urn == urn for f in inventory.fields):
        yield f"{urn}: no personal data seen"


def _detection(inventory: Inventory, detection: Detection, rules: _Rules) -> Iterator[str]:
    label = inventory.taxonomy.label(detection.category)
    sure = f"confidence {detection.confidence:.2f}"
    yield f"{detection.field}: {detection.verdict} {detection.category} ({label}), {sure}"
    if detection.protection:
        yield f"  the values are {_KEPT[detection.protection]}"
    if detection.share is not None:
        interval = f"{detection.low or 0:.2%} to {detection.high or 0:.2%}"
        least, about = ("at least ", "about ") if detection.estimated else ("", "")
        yield f"  {least}{detection.count} rows, {about}{detection.share:.2%} ({interval})"
    if detection.places:
        yield f"  first in rows {', '.join(map(str, detection.places))}"
    yield from (f"  {e.weight:+.2f} {e.kind} ({e.detector}): {e.detail}" for e in detection.evidence)
    yield from rules.lines(detection)


def _decision(inventory: Inventory, subject: str) -> Iterator[str]:
    for standing in inventory.decisions:
        if standing.decision.id == subject:
            yield standing.line
            yield f"  {standing.decision.said}"
            yield f"  {standing.fields} fields, {standing.detections} detections"


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
            yield from _flow(flow)
    for disclosure in inventory.disclosures:
        if subject in (disclosure.field, disclosure.recipient):
            yield f"  {disclosure.category} to {disclosure.recipient}: {disclosure.cls}; {disclosure.because}"


def _flow(flow: Flow) -> Iterator[str]:
    """The whole evidence of a flow, the strongest first, and why it gives the status."""
    masked = ", masked" if flow.masking else ""
    what = f"{flow.category or 'contact'} ({flow.status}{masked}, confidence {confidence(flow.evidence):.2f})"
    yield f"{flow.field or '(no field)'} → {flow.recipient}: {what}"
    yield f"  because {rule(flow.evidence)}"
    for item in flow.evidence:
        count = f", {item.count}×" if item.count else ""
        yield f"  - {item.kind}, tier {item.tier}, confidence {item.confidence:.2f}{count}: {item.detail}"
        if item.locator != flow.field:
            yield f"    seen at {item.locator}"
