"""The disclosure class of every flow and of everything that the company itself keeps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from ..core.declaration import Claim, Declaration
from ..core.finding import WE, Disclosure, DisclosureClass
from ..core.globs import matches
from ..core.inventory import Inventory
from ..core.model import OWN, Dataset
from ..core.purpose import compatible
from ..core.recipients import Recipients
from ..core.urn import dataset_of
from .coverage import Coverage, Judge, Subject

#: A detection less sure than this is not judged.
SURE = 0.5
#: A bare identifier ties data to a person and says nothing else of them; no policy lists its keys, so
#: it is judged only where a claim speaks of it. Device, cookie and hashed identifiers are other keys.
_LINK = "user.unique_id"
_OPT_IN = frozenset({"opt_in", "opt-in", "integration", "consent"})


def classify(inventory: Inventory, recipients: Recipients | None = None) -> tuple[Disclosure, ...]:
    """A class for each (field, recipient, category) with personal data, and for unseen recipients.

    Without a declared list nothing is judged. Only flows that may make an error are: confirmed and
    configured ones. In an open world, what no claim speaks of is not judged.
    """
    if inventory.declaration is None:
        return ()
    case = _Case(inventory, inventory.declaration, recipients or Recipients.of(inventory))
    found = {(d.field, d.recipient, d.category): d for d in case.all()}
    return tuple(disclosure for _, disclosure in sorted(found.items()))


@dataclass(frozen=True)
class _Case:
    inventory: Inventory
    declaration: Declaration
    recipients: Recipients

    @cached_property
    def judge(self) -> Judge:
        return Judge(self.inventory.taxonomy, self.recipients)

    @cached_property
    def datasets(self) -> dict[str, Dataset]:
        return {dataset.urn: dataset for dataset in self.inventory.datasets}

    @cached_property
    def integrated(self) -> frozenset[str]:
        """The recipients that an integration's own rows in the data name: the proof of an opt-in."""
        return frozenset(
            self.recipients.canonical(flow.recipient)
            for flow in self.inventory.flows
            if any(e.kind == "integration" for e in flow.evidence)
        )

    def all(self) -> Iterator[Disclosure]:
        yield from self.third_party()
        yield from self.first_party()
        yield from self.unevidenced()

    def third_party(self) -> Iterator[Disclosure]:
        for flow in self.inventory.flows:
            if flow.observed and self.inventory.taxonomy.is_personal(flow.category):
                recipient = self.recipients.canonical(flow.recipient)
                yield from self.one(flow.field, recipient, flow.category)

    def first_party(self) -> Iterator[Disclosure]:
        """What lies in the company's own stores, but for the exports that recipients made."""
        foreign = {dataset_of(flow.field) for flow in self.inventory.flows if flow.exported}
        for field, categories in self._kept().items():
            dataset = self.datasets.get(dataset_of(field))
            if dataset_of(field) in foreign or (dataset and dataset.store.role != OWN):
                continue
            for category in self.inventory.taxonomy.narrowest(categories):
                yield from self.one(field, WE, category)

    def _kept(self) -> dict[str, set[str]]:
        kept: dict[str, set[str]] = {}
        for detection in self.inventory.detections:
            if detection.confidence >= SURE and self.inventory.taxonomy.is_personal(detection.category):
                kept.setdefault(detection.field, set()).add(detection.category)
        return kept

    def unevidenced(self) -> Iterator[Disclosure]:
        """Declared recipients that no evidence shows: stale lines."""
        seen = {
            node
            for flow in self.inventory.flows
            if flow.status != "declared only"
            for node in self.recipients.ancestors(self.recipients.canonical(flow.recipient))
        }
        for recipient in self.declaration.recipients:
            if recipient.id not in seen:
                yield Disclosure("", recipient.id, "", "unevidenced", because="declared, seen nowhere")

    @cached_property
    def _known(self) -> dict[Subject, Disclosure | None]:
        """Each subject is judged once, however many fields are like it."""
        return {}

    @cached_property
    def _named(self) -> dict[str, frozenset[str]]:
        """The ids of the claims that name each dataset; a promise names those where it is looked for."""
        naming = [claim for claim in self.declaration.claims if claim.datasets and not claim.promise]
        return {
            urn: frozenset(c.id for c in naming if any(matches(dataset, glob) for glob in c.datasets))
            for urn, dataset in self.datasets.items()
        }

    def one(self, field: str, recipient: str, category: str) -> Iterator[Disclosure]:
        urn = dataset_of(field)
        purpose = self.datasets[urn].store.purpose if urn in self.datasets else ""
        subject = Subject(category, recipient, self._named.get(urn, frozenset()), purpose)
        if subject not in self._known:
            self._known[subject] = self._judged(subject)
        judged = self._known[subject]
        if judged:
            yield replace(judged, field=field)

    def _judged(self, subject: Subject) -> Disclosure | None:
        claims = self.declaration.claims
        positive = _ranked([self.judge.positive(claim, subject) for claim in claims])
        negative = _ranked([self.judge.negative(claim, subject) for claim in claims])
        if negative:
            return self._contested(subject, positive, negative)
        if positive:
            return self._declared(subject, positive)
        if not self.declaration.closed or subject.category == _LINK:
            return None
        return Disclosure("", subject.recipient, subject.category, "omitted", because="no claim speaks of it")

    def _contested(
        self, subject: Subject, positive: Sequence[Coverage], negative: Sequence[Coverage]
    ) -> Disclosure:
        """A prohibition alone, or one that narrows what is allowed, makes the flow incorrect.

        "Stored only there" forbids every other place whatever else is said. Otherwise two claims of
        the same reach, or a general prohibition beside a special permission, contradict each other.
        """
        against = next((n for n in negative if n.claim.kind == "locate"), None)
        if against is None and positive:
            against = next((n for n in negative if self.judge.narrows(n, positive[0])), None)
            if against is None:
                ids = (positive[0].claim.id, negative[0].claim.id)
                why = f"claims {ids[0]} and {ids[1]} contradict each other"
                return self._disclosure(subject, "ambiguous", positive[0], ids, why)
        against = against or negative[0]
        why = f"claim {against.claim.id} forbids it"
        return self._disclosure(subject, "incorrect", against, (against.claim.id,), why)

    def _declared(self, subject: Subject, positive: Sequence[Coverage]) -> Disclosure:
        """The nearest claim whose purpose and condition hold decides; the others are named after it."""
        fitting = [p for p in positive if self._serves(p.claim, subject)]
        if not fitting:
            claim = positive[0].claim
            why = f"kept for '{subject.purpose}', claim {claim.id} is for {', '.join(claim.purposes)}"
            return self._disclosure(subject, "purpose mismatch", positive[0], (claim.id,), why)
        met = [p for p in fitting if self._condition_may_hold(p.claim, subject.recipient)]
        if not met:
            claim = fitting[0].claim
            why = f"claim {claim.id} holds after '{claim.condition}' only, and no row shows it"
            return self._disclosure(subject, "condition unmet", fitting[0], (claim.id,), why)
        nearest = met[0]
        why = f"claim {nearest.claim.id} " + ("names it" if nearest.clear else "covers it by a general term")
        if nearest.claim.condition:
            why += f"; that '{nearest.claim.condition}' holds is not proven row by row"
        cls: DisclosureClass = "clear" if nearest.clear else "vague"
        return self._disclosure(subject, cls, nearest, tuple(p.claim.id for p in met), why)

    def _serves(self, claim: Claim, subject: Subject) -> bool:
        return compatible(subject.purpose, claim.purposes)

    def _condition_may_hold(self, claim: Claim, recipient: str) -> bool:
        """False only for an opt-in that the scanned integration rows would show, and do not.

        Other conditions need rows or registers; profiles can't refute them.
        """
        if claim.condition.casefold() not in _OPT_IN or recipient == WE or not self.integrated:
            return True
        return recipient in self.integrated

    def _disclosure(
        self,
        subject: Subject,
        cls: DisclosureClass,
        nearest: Coverage,
        claims: tuple[str, ...],
        why: str,
    ) -> Disclosure:
        return Disclosure(
            "",
            subject.recipient,
            subject.category,
            cls,
            claims,
            vague_recipient=round(nearest.recipient.vagueness, 4),
            vague_data=round(nearest.data.vagueness, 4),
            because=why,
        )


def _ranked(found: Sequence[Coverage | None]) -> list[Coverage]:
    return sorted((c for c in found if c is not None), key=lambda coverage: coverage.rank)
