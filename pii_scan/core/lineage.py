"""Who receives a field: flows with their evidence, and the recipients themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

FlowStatus = Literal["confirmed", "configured", "contact only", "declared only"]
#: Kinds of evidence with their tier, after the ranking in docs/design.md (1 is the strongest).
TIERS: dict[str, int] = {
    "export": 1,
    "value match": 1,
    "payload": 2,
    "mapping": 3,
    "run log": 3,
    "integration": 4,
    "code": 5,
    "host": 6,
    "declared": 7,
}
#: A recipient id for hosts and exports that resolve to nobody.
UNKNOWN = "unknown"
#: Before a recipient's id among a column's contacts: its values are keys of the recipient's service.
KEY_OF = "key:"
#: Before a recipient's id among the contacts of a nested field: its values lie in rows that name it
#: elsewhere. By itself at the column that names recipients: such rows were counted.
BESIDE = "beside:"


@dataclass(frozen=True, slots=True)
class Processor:
    """A recipient: a processor, partner or authority. `parent` is the company behind a service."""

    id: str
    name: str
    role: str = "processor"
    function: str = ""
    region: str = ""
    hosts: tuple[str, ...] = ()
    parent: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class FlowEvidence:
    """One observation: what kind, at which dataset or field URN, how often, how sure (0 to 1)."""

    kind: str
    locator: str
    detail: str
    count: int = 0
    confidence: float = 1.0

    @property
    def tier(self) -> int:
        return TIERS.get(self.kind, 7)


@dataclass(frozen=True, slots=True)
class Flow:
    """A field's category reaches a recipient; the edge keeps all of its evidence.

    `category` is empty when only the contact is known, not the field's content.
    """

    field: str
    recipient: str
    category: str
    status: FlowStatus
    evidence: tuple[FlowEvidence, ...] = ()
    masking: bool = False

    @property
    def observed(self) -> bool:
        """True for the two statuses that may make an error."""
        return self.status in ("confirmed", "configured")

    @property
    def exported(self) -> bool:
        """True if an export of the recipient's tells it."""
        return any(evidence.kind == "export" for evidence in self.evidence)


def restated(flows: Iterable[Flow]) -> frozenset[tuple[str, str, str]]:
    """The (field, recipient, category) of flows that tell only where an export's values come from.

    The export's own flow says already that the recipient has them.
    """
    known = list(flows)
    told = {(f.field, f.recipient) for f in known if f.exported}
    return frozenset(
        (f.field, f.recipient, f.category)
        for f in known
        if f.evidence
        and all(e.kind == "value match" and (e.locator, f.recipient) in told for e in f.evidence)
    )


@dataclass(frozen=True, slots=True)
class Link:
    """What lies in `target` (a field or dataset) was made from `source`: a step on the way of data.

    `kind` says how that is known: `mapping`, `view`, `value match`; `masking` that it was hashed or redacted.
    """

    source: str
    target: str
    kind: str
    locator: str = ""
    detail: str = ""
    count: int = 0
    confidence: float = 1.0
    masking: bool = False
