"""The declared list: recipients and claims, each claim with its place in the policy text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from .cohort import Cohort
from .lineage import Processor

ClaimKind = Literal[
    "collect", "allow_share", "prohibit", "locate", "secure", "retain", "right", "notify", "purpose"
]
Severity = Literal["low", "medium", "high", "critical"]
SEVERITIES: tuple[Severity, ...] = ("low", "medium", "high", "critical")


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a claim speaks of: named recipients, functions, or anyone."""

    ids: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    anyone: bool = False

    def __bool__(self) -> bool:
        return bool(self.ids or self.functions or self.roles or self.anyone)


@dataclass(frozen=True, slots=True)
class Retention:
    """How long: at most `days` plus `grace` days after the time in the column `age_of`.

    `age_of` empty means the best time column that the scan found. `per_account_setting` names a
    setting in the data itself; evaluating it needs rows, not profiles.
    """

    days: int | None = None
    grace: int = 0
    age_of: str = ""
    per_account_setting: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """One line of the declared list: actor, action, data, recipient, purpose, condition, period.

    `data` holds category keys and `dataset:GLOB` selectors. `only_at` (kind `locate`) forbids every
    other place. `sources` names the evidence that would settle the claim (`data`, `flows`,
    `infrastructure`, `registers`, `text`). `promise` is a word of `core/promise.py`, `within` the hours that
    it allows, `asked` the kinds of requests that it speaks of, `cohort` the people or accounts whose rows
    settle it. `line` is the claim's line in the file.
    """

    id: str
    kind: ClaimKind
    data: tuple[str, ...] = ()
    actor: str = "we"
    recipient: Audience = Audience()
    only_at: Audience = Audience()
    purposes: tuple[str, ...] = ()
    condition: str = ""
    retention: Retention | None = None
    region: str = ""
    quote: str = ""
    span: tuple[int, int] | None = None
    severity: Severity = "medium"
    sources: tuple[str, ...] = ()
    promise: str = ""
    within: int | None = None
    asked: tuple[str, ...] = ()
    cohort: str = ""
    line: int = 0

    @property
    def categories(self) -> tuple[str, ...]:
        return tuple(d for d in self.data if not d.startswith("dataset:"))

    @property
    def datasets(self) -> tuple[str, ...]:
        """The globs of the `dataset:` selectors."""
        return tuple(d.removeprefix("dataset:") for d in self.data if d.startswith("dataset:"))


@dataclass(frozen=True, slots=True)
class Recipient:
    """A declared recipient: the processor, what it needs, its contract and attestation."""

    processor: Processor
    needs: tuple[str, ...] = ()
    dpa_until: str = ""
    attestation: str = ""
    attestation_until: str = ""
    signatures: tuple[str, ...] = ()  # globs of the exports that come from it
    line: int = 0

    @property
    def id(self) -> str:
        return self.processor.id


@dataclass(frozen=True, slots=True)
class Declaration:
    """The whole declared list. `closed`: what no claim lists is omitted, so a finding."""

    policy: str = ""
    lang: str = ""
    effective: str = ""
    closed: bool = True
    recipients: tuple[Recipient, ...] = ()
    claims: tuple[Claim, ...] = ()
    cohorts: tuple[Cohort, ...] = ()
    file: str = ""
    text_sha256: str = ""
    text_status: Literal["unchecked", "matches", "differs", "missing"] = "unchecked"
    source: str = ""  # the policy text, relative to `file`
    drafted: int = 0  # claims that still carry the confidence of a draft: nobody has reviewed them
    by_id: dict[str, Recipient] = field(default_factory=dict, repr=False, compare=False)

    def recipient(self, recipient_id: str) -> Recipient | None:
        if not self.by_id:
            self.by_id.update({r.id: r for r in self.recipients})
        return self.by_id.get(recipient_id)
