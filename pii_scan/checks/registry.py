"""Runs the checks and gives every claim its verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ..core.declaration import SEVERITIES, Claim, Declaration
from ..core.finding import POLICY_TEXT, ClaimVerdict, Finding
from ..core.inventory import Inventory
from ..core.ports import Check
from . import decisions
from .verdicts import sources, unsettled, verdict

_SOURCE = {
    "detections": "data",
    "ages": "data",
    "flows": "flows",
    "declaration": "text",
    "coverage": "data",
}


def evaluate(
    inventory: Inventory, checks: Sequence[Check]
) -> tuple[tuple[Finding, ...], tuple[ClaimVerdict, ...]]:
    """All findings, the worst first, and one verdict a claim in the order of the declared list.

    A check whose needs are unmet gives no finding, and its claims are not evaluable. If the policy
    text is not the one that the claims were taken from, every claim fails.
    """
    unmet = {check.id: _unmet(inventory, check) for check in checks}
    found = [finding for check in checks if not unmet[check.id] for finding in check(inventory)]
    found += decisions.findings(inventory)
    declaration = inventory.declaration
    if declaration is None:
        return merged(found), ()
    found += _text(declaration)
    findings = merged(found)
    if declaration.text_status == "differs":
        why = "the policy text has changed: the claims are for another text"
        return findings, tuple(ClaimVerdict(c.id, "fail", why, ("text",)) for c in declaration.claims)
    broken = _broken(findings)
    return findings, tuple(_verdict(inventory, c, checks, unmet, broken) for c in declaration.claims)


def _unmet(inventory: Inventory, check: Check) -> tuple[str, ...]:
    """The needs of a check that this inventory does not meet."""
    met = {
        "declaration": inventory.declaration is not None,
        "detections": bool(inventory.profiles or inventory.detections or _was_read(inventory)),
        "flows": any(flow.status != "declared only" for flow in inventory.flows),
        "ages": any(profile.times for profile in inventory.profiles.values()),
        "coverage": bool(inventory.coverage),
    }
    return tuple(need for need in check.needs if not met.get(need, False))


def _was_read(inventory: Inventory) -> bool:
    return any(item.state in ("scanned", "sampled", "empty") for item in inventory.coverage)


def _text(declaration: Declaration) -> list[Finding]:
    """The policy's text itself: changed, or not there to compare."""
    subject = declaration.policy or "policy"
    if declaration.text_status == "differs":
        message = "The policy text has changed since the claims were taken from it: review, then set sha256."
        return [Finding(POLICY_TEXT, "critical", subject, message)]
    if declaration.text_status == "missing":
        message = "The policy text that the declared list names is not there, so it can't be compared."
        return [Finding(POLICY_TEXT, "medium", subject, message, verdict="warn")]
    return []


def merged(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """One finding a fingerprint, with all evidence and the worst severity; the worst first."""
    grouped: dict[str, list[Finding]] = {}
    for finding in findings:
        grouped.setdefault(finding.fingerprint, []).append(finding)
    return tuple(sorted(map(_joined, grouped.values()), key=_order))


def _joined(group: list[Finding]) -> Finding:
    ranked = sorted(group, key=lambda f: (-SEVERITIES.index(f.severity), f.verdict, f.message))
    evidence = tuple(dict.fromkeys(line for f in ranked for line in f.evidence))
    return replace(ranked[0], evidence=evidence)


def _order(finding: Finding) -> tuple[int, str, str, str, str, str]:
    rank = -SEVERITIES.index(finding.severity)
    return rank, finding.check, finding.subject, finding.recipient, finding.category, finding.claim


def _count(findings: Sequence[Finding]) -> str:
    return "1 finding" if len(findings) == 1 else f"{len(findings)} findings"


def _broken(findings: Iterable[Finding]) -> Mapping[str, list[Finding]]:
    broken: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.claim and finding.verdict == "fail":
            broken.setdefault(finding.claim, []).append(finding)
    return broken


def _verdict(
    inventory: Inventory,
    claim: Claim,
    checks: Sequence[Check],
    unmet: Mapping[str, tuple[str, ...]],
    broken: Mapping[str, list[Finding]],
) -> ClaimVerdict:
    if claim.id in broken:
        names = ", ".join(sorted({finding.check for finding in broken[claim.id]}))
        return ClaimVerdict(claim.id, "fail", f"{_count(broken[claim.id])} of {names}")
    if claim.promise:
        return _examined(inventory, claim, checks)
    settling = [check for check in checks if claim.kind in check.kinds]
    if not settling:
        return unsettled(claim, "no check of this version settles it")
    missing = sorted({need for check in settling for need in unmet[check.id]} - _dispensable(claim))
    if missing:
        needs = tuple(dict.fromkeys(_SOURCE.get(need, need) for need in missing))
        return unsettled(claim, f"no {' and no '.join(missing)} in this run", needs)
    return verdict(inventory, claim)


def _examined(inventory: Inventory, claim: Claim, checks: Sequence[Check]) -> ClaimVerdict:
    """A claim with a promise: kept if every check of that promise saw it kept."""
    looked = [c.examine(inventory, claim) for c in checks if c.examine and claim.promise in c.promises]
    if not looked:
        return unsettled(claim, f"no check that runs settles the promise '{claim.promise}'")
    opened = [examined for examined in looked if examined.needs]
    if opened:
        needs = tuple(dict.fromkeys(need for examined in opened for need in examined.needs))
        return unsettled(claim, "; ".join(examined.because for examined in opened), needs)
    return ClaimVerdict(claim.id, "pass", "; ".join(examined.because for examined in looked))


def _dispensable(claim: Claim) -> set[str]:
    """Flows, unless the claim speaks of others or nothing else would settle it."""
    of_others = claim.kind == "allow_share" or (claim.kind == "prohibit" and bool(claim.recipient))
    return set() if of_others or "data" not in sources(claim) else {"flows"}
