"""How one claim covers one flow: for it, against it, or silent; and how far off it speaks.

After PoliCheck (Andow et al., USENIX Security 2020) and PoliGraph (Cui et al., 2023): subsumption on
two axes, the data and the recipient.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..core.category import Taxonomy
from ..core.declaration import Audience, Claim
from ..core.finding import WE
from ..core.recipients import Recipients


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis of a match: steps from the claim's term down to the flow's, steps from the root to it."""

    distance: int = 0
    depth: int = 0

    @property
    def vagueness(self) -> float:
        """d(claim, flow) / (d(claim, flow) + d(root, claim)); 0 for the same term, 1 at the root."""
        return self.distance / (self.distance + self.depth) if self.distance else 0.0


@dataclass(frozen=True, slots=True)
class Coverage:
    """A claim that speaks of a flow, with its distance on both axes."""

    claim: Claim
    data: Axis
    recipient: Axis

    @property
    def rank(self) -> tuple[int, int, str]:
        """Nearest first; the data counts more than the recipient, then the id decides."""
        return self.data.distance + self.recipient.distance, self.data.distance, self.claim.id

    @property
    def clear(self) -> bool:
        return not self.data.distance and not self.recipient.distance


@dataclass(frozen=True, slots=True)
class Subject:
    """What is judged: a category that a recipient has; `WE` is the company.

    `named` are the ids of the claims that name its dataset, `purpose` what its store is for.
    """

    category: str
    recipient: str
    named: frozenset[str] = frozenset()
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Judge:
    """Compares claims with subjects over both DAGs."""

    taxonomy: Taxonomy
    recipients: Recipients

    def positive(self, claim: Claim, subject: Subject) -> Coverage | None:
        """The claim as a reason why the flow is declared.

        What the company keeps is declared by what it says that it collects, and by nothing that it
        says about anyone else. What a recipient has is declared by sharing with it, by its own
        collecting, and by naming it as the one place.
        """
        data = self._data(claim, subject)
        recipient = self._first_party(claim) if subject.recipient == WE else self._third_party(claim, subject)
        return Coverage(claim, data, recipient) if data and recipient else None

    def negative(self, claim: Claim, subject: Subject) -> Coverage | None:
        """The claim as a reason why the flow is forbidden."""
        data = self._data(claim, subject)
        if data is None:
            return None
        if claim.kind == "locate" and claim.only_at:
            forbidden = not self._is_at(claim.only_at, subject.recipient)
            return Coverage(claim, data, Axis(*self._from_anyone(subject.recipient))) if forbidden else None
        if claim.kind != "prohibit":
            return None
        recipient = self._prohibited(claim.recipient, subject.recipient)
        return Coverage(claim, data, recipient) if recipient else None

    def _data(self, claim: Claim, subject: Subject) -> Axis | None:
        """The nearest of the claim's categories, or the dataset that it names.

        The root counts only where the claim itself names it, and is then as vague as can be.
        """
        if claim.id in subject.named:
            return Axis()
        above = self.taxonomy.ancestors(subject.category)
        found = [(above[key], self.taxonomy.depth(key)) for key in claim.categories if key in above]
        return Axis(*min(found)) if found else None

    def _first_party(self, claim: Claim) -> Axis | None:
        if claim.kind != "collect" or claim.actor != WE:
            return None
        ours = not claim.recipient or WE in claim.recipient.ids or claim.promise
        return Axis() if ours else None

    def _third_party(self, claim: Claim, subject: Subject) -> Axis | None:
        if claim.kind == "allow_share":
            return self._axis(claim.recipient, subject.recipient)
        if claim.kind == "locate":
            return self._axis(claim.only_at, subject.recipient)
        if claim.kind == "collect" and claim.actor != WE:
            return self._axis(Audience(ids=(claim.actor,)), subject.recipient)
        return None

    def _axis(self, audience: Audience, recipient: str) -> Axis | None:
        found = self.recipients.distance(audience, recipient)
        return Axis(*found) if found else None

    def _is_at(self, audience: Audience, recipient: str) -> bool:
        if recipient == WE:
            return WE in audience.ids
        return self._axis(audience, recipient) is not None

    def _prohibited(self, audience: Audience, recipient: str) -> Axis | None:
        """Without an audience nobody may have the data, the company included."""
        if not audience or (recipient == WE and WE in audience.ids):
            return Axis(*self._from_anyone(recipient))
        return None if recipient == WE else self._axis(audience, recipient)

    def _from_anyone(self, recipient: str) -> tuple[int, int]:
        return (0, 0) if recipient == WE else (self.recipients.depth(recipient), 0)

    def narrows(self, narrow: Coverage, wide: Coverage) -> bool:
        """True if the first claim speaks of a part of what the second does, and not of the same."""
        nearer = (narrow.data.distance, narrow.recipient.distance)
        farther = (wide.data.distance, wide.recipient.distance)
        return nearer != farther and nearer[0] <= farther[0] and nearer[1] <= farther[1]
