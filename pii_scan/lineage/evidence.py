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
_EXECUTED = frozenset({"mapping", "run log"})


def status(evidence: Iterable[FlowEvidence]) -> FlowStatus:
    """The status that the strongest evidence gives; a mapping that was run confirms with a contact, too."""
    return _judged(evidence)[0]


def rule(evidence: Iterable[FlowEvidence]) -> str:
    """Why the evidence gives its status, in words."""
    return _judged(evidence)[1]


def _judged(evidence: Iterable[FlowEvidence]) -> tuple[FlowStatus, str]:
    items = tuple(evidence)
    tiers, kinds = {item.tier for item in items}, {item.kind for item in items}
    best = min(tiers, default=7)
    if best <= _CONFIRMS:
        return "confirmed", f"evidence of tier {best} shows the data itself"
    if kinds >= _EXECUTED and _CONTACT in tiers:
        return "confirmed", "a mapping, its run log and a contact with the recipient together"
    if best <= _CONFIGURES:
        return "configured", f"the best evidence is of tier {best}: it is set up to flow, which is no proof"
    if best == _CONTACT:
        return "contact only", "a contact was seen, no data"
    return "declared only", "only a declaration speaks of it"


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
