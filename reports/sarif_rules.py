"""The rules of a SARIF log: one a check that found something, one for each kind of open claim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pii_scan.core.declaration import Severity
from pii_scan.core.finding import Finding

from .ranking import WORST_FIRST
from .wording import words

LEVELS: Final[Mapping[Severity, str]] = {
    "critical": "error",
    "high": "error",
    "medium": "warning",
    "low": "note",
}
#: On GitHub's scale: above 9 critical, above 7 high, above 4 medium.
SCORES: Final[Mapping[Severity, str]] = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "2.0"}
CLAIM_OPEN: Final = "claim-not-evaluable"
CLAIM_VAGUE: Final = "claim-vague"
_CLAIM_RULES: Final[Mapping[str, tuple[str, str]]] = {
    CLAIM_OPEN: (
        "A claim that this scan could not settle",
        "No source that was read settles the claim. The result names the sources that would.",
    ),
    CLAIM_VAGUE: (
        "A claim that covers what was found only vaguely",
        "The claim covers what was observed by a broader term than needed. Name data and recipients.",
    ),
}


def rules(findings: Sequence[Finding], claims: Sequence[str]) -> list[dict[str, Any]]:
    """Rules sorted by id; `claims` are the ids of the claim rules in use."""
    worst: dict[str, Severity] = {}
    for finding in findings:
        known = worst.get(finding.check, finding.severity)
        worst[finding.check] = min(known, finding.severity, key=WORST_FIRST.index)
    checks = [_check(name, severity) for name, severity in worst.items()]
    return sorted([*checks, *(_claim(name) for name in set(claims))], key=lambda rule: str(rule["id"]))


def _check(name: str, severity: Severity) -> dict[str, Any]:
    return {
        "id": name,
        "shortDescription": {"text": words(name)},
        "help": {
            "text": f"Found by the check {name}. Run `pii-scan explain` with the result's fingerprint to see"
            " its evidence, then change the system or the declared list."
        },
        "defaultConfiguration": {"level": LEVELS[severity]},
        "properties": {"tags": ["privacy", "pii", "security"], "security-severity": SCORES[severity]},
    }


def _claim(name: str) -> dict[str, Any]:
    short, text = _CLAIM_RULES[name]
    return {
        "id": name,
        "shortDescription": {"text": short},
        "help": {"text": text},
        "defaultConfiguration": {"level": "none"},
        "properties": {"tags": ["privacy", "policy"]},
    }
