"""Findings and claim verdicts for machine readers; `schema/check.schema.json` describes them."""

from __future__ import annotations

from collections import Counter
from typing import Any

from pii_scan.core.decision import AcceptedFinding, Standing
from pii_scan.core.declaration import Claim
from pii_scan.core.finding import ClaimVerdict, Disclosure, Finding
from pii_scan.core.inventory import Inventory

from . import ranking
from .inventory_document import SCHEMA_VERSION


def check_document(inventory: Inventory) -> dict[str, Any]:
    """Findings (the gravest first), claim verdicts (by id), disclosures, decisions and a summary.

    `findings` are those that count; `accepted` and `known` (from the baseline) fail nothing.
    """
    declared = inventory.declaration
    claims = {claim.id: claim for claim in declared.claims} if declared else {}
    return {
        "schema_version": SCHEMA_VERSION,
        "findings": [_finding(f) for f in ranking.findings(inventory.findings)],
        "accepted": [_accepted(a) for a in ranking.accepted(inventory.accepted)],
        "known": [_finding(f) for f in ranking.findings(inventory.known)],
        "claims": [
            _claim(c, claims.get(c.id)) for c in sorted(inventory.claims, key=lambda c: (c.id, c.verdict))
        ],
        "disclosures": [_disclosure(d) for d in sorted(inventory.disclosures, key=_disclosure_order)],
        "decisions": [decision_record(s) for s in inventory.decisions],
        "summary": _summary(inventory),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "fingerprint": finding.fingerprint,
        "check": finding.check,
        "claim": finding.claim,
        "severity": finding.severity,
        "verdict": finding.verdict,
        "subject": finding.subject,
        "recipient": finding.recipient,
        "category": finding.category,
        "message": finding.message,
        "evidence": list(finding.evidence),
    }


def _accepted(accepted: AcceptedFinding) -> dict[str, Any]:
    decision = accepted.decision
    return _finding(accepted.finding) | {
        "decision": decision.id,
        "owner": decision.owner,
        "reason": decision.reason,
        "until": decision.expires.isoformat() if decision.expires else None,
    }


def _claim(verdict: ClaimVerdict, claim: Claim | None) -> dict[str, Any]:
    return {
        "id": verdict.id,
        "verdict": verdict.verdict,
        "because": verdict.because,
        "needs": list(verdict.needs),
        "kind": claim.kind if claim else "",
        "quote": claim.quote if claim else "",
        "line": claim.line if claim else 0,
    }


def _disclosure_order(disclosure: Disclosure) -> tuple[str, str, str, str]:
    return disclosure.field, disclosure.recipient, disclosure.category, disclosure.cls


def _disclosure(disclosure: Disclosure) -> dict[str, Any]:
    return {
        "field": disclosure.field,
        "recipient": disclosure.recipient,
        "category": disclosure.category,
        "class": disclosure.cls,
        "claims": list(disclosure.claims),
        "vague_recipient": round(disclosure.vague_recipient, 6) + 0.0,
        "vague_data": round(disclosure.vague_data, 6) + 0.0,
        "because": disclosure.because,
    }


def decision_record(standing: Standing) -> dict[str, Any]:
    """One decision of the user's and how it stands."""
    decision = standing.decision
    return {
        "id": decision.id,
        "kind": decision.kind,
        "match": decision.match,
        "category": decision.category,
        "owner": decision.owner,
        "reason": decision.reason,
        "expires": decision.expires.isoformat() if decision.expires else None,
        "state": standing.state,
        "because": standing.because,
        "accepted": standing.accepted,
        "fields": standing.fields,
        "detections": standing.detections,
    }


def _summary(inventory: Inventory) -> dict[str, Any]:
    declared = inventory.declaration
    classes = Counter(d.cls for d in inventory.disclosures)
    return {
        "run": inventory.run.id,
        "as_of": inventory.run.as_of,
        "complete": inventory.complete,
        "policy": declared.policy if declared else None,
        "policy_text": declared.text_status if declared else None,
        "findings": ranking.severities(inventory.findings),
        "claims": ranking.verdicts(inventory.claims),
        "disclosures": {name: classes[name] for name in ranking.CLASSES},
        "coverage": inventory.coverage_counts(),
        "suppressed": len(inventory.suppressed),
        "accepted": len(inventory.accepted),
        "known": len(inventory.known),
    }
