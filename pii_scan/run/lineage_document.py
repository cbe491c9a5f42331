"""The answer to a question about the lineage for machine readers; `lineage.schema.json` describes it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from itertools import pairwise
from typing import Any, Final

from ..core.lineage import Flow, FlowEvidence
from ..lineage.evidence import confidence, rule
from ..lineage.paths import Paths
from .asking import Answer, Row

SCHEMA_VERSION: Final = "1.1"
#: Digits that confidences keep: more would be noise of the machine's arithmetic.
DIGITS: Final = 6


def document(answer: Answer) -> str:
    """JSON; what was not asked for is missing, so that nothing looked at and found empty looks alike."""
    asked = answer.question
    made: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "run": answer.run,
        "question": {
            "recipient": asked.recipient,
            "category": asked.category,
            "field": asked.urn,
            "abroad": asked.home,
            "since": answer.since or None,
        },
        "flows": [_row(row, answer.paths) for row in answer.rows],
    }
    if asked.recipient is None and asked.category is None and asked.home is None:
        made["edges"] = [asdict(edge) for edge in answer.edges]
    if asked.recipient is not None:
        made["never_seen"] = [
            {"recipient": m.recipient, "category": m.category, "because": m.because} for m in answer.missing
        ]
    if asked.home is not None:
        made["area_unknown"] = _flows(answer.unplaced)
    if answer.changes is not None:
        made["changes"] = {
            "gained": _flows(answer.changes.gained),
            "lost": _flows(answer.changes.lost),
            "changed": [_flow(now) | {"status_before": old.status} for old, now in answer.changes.changed],
            "not_looked_at": _flows(answer.changes.unseen),
        }
    return json.dumps(made, indent=2)


def _row(row: Row, paths: Paths | None) -> dict[str, Any]:
    made = _flow(row.flow) | {
        "declared": row.declared or None,
        "beyond_needs": row.beyond_needs,
        "from_area": row.source or None,
        "to_area": row.target or None,
    }
    if row.paths:
        made["paths"] = [_path(way, paths) for way in row.paths]
    return made


def _path(way: tuple[str, ...], paths: Paths | None) -> list[dict[str, Any]]:
    """The nodes in their order; `by` is the kind of evidence that leads to each from the one before."""
    steps: list[dict[str, Any]] = [{"node": way[0], "by": None}]
    for at, to in pairwise(way):
        link = paths.link(at, to) if paths else None
        steps.append({"node": to, "by": link.kind if link else step_of(at, to)})
    return steps


def step_of(at: str, to: str) -> str:
    """What leads from a node of a way to the next where no link does."""
    if at.startswith("recipient:"):
        return "part of"
    return "flow" if to.startswith("recipient:") else "contains"


def _flows(flows: Iterable[Flow]) -> list[dict[str, Any]]:
    return [_flow(flow) for flow in flows]


def _flow(flow: Flow) -> dict[str, Any]:
    return {
        "field": flow.field,
        "recipient": flow.recipient,
        "category": flow.category,
        "status": flow.status,
        "rule": rule(flow.evidence),
        "masking": flow.masking,
        "confidence": round(confidence(flow.evidence), DIGITS),
        "evidence": [_evidence(item) for item in flow.evidence],
    }


def _evidence(item: FlowEvidence) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "tier": item.tier,
        "locator": item.locator,
        "detail": item.detail,
        "count": item.count,
        "confidence": round(item.confidence, DIGITS),
    }
