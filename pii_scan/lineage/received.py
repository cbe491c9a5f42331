"""Flows from fields of ours to recipients, proven by values: what their exports hold is what we have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ..core.category import Taxonomy
from ..core.lineage import Flow, FlowEvidence
from ..core.model import OWN, Dataset
from ..core.urn import dataset_of
from . import evidence
from .matching import Match
from .values import Sets, Source, sources

#: What a field may be whose values are of a kind; ids and digests may be anything that is a person's.
_CATEGORIES: Final = {
    "email": ("user.contact.email",),
    "phone": ("user.contact.phone_number", "user.contact.fax_number"),
    "text": ("user.name", "user.account.username"),
}
#: How sure it is that common values are no accident.
_SURE: Final = {"text": 0.9}
_SURE_OF_OTHERS: Final = 0.99
_NAMES: Final = {"md5": "MD5", "sha1": "SHA-1", "sha256": "SHA-256"}

Categories = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Holdings:
    """Which datasets are a recipient's (`tied`), what is personal, and the sketches of all fields."""

    datasets: Sequence[Dataset]
    tied: Mapping[str, Sequence[Match]]
    categories: Categories
    taxonomy: Taxonomy = field(repr=False)
    sets: Sets = field(repr=False)

    def flows(self) -> Iterator[Flow]:
        """One flow for each source, recipient and category of the source."""
        exports = {urn: kinds for urn, kinds in self.sets.items() if dataset_of(urn) in self.tied}
        for source in sources(self._own(), exports) if exports else ():
            for match in self.tied[dataset_of(source.export)]:
                for category, sure in self._fitting(source.field, source.kind).items():
                    reason = _reason(source, sure)
                    masked = bool(source.algorithm) or source.kind == "digest"
                    found = evidence.status([reason])
                    yield Flow(source.field, match.recipient, category, found, (reason,), masked)

    def _own(self) -> Sets:
        """Personal fields of our own stores. What a log repeats is not where it came from."""
        ours = {d.urn for d in self.datasets if d.store.role == OWN and d.kind != "log"} - set(self.tied)
        return {
            urn: fitting
            for urn, kinds in self.sets.items()
            if dataset_of(urn) in ours
            and (fitting := {kind: found for kind, found in kinds.items() if self._fitting(urn, kind)})
        }

    def _fitting(self, urn: str, kind: str) -> dict[str, float]:
        """The personal categories of a field that such values may be of."""
        told = self.categories.get(urn, {})
        allowed = _CATEGORIES.get(kind)
        if allowed is None:
            return dict(told)
        return {
            key: sure
            for key, sure in told.items()
            if any(self.taxonomy.subsumes(one, key) for one in allowed)
        }


def _reason(source: Source, sure: float) -> FlowEvidence:
    found = source.containment
    form = f", as {_NAMES[source.algorithm]}," if source.algorithm else ""
    bounds = f"{found.share:.0%} ({found.low:.0%} to {found.high:.0%})"
    detail = f"{bounds} of its distinct values are{form} this field's"
    confidence = _SURE.get(source.kind, _SURE_OF_OTHERS) * sure
    return FlowEvidence("value match", source.export, detail, found.shared, round(confidence, 4))
