"""The orders that reports sort by; each is total, so that the same inventory gives the same bytes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from pii_scan.core.decision import AcceptedFinding
from pii_scan.core.declaration import SEVERITIES, Severity
from pii_scan.core.finding import ClaimVerdict, ClaimVerdictName, DisclosureClass, Finding
from pii_scan.core.lineage import FlowStatus

WORST_FIRST: Final[tuple[Severity, ...]] = tuple(reversed(SEVERITIES))
VERDICTS: Final[tuple[ClaimVerdictName, ...]] = ("fail", "vague", "not evaluable", "pass")
STATUSES: Final[tuple[FlowStatus, ...]] = ("confirmed", "configured", "contact only", "declared only")
#: Disclosure classes, the gravest first.
CLASSES: Final[tuple[DisclosureClass, ...]] = (
    "incorrect",
    "omitted",
    "purpose mismatch",
    "condition unmet",
    "ambiguous",
    "vague",
    "unevidenced",
    "clear",
)


def findings(found: Iterable[Finding]) -> list[Finding]:
    """The gravest first."""
    return sorted(
        found,
        key=lambda f: (
            WORST_FIRST.index(f.severity),
            f.verdict,
            f.check,
            f.subject,
            f.recipient,
            f.category,
            f.claim,
            f.message,
            f.evidence,
        ),
    )


def accepted(found: Iterable[AcceptedFinding]) -> list[AcceptedFinding]:
    """As findings."""
    by_finding = {one.finding: one for one in found}
    return [by_finding[finding] for finding in findings(by_finding)]


def severities(found: Iterable[Finding]) -> dict[str, int]:
    """Findings by severity, the gravest first, zeros included."""
    counted = Counter(f.severity for f in found)
    return {severity: counted[severity] for severity in WORST_FIRST}


def verdicts(claims: Iterable[ClaimVerdict]) -> dict[str, int]:
    """Claims by verdict, zeros included."""
    counted = Counter(c.verdict for c in claims)
    return {verdict: counted[verdict] for verdict in VERDICTS}


def worst(classes: Iterable[DisclosureClass]) -> DisclosureClass | None:
    """The gravest of some disclosure classes, None of none."""
    return min(classes, key=CLASSES.index, default=None)


def surest(statuses: Iterable[FlowStatus]) -> FlowStatus | None:
    """The best evidenced of some flow statuses, None of none."""
    return min(statuses, key=STATUSES.index, default=None)
