"""What an earlier check found: what of it comes again is known, anything else is new."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .declaration import SEVERITIES, Severity
from .finding import POLICY_TEXT, ClaimVerdict, ClaimVerdictName, Finding, FindingVerdict


@dataclass(frozen=True, slots=True)
class Baseline:
    """By fingerprint how grave each finding was, and by claim its verdict."""

    findings: Mapping[str, tuple[Severity, FindingVerdict]] = field(default_factory=dict)
    claims: Mapping[str, ClaimVerdictName] = field(default_factory=dict)

    def knows(self, finding: Finding) -> bool:
        """True if it was found before and has not become worse since."""
        before = self.findings.get(finding.fingerprint)
        if before is None or finding.check == POLICY_TEXT:
            return False
        severity, verdict = before
        worse = SEVERITIES.index(finding.severity) > SEVERITIES.index(severity)
        return not worse and (finding.verdict == verdict or finding.verdict == "warn")

    def expects(self, claim: ClaimVerdict) -> bool:
        """True if the claim had the same verdict before."""
        return self.claims.get(claim.id) == claim.verdict
