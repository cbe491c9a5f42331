"""Baselines: the findings that were there before, so that a check fails for new ones alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, get_args

from ..core.baseline import Baseline
from ..core.declaration import SEVERITIES
from ..core.errors import ConfigError, classify
from ..core.finding import POLICY_TEXT, ClaimVerdictName, Finding, FindingVerdict
from ..core.inventory import Inventory
from ..core.writing import replace as replace_file
from .accepting import ended

VERSION: Final = "1.0"
_HINT: Final = "write one with: pii-scan baseline"


def load(path: Path) -> Baseline:
    """A file that `pii-scan baseline` or `pii-scan check --format json` wrote.

    Raises ConfigError if it is neither: a check without its baseline would be another check.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"the baseline can't be read ({classify(error)})", _HINT, str(path)) from None
    except ValueError:
        raise ConfigError("the baseline is no JSON", _HINT, str(path)) from None
    try:
        return _baseline(document)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise ConfigError("the file is no baseline", _HINT, str(path)) from None


def _baseline(document: Any) -> Baseline:
    if document["schema_version"] != VERSION:
        raise ValueError("another version")
    records = [*document["findings"], *document.get("known", ())]
    findings = {str(r["fingerprint"]): (r["severity"], r["verdict"]) for r in records}
    claims = {str(r["id"]): r["verdict"] for r in document["claims"]}
    grave = {severity for severity, _ in findings.values()} <= set(SEVERITIES)
    failing = {verdict for _, verdict in findings.values()} <= set(get_args(FindingVerdict))
    if not (grave and failing and set(claims.values()) <= set(get_args(ClaimVerdictName))):
        raise ValueError("another vocabulary")
    return Baseline(findings, claims)


def held(inventory: Inventory, baseline: Baseline, only_new: bool = False) -> Inventory:
    """The inventory with the known findings set aside; `only_new` leaves them and settled claims out."""
    reopened = ended(inventory)
    known = {f.fingerprint for f in inventory.findings if baseline.knows(f) and f.fingerprint not in reopened}
    made = replace(
        inventory,
        findings=tuple(f for f in inventory.findings if f.fingerprint not in known),
        known=tuple(f for f in inventory.findings if f.fingerprint in known),
        baseline=baseline,
    )
    return _new(made) if only_new else made


def _new(inventory: Inventory) -> Inventory:
    """What the baseline did not have: new findings, and the claims with one or with another verdict."""
    assert inventory.baseline is not None
    broken = {f.claim for f in inventory.findings}
    claims = tuple(c for c in inventory.claims if c.id in broken or not inventory.baseline.expects(c))
    return replace(inventory, known=(), accepted=(), claims=claims)


def write(inventory: Inventory, path: Path, force: bool) -> str:
    """Writes what was found as a baseline, and says what is in it.

    Accepted findings and a changed policy text are never part of it. Raises ConfigError if the file
    exists, unless `force` is set, or can't be written.
    """
    if path.exists() and not force:
        hint = "what is in it fails no check: look at `pii-scan check --baseline` first, then add --force"
        raise ConfigError(f"{path} exists already", hint)
    kept = [f for f in inventory.findings if f.check != POLICY_TEXT]
    document = {
        "schema_version": VERSION,
        "policy": inventory.declaration.policy if inventory.declaration else None,
        "as_of": inventory.run.as_of,
        "findings": [_record(f) for f in sorted(kept, key=lambda f: (f.check, f.subject, f.fingerprint))],
        "claims": [{"id": c.id, "verdict": c.verdict} for c in sorted(inventory.claims, key=lambda c: c.id)],
    }
    replace_file(path, json.dumps(document, indent=1, ensure_ascii=True) + "\n", "the baseline")
    left = len(inventory.findings) - len(kept)
    text = "; the changed policy text is not part of it" if left else ""
    gap = "" if inventory.complete else "; the scan was incomplete, so it may lack some"
    return f"{path} written: {len(kept)} findings{text}{gap}"


def _record(finding: Finding) -> Mapping[str, str]:
    names = ("fingerprint", "check", "claim", "severity", "verdict", "subject", "recipient", "category")
    return {name: getattr(finding, name) for name in names}
