"""Overrides, suppressions and accepted findings as they stand in a run, for people and for programs."""

from __future__ import annotations

import json

from ..core.decision import Standing
from ..core.redact import clean
from .check import judged
from .context import Context


def table(context: Context, run: str | None = None) -> str:
    """One decision a paragraph: its state, what it decides, who says so and why."""
    found = judged(context, run).decisions
    if not found:
        return "no decisions: neither detect.overrides nor detect.suppress, and no accepted findings"
    return "\n".join(clean(line) for standing in found for line in _lines(standing))


def _lines(standing: Standing) -> tuple[str, ...]:
    decision = standing.decision
    if decision.kind == "accept":
        return _accepted(standing)
    verb = "suppress" if decision.kind == "suppress" else "is"
    verdict = f" ({decision.verdict})" if decision.kind == "suppress" else ""
    reach = f"{standing.fields} fields, {standing.detections} detections"
    accepted = f", accepted {standing.accepted}" if standing.accepted else ""
    why = f": {standing.because}" if standing.because else ""
    return (
        f"{decision.id}  {standing.state.upper()}{why}",
        f"  {decision.match}  {verb} {decision.category}{verdict}; {reach}{accepted}",
        f"  {decision.said}",
    )


def _accepted(standing: Standing) -> tuple[str, ...]:
    decision = standing.decision
    why = f": {standing.because}" if standing.because else ""
    return (
        f"{decision.id}  {standing.state.upper()}{why}",
        f"  {decision.match}  accept {decision.subject}, accepted {standing.accepted}",
        f"  {decision.said}",
    )


def document(context: Context, run: str | None = None) -> str:
    """As JSON; the same records as in the report of `check`."""
    from reports.check_document import decision_record

    found = judged(context, run).decisions
    records = [decision_record(standing) for standing in found]
    return json.dumps({"schema_version": "1.0", "decisions": records}, indent=2)
