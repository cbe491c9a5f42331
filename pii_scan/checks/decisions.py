"""Decisions that ask for attention: to be reviewed, expired, or deciding nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..core.decision import Standing
from ..core.finding import Finding
from ..core.inventory import Inventory

DECISION: Final = "decision-review"
_ADVICE: Final = {
    "needs review": "It stays in force. Look at the field again, then correct it or set `reviewed:`.",
    "expired": "It is no longer in force. Renew it or take it out.",
    "unused": "Correct its `match` or take it out.",
}


def findings(inventory: Inventory) -> Iterator[Finding]:
    """One to look into for each decision that is not simply in force."""
    return (_finding(s) for s in inventory.decisions if s.state in _ADVICE)


def _finding(standing: Standing) -> Finding:
    decision = standing.decision
    said = standing.line
    return Finding(
        DECISION,
        "low",
        decision.id,
        f"{said[:1].upper()}{said[1:]}. {_ADVICE[standing.state]}",
        category="" if "*" in decision.category or decision.category == "none" else decision.category,
        verdict="warn",
        evidence=(f"{decision.kind} of {decision.match}, decided by {decision.said}",),
    )
