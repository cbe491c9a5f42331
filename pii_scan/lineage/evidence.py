"""What evidence proves: status and confidence of a flow, decided in this one place.

Tiers are those of `core.lineage.TIERS`: 1 and 2 show the data itself, 3 to 5 show that it is set up
to flow, 6 shows a contact, 7 is a statement.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from ..core.lineage import Flow, FlowEvidence, FlowStatus

_CONFIRMS = 2
_CONFIGURES = 5
_CONTACT = 6


def status(evidence: Iterable[FlowEvidence]) -> FlowStatus:
    """The status that the strongest evidence gives; an executed mapping plus contact confirms too."""
    tiers = {item.tier for item in evidence}
    best = min(tiers, default=7)
    if best <= _CONFIRMS or {3, _CONTACT} <= tiers:
        return "confirmed"
    if best <= _CONFIGURES:
        return "configured"
    return "contact only" if best == _CONTACT else "declared only"


def confidence(evidence: Iterable[FlowEvidence]) -> float:
    """Noisy-or: the chance that at least one of independent reasons holds."""
    return 1.0 - math.prod(1.0 - min(max(item.confidence, 0.0), 1.0) for item in evidence)


def merge(flows: Iterable[Flow]) -> tuple[Flow, ...]:
    """One flow for each (field, recipient, category), with all evidence; sorted.

    A flow is masked only if every observation of it was.
    """
    grouped: dict[tuple[str, str, str], list[Flow]] = {}
    for flow in flows:
        grouped.setdefault((flow.field, flow.recipient, flow.category), []).append(flow)
    return tuple(_joined(key, group) for key, group in sorted(grouped.items()))


def _joined(key: tuple[str, str, str], group: list[Flow]) -> Flow:
    unique = {item for flow in group for item in flow.evidence}
    ranked = sorted(unique, key=lambda e: (e.tier, -e.confidence, e.locator, e.detail))
    field, recipient, category = key
    return Flow(field, recipient, category, status(ranked), tuple(ranked), all(f.masking for f in group))
