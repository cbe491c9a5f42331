"""What the user decided: overrides of a field's category, suppressions of a detection, accepted findings."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

from .detection import Detection
from .finding import Finding

DecisionKind = Literal["override", "suppress", "accept"]
DecisionVerdict = Literal["type", "contains", "both"]
#: `active` and `needs review` are in force; the others are not.
DecisionState = Literal["active", "needs review", "expired", "pending", "unused"]
#: The category of an override that takes the type verdict away.
NONE: Final = "none"


@dataclass(frozen=True, slots=True)
class Decision:
    """One record of `detect.overrides`, `detect.suppress` or the accepted findings.

    The id is a hash of the whole record; of an accepted finding it is made of its fingerprint, which is
    its `match`, and `subject` is the finding's.

    `match` is a glob over fields (`core.globs`). An override's `category` is a key or `none`,
    a suppression's a glob of keys. `contains` are globs of categories whose `contains` verdicts an
    override takes away too; `detector` narrows an override to verdicts that a detector gave.
    """

    id: str
    kind: DecisionKind
    match: str
    category: str
    owner: str
    reason: str
    verdict: DecisionVerdict = "both"
    contains: tuple[str, ...] = ()
    detector: str = ""
    since: date | None = None
    expires: date | None = None
    reviewed: date | None = None
    where: str = field(default="", repr=False, compare=False)
    subject: str = ""

    def expired(self, today: date) -> bool:
        """True from the day after `expires` on."""
        return self.expires is not None and today > self.expires

    def pending(self, today: date) -> bool:
        return self.since is not None and today < self.since

    @property
    def said(self) -> str:
        """Who decided it, why and for how long."""
        until = f", until {self.expires.isoformat()}" if self.expires else ""
        return f"{self.owner}: {self.reason}{until}"


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A detection that is kept but counts for nothing, and the decision that says so."""

    detection: Detection
    decision: Decision


@dataclass(frozen=True, slots=True)
class AcceptedFinding:
    """A finding that stays in every report but fails nothing, and the decision that says so."""

    finding: Finding
    decision: Decision


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What a decision was first met with: the day, the detector's fingerprint, the verdicts (JSON)."""

    id: str
    accepted: str
    detector: str
    basis: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a decision stands in a run: `fields` and `detections` that it concerns, and why this state.

    `basis` is what an `Acceptance` of it in this run would keep.
    """

    decision: Decision
    state: DecisionState
    fields: int = 0
    detections: int = 0
    accepted: str = ""
    because: str = ""
    basis: str = field(default="", repr=False)

    @property
    def line(self) -> str:
        """One line for logs and reports, such as `decision suppress-1a2b3c4d (app/x#y) expired: …`."""
        state = {"needs review": "needs review", "unused": "is unused", "pending": "is pending"}
        why = f": {self.because}" if self.because else ""
        name = f"decision {self.decision.id} ({self.decision.match})"
        return f"{name} {state.get(self.state, self.state)}{why}"
