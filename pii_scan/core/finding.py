"""What the checks say: disclosure classes, findings with stable fingerprints, claim verdicts."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

from .declaration import Severity

DisclosureClass = Literal[
    "clear",
    "vague",
    "ambiguous",
    "incorrect",
    "omitted",
    "condition unmet",
    "purpose mismatch",
    "unevidenced",
]
FindingVerdict = Literal["fail", "warn"]
ClaimVerdictName = Literal["pass", "fail", "vague", "not evaluable"]
#: The recipient of a first-party disclosure: the company itself collects or keeps the data.
WE = "we"
#: The check of the policy's text itself: nothing may hide that the claims are for another text.
POLICY_TEXT = "policy-text"


@dataclass(frozen=True, slots=True)
class Disclosure:
    """How the declared list covers one (field, recipient, category).

    The vagueness scores are in 0..1, one an axis: d(claim, flow) / (d(claim, flow) + d(root, claim)),
    after PoliCheck (Andow et al., USENIX Security 2020) and PoliGraph (Cui et al., 2023).
    """

    field: str
    recipient: str
    category: str
    cls: DisclosureClass
    claims: tuple[str, ...] = ()
    vague_recipient: float = 0.0
    vague_data: float = 0.0
    because: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A deviation between what is declared and what was observed; `subject` is a URN or an id."""

    check: str
    severity: Severity
    subject: str
    message: str
    claim: str = ""
    recipient: str = ""
    category: str = ""
    verdict: FindingVerdict = "fail"
    evidence: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        """Stable identity: never counts, scores, clocks or line numbers."""
        parts = (self.check, self.claim, self.subject, self.recipient, self.category)
        return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Examined:
    """What a check saw of one claim: what breaks it, or why it holds, or why that can't be told.

    `needs` names the sources that would settle it; with them it is never a pass.
    """

    findings: tuple[Finding, ...] = ()
    because: str = ""
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimVerdict:
    """The verdict on one claim. `needs` names the sources that would settle `not evaluable`."""

    id: str
    verdict: ClaimVerdictName
    because: str
    needs: tuple[str, ...] = ()
