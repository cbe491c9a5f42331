"""Flows from fields of ours to recipients, proven by values: what their exports hold is what we have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ..core.category import Taxonomy
from ..core.lineage import Flow, FlowEvidence, Link
from ..core.model import OWN, Dataset, Field
from ..core.urn import dataset_of
from . import evidence
from .fitting import Categories, bounds, fitting, form
from .matching import Match
from .repeats import Repeats, repeats
from .sources import Source, sources
from .values import Sets

#: How sure it is that common values are no accident.
_SURE: Final = {"text": 0.9}
_SURE_OF_OTHERS: Final = 0.99


@dataclass(frozen=True, slots=True)
class Holdings:
    """Which datasets are a recipient's (`tied`), what is personal, and the sketches of all fields.

    `links` and the foreign keys of `fields` tell what repeats what.
    """

    datasets: Sequence[Dataset]
    tied: Mapping[str, Sequence[Match]]
    categories: Categories
    taxonomy: Taxonomy = field(repr=False)
    sets: Sets = field(repr=False)
    links: Sequence[Link] = ()
    fields: Sequence[Field] = ()

    def flows(self) -> Iterator[Flow]:
        """One flow for each source, recipient and category of the source."""
        exports = {urn: kinds for urn, kinds in self.sets.items() if dataset_of(urn) in self.tied}
        for source in sources(self._own(), exports, self._repeats) if exports else ():
            for match in self.tied[dataset_of(source.export)]:
                for category, sure in self._fitting(source.field, source.kind).items():
                    reason = _reason(source, sure)
                    masked = bool(source.algorithm) or source.kind == "digest"
                    found = evidence.status([reason])
                    yield Flow(source.field, match.recipient, category, found, (reason,), masked)

    @property
    def _repeats(self) -> Repeats:
        return repeats(self.datasets, self.fields, self.links)

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
        return fitting(self.taxonomy, self.categories, urn, kind)


def _reason(source: Source, sure: float) -> FlowEvidence:
    found = source.containment
    detail = f"{bounds(found)} of its distinct values are{form(source.algorithm)} this field's"
    confidence = _SURE.get(source.kind, _SURE_OF_OTHERS) * sure
    return FlowEvidence("value match", source.export, detail, found.shared, round(confidence, 4))
