"""SARIF 2.1.0 for code hosts: each finding on its line of the declared list, the column beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any, Final
from urllib.parse import quote

from pii_scan.core.baseline import Baseline
from pii_scan.core.decision import AcceptedFinding
from pii_scan.core.declaration import SEVERITIES
from pii_scan.core.finding import ClaimVerdict, Finding
from pii_scan.core.inventory import Coverage, Inventory
from pii_scan.core.ports import Report
from pii_scan.core.redact import clean

from . import overview, ranking
from .canonical import dumps
from .sarif_rules import CLAIM_OPEN, CLAIM_VAGUE, LEVELS, rules
from .wording import count, cut

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
#: GitHub keeps 5,000 results of a run.
MAX_RESULTS: Final = 5_000
MAX_NOTIFICATIONS: Final = 100
MAX_TEXT: Final = 1_000
FINGERPRINT: Final = "piiScanFinding/v1"
_CLAIM_RULE: Final = {"not evaluable": CLAIM_OPEN, "vague": CLAIM_VAGUE}


@dataclass(frozen=True)
class Sarif:
    """Options: `artifact`, the declared list's path in the repository, if it is not the one read."""

    name: str = "sarif"
    suffix: str = ".sarif"

    def write(self, inventory: Inventory, out: IO[str], options: Mapping[str, str]) -> None:
        out.write(dumps(_log(inventory, options.get("artifact", ""))) + "\n")


def _log(inventory: Inventory, artifact: str) -> dict[str, Any]:
    findings = ranking.findings(inventory.all_findings)
    open_claims = sorted((c for c in inventory.claims if c.verdict in _CLAIM_RULE), key=lambda c: c.id)
    described = rules(findings, [_CLAIM_RULE[c.verdict] for c in open_claims])
    places = _Places.of(inventory, artifact, {rule["id"]: i for i, rule in enumerate(described)})
    states = _States.of(inventory)
    results = [places.finding(f) | states.finding(f) for f in findings]
    results += [places.claim(c) | states.claim(c) for c in open_claims]
    driver: dict[str, Any] = {"name": "pii-scan", "rules": described}
    if inventory.run.version:
        driver["version"] = _text(inventory.run.version)
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": "pii-scan/check/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(inventory, len(results) - MAX_RESULTS)],
        "results": results[:MAX_RESULTS],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _text(text: str) -> str:
    """Plain text as SARIF has it: no embedded links from data, and not endless."""
    return cut(clean(text).strip().replace("](", "]\\("), MAX_TEXT) or "–"


def _invocation(inventory: Inventory, left_out: int) -> dict[str, Any]:
    missed = overview.gaps(inventory)
    notes = [_gap(gap) for gap in missed[:MAX_NOTIFICATIONS]]
    if len(missed) > MAX_NOTIFICATIONS:
        notes.append(_note(f"{count(len(missed) - MAX_NOTIFICATIONS, 'more object')} not looked at in full"))
    if left_out > 0:
        notes.append(_note(f"{count(left_out, 'more result')} left out; the JSON report has all"))
    return {"executionSuccessful": inventory.complete, "toolExecutionNotifications": notes}


def _gap(gap: Coverage) -> dict[str, Any]:
    return _note(f"Not looked at in full: {gap.dataset} ({gap.state}; {gap.reason})")


def _note(text: str) -> dict[str, Any]:
    return {"level": "warning", "message": {"text": _text(text)}}


@dataclass(frozen=True, slots=True)
class _States:
    """What is known of results beside themselves: who accepted them, whether the baseline has them.

    If one result has a baseline state, all have (section 3.27.24).
    """

    accepted: Mapping[str, AcceptedFinding]
    counting: frozenset[str]
    baseline: Baseline | None

    @classmethod
    def of(cls, inventory: Inventory) -> _States:
        counting = frozenset(f.fingerprint for f in inventory.findings)
        return cls({a.finding.fingerprint: a for a in inventory.accepted}, counting, inventory.baseline)

    def finding(self, finding: Finding) -> dict[str, Any]:
        found = self.accepted.get(finding.fingerprint)
        suppressed = {"suppressions": [_suppression(found)]} if found else {}
        known = self.baseline is not None and self.baseline.knows(finding)
        return suppressed | self._state(known and finding.fingerprint not in self.counting)

    def claim(self, claim: ClaimVerdict) -> dict[str, Any]:
        return self._state(self.baseline is not None and self.baseline.expects(claim))

    def _state(self, known: bool) -> dict[str, Any]:
        if self.baseline is None:
            return {}
        return {"baselineState": "unchanged" if known else "new"}


def _suppression(accepted: AcceptedFinding) -> dict[str, Any]:
    """The acceptance is kept in a file of its own, so not in the source: `external`."""
    return {
        "kind": "external",
        "status": "accepted",
        "justification": _text(f"accepted by {accepted.decision.said}"),
    }


@dataclass(frozen=True, slots=True)
class _Places:
    """Where results are shown: the declared list, the line of each claim and recipient in it."""

    uri: str
    claims: Mapping[str, int]
    recipients: Mapping[str, int]
    rules: Mapping[str, int]

    @classmethod
    def of(cls, inventory: Inventory, artifact: str, indices: Mapping[str, int]) -> _Places:
        declared = inventory.declaration
        claims = {c.id: c.line for c in declared.claims} if declared else {}
        recipients = {r.id: r.line for r in declared.recipients} if declared else {}
        return cls(_uri(artifact or (declared.file if declared else "")), claims, recipients, indices)

    def finding(self, finding: Finding) -> dict[str, Any]:
        line = self.claims.get(finding.claim) or self.recipients.get(finding.recipient) or 1
        location = self._location(line)
        if "://" in finding.subject:
            kind = "member" if "#" in finding.subject else "resource"
            location["logicalLocations"] = [{"fullyQualifiedName": clean(finding.subject), "kind": kind}]
        told = ". ".join((finding.message.rstrip("."), *finding.evidence))
        return {
            "ruleId": finding.check,
            "ruleIndex": self.rules[finding.check],
            "level": _level(finding),
            "kind": "fail",
            "message": {"text": _text(told)},
            "locations": [location],
            "partialFingerprints": {FINGERPRINT: finding.fingerprint},
            "properties": {
                "claim": finding.claim,
                "recipient": finding.recipient,
                "category": finding.category,
            },
        }

    def claim(self, claim: ClaimVerdict) -> dict[str, Any]:
        rule = _CLAIM_RULE[claim.verdict]
        needs = f" (needs: {', '.join(claim.needs)})" if claim.needs else ""
        return {
            "ruleId": rule,
            "ruleIndex": self.rules[rule],
            "level": "none",
            "kind": _kind(claim),
            "message": {"text": _text(f"{claim.id}: {claim.because}{needs}")},
            "locations": [self._location(self.claims.get(claim.id) or 1)],
            "partialFingerprints": {FINGERPRINT: Finding(rule, "low", claim.id, "", claim.id).fingerprint},
        }

    def _location(self, line: int) -> dict[str, Any]:
        return {
            "physicalLocation": {"artifactLocation": {"uri": self.uri}, "region": {"startLine": max(1, line)}}
        }


def _level(finding: Finding) -> str:
    """A warning never shows as an error, however severe the matter would be."""
    if finding.verdict == "warn" and SEVERITIES.index(finding.severity) >= SEVERITIES.index("medium"):
        return "warning"
    return LEVELS[finding.severity]


def _kind(claim: ClaimVerdict) -> str:
    """`open` where a source that could be read would settle it, `notApplicable` where none would."""
    if claim.verdict == "vague":
        return "review"
    return "open" if claim.needs else "notApplicable"


def _uri(file: str) -> str:
    """A relative reference: absolute paths, which would tell of the machine, keep their last name."""
    path = file.replace("\\", "/")
    if path.startswith("/") or path[1:3] == ":/":
        path = path.rsplit("/", 1)[-1]
    parts = [part for part in path.split("/") if part not in ("", ".", "..")]
    return "/".join(quote(clean(part), safe="") for part in parts) or "sharing.yaml"


REPORT: Report = Sarif()
