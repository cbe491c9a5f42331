"""Joins the evidence on a field, in log-odds, into what it is and what it contains."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from ..core.detection import LIMITED, Detection, Evidence
from ..core.model import Dataset, Field
from ..core.profile import EMPTY, Hits, Profile
from . import protection
from .candidates import promoted
from .extent import Extent
from .hits import LEFT, NO_HITS
from .labels import Labels
from .names import Names
from .naming import CLAIMED, Naming
from .neighbours import IDENTIFIER, Neighbours
from .options import Options
from .plausible import hidden, plausibility
from .prose.assembly import ERRING
from .related import narrower, related
from .rules import Rule
from .support import Support

#: Categories whose patterns are the mark that a whole value begins with.
_MARKED: Final = ("user.device.user_agent",)
#: Numbers that organisations have, too.
_NUMBERS: Final = ("user.government_id.tax_identification_number",)
PHONE: Final = "user.contact.phone_number"
_PLACES: Final = ("user.contact.address", "user.location")
#: Texts, such as the pages of a letter, of which one with a name counts: among more it may be a mistake.
_FEW: Final = 5
Path = tuple[str, ...]


@dataclass(frozen=True)
class Judge:
    """Decides on all fields of a dataset at once, for columns speak of those beside them."""

    names: Names
    options: Options
    rules: Sequence[Rule]
    labels: Labels = dataclasses.field(default_factory=lambda: Labels(tuple))

    @cached_property
    def _naming(self) -> Naming:
        return Naming(self.names.taxonomy, self.options)

    def judge(
        self, dataset: Dataset, fields: Sequence[Field], profiles: Mapping[Path, Profile]
    ) -> tuple[Detection, ...]:
        """The detections of every field, in the order of the fields, the surest first."""
        beside = Neighbours(self.names, dataset, fields, profiles, self.labels.of(dataset, fields))
        found: list[Detection] = []
        for field in fields:
            own = self._field(field, profiles.get(field.path, EMPTY), beside)
            found.extend(sorted(own, key=lambda d: (d.verdict != "type", -d.confidence, d.category)))
        return tuple(found)

    def evidence(
        self, dataset: Dataset, fields: Sequence[Field], profiles: Mapping[Path, Profile]
    ) -> Iterator[tuple[Field, Mapping[str, Sequence[Evidence]]]]:
        """What speaks for and against each category of each field, whatever comes of it."""
        beside = Neighbours(self.names, dataset, fields, profiles, self.labels.of(dataset, fields))
        for field in fields:
            extent = Extent(profiles.get(field.path, EMPTY), self.rules)
            yield field, self._evidence(field, extent, self._hits(field, extent, beside), beside)

    def _field(self, field: Field, profile: Profile, beside: Neighbours) -> Iterator[Detection]:
        extent = Extent(profile, self.rules)
        hits = self._hits(field, extent, beside)
        evidence = self._evidence(field, extent, hits, beside)
        best = self._best(evidence)
        if best:
            typed = self._typed(field, extent, best, evidence[best], hits)
            yield replace(typed, protection=protection.state(profile, best, field.path)[0])
        sealed = hidden(profile, self.options)
        for category, hit in hits.items():
            if sealed and not category.startswith("user.authorization"):
                continue  # letters of a ciphertext are no plate and no number
            covered = best and (
                related(self.names.taxonomy, best, category) or _of_place(best, category, hit)
            )
            if not covered and not self._noise(profile, hit):
                yield self._contains(field, extent, category, hit)

    def _noise(self, profile: Profile, hit: Hits) -> bool:
        """True for so few texts as a reader of texts takes wrongly for what they are not."""
        if not all(part.startswith(ERRING) for part in hit.detector.split("+")):
            return False
        looked = profile.values - profile.hits.get(LEFT, NO_HITS).rows
        least = 1 if looked <= _FEW else 2
        return hit.rows < max(least, self.options.share("text") * looked)

    def _hits(self, field: Field, extent: Extent, beside: Neighbours) -> dict[str, Hits]:
        """The hits that count in a field of this name."""
        hits = promoted(extent, self.options)
        hits = {c: hit for c, hit in hits.items() if not self._circular(field, c, hit)}
        if self.names.machine(field.path):
            hits.pop("user.contact.email", None)
        if self.names.version(field.path):
            hits.pop("user.device.ip_address", None)
        if (
            self.names.numbered(field.path)
            and PHONE not in extent.profile.hits
            and not beside.of_person(field)
        ):
            hits.pop(PHONE, None)  # its own number, of a form that telephone numbers have by chance
        return hits

    @cached_property
    def _support(self) -> Support:
        return Support(self.options)

    @cached_property
    def _weak(self) -> frozenset[str]:
        """The rules whose form proves nothing without a word that says what it is."""
        return frozenset(rule.id for rule in self.rules if rule.strength == "weak")

    def _circular(self, field: Field, category: str, hit: Hits) -> bool:
        """True if weak rules were let count by a name that says less: any `uid` has a device id's form."""
        if not hit.whole or not self._weak.issuperset(hit.detector.split("+")):
            return False
        tree = self.names.taxonomy
        named = [hint for hint in self.names.hints(field.path) if related(tree, hint, category)]
        return bool(named) and all(hint != category and tree.subsumes(hint, category) for hint in named)

    def _evidence(
        self, field: Field, extent: Extent, hits: Mapping[str, Hits], beside: Neighbours
    ) -> dict[str, list[Evidence]]:
        """What speaks for and against each category that a name or a value brings up."""
        profile = extent.profile
        found: dict[str, list[Evidence]] = {}
        label = beside.labels.get(field.path)
        named_by = [said for said in beside.read(field) if self._agrees(said.category, label)]
        for said in named_by:
            found.setdefault(said.category, []).append(
                Evidence("name", "names", said.category, round(said.weight, 3), said.detail)
            )
        if label and profile.values:  # an export has all its headers, whether they are used or not
            found.setdefault(label.category, []).append(label)
        for tie in self._tied(field, beside):
            found.setdefault(tie.category, []).append(tie)
        if not any(said.weight >= CLAIMED for said in named_by):
            for more in self._support.evidence(field, extent, hits, beside):
                found.setdefault(more.category, []).append(more)
        for category in list(found):
            found[category] += self._beside(field, category, beside)
            found[category] += plausibility(
                category, profile, hits, self.names.taxonomy, self.options, extent, field.path
            )
        found = self._naming.join(
            profile, found, frozenset(h.category for h in named_by if h.strong), beside.subject(field)
        )
        for category, hit in hits.items():
            named = [c for c in found if related(self.names.taxonomy, c, category)]
            key = narrower(self.names.taxonomy, named[0], category) if named else category
            entries = found.pop(named[0]) if named else []
            found[key] = [*entries, *self._whole(category, hit, extent, bool(named))]
        for category in set(_NUMBERS).intersection(found):
            found[category] += self._owned(field, category, beside)
        return found

    def _agrees(self, category: str, label: Evidence | None) -> bool:
        """False for what a header's words seem to say where its maker says that they mean something else."""
        return label is None or related(self.names.taxonomy, label.category, category)

    def _owned(self, field: Field, category: str, beside: Neighbours) -> Iterator[Evidence]:
        """A company's VAT number is of the form of a person's."""
        if beside.of_organisation(field):
            weight = self.options.weight("organisation")
            yield Evidence("neighbour", "record", category, weight, "in the record of an organisation")

    def _beside(self, field: Field, category: str, beside: Neighbours) -> Iterator[Evidence]:
        others = beside.siblings(field)
        if others:
            weight = self.options.weight("sibling") * min(len(others), 2)
            yield Evidence(
                "neighbour", "siblings", category, weight, f"beside {len(others)} other columns of a person"
            )

    def _tied(self, field: Field, beside: Neighbours) -> Iterator[Evidence]:
        """What makes a column the key of persons, whatever its name says."""
        if beside.refers(field):
            weight = self.options.weight("reference")
            yield Evidence(
                "neighbour", "references", IDENTIFIER, weight, "a foreign key to a table of persons"
            )
        if beside.keys(field):
            weight = self.options.weight("key")
            yield Evidence("neighbour", "key", IDENTIFIER, weight, "the key of a table of persons")

    def _whole(self, category: str, hit: Hits, extent: Extent, named: bool) -> Iterator[Evidence]:
        """The share of values that are of the category as a whole."""
        count = hit.rows if category in _MARKED else hit.whole
        share = extent.share(category, hit, count)
        whole = "" if category in _MARKED else " as a whole"
        detail = f"{_of(extent, category, hit, count)} values match {hit.detector}{whole}"
        if share >= self.options.share("whole"):
            yield Evidence("pattern", hit.detector, category, self.options.weight("whole"), detail)
        elif named and share >= self.options.share("named"):
            yield Evidence("pattern", hit.detector, category, self.options.weight("partial"), detail)

    def _best(self, evidence: Mapping[str, Sequence[Evidence]]) -> str:
        """The category with the highest score above the threshold; ties go to the more specific."""
        floor = float(self.options.defaults["verdict"]["threshold"])
        ranked = sorted(
            ((self._confidence(c, items), self.names.taxonomy.depth(c), c) for c, items in evidence.items()),
            key=lambda r: (-round(r[0], 6), -r[1], r[2]),
        )
        return ranked[0][2] if ranked and ranked[0][0] >= floor else ""

    def _confidence(self, category: str, items: Iterable[Evidence]) -> float:
        score = self.options.prior(self.names.taxonomy.top(category)) + sum(e.weight for e in items)
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))

    def _typed(
        self,
        field: Field,
        extent: Extent,
        category: str,
        items: Sequence[Evidence],
        hits: Mapping[str, Hits],
    ) -> Detection:
        mine = [(c, h) for c, h in hits.items() if related(self.names.taxonomy, category, c)]
        told, hit = max(mine, key=lambda m: (m[1].whole, m[1].rows), default=("", None))
        confidence = round(min(self._confidence(category, items), 0.999), 3)
        plain = Detection(field.urn, category, "type", confidence, evidence=tuple(items))
        return plain if hit is None else _counted(plain, extent, told, hit)

    @staticmethod
    def _contains(field: Field, extent: Extent, category: str, hit: Hits) -> Detection:
        sure = {"card": 0.9, "phone_national": 0.8, "birth_date": 0.8}.get(hit.detector, 0.95)
        detail = f"{_of(extent, category, hit, hit.rows)} values contain {hit.detector}"
        items = (Evidence("pattern", hit.detector, category, 0.0, detail),)
        return _counted(
            Detection(field.urn, category, "contains", sure, evidence=items), extent, category, hit
        )


def _of_place(best: str, category: str, hit: Hits) -> bool:
    """True for the names that readers of texts see in streets and towns, which are called after people."""
    read = all(part.startswith(ERRING) for part in hit.detector.split("+"))
    return read and best.startswith(_PLACES) and category.startswith("user.name")


def _of(extent: Extent, category: str, hit: Hits, count: int) -> str:
    """`12 of 500`, with the estimate where not all were checked."""
    whole = f"{count} of {extent.profile.values}"
    rows = extent.rows(category, hit, count)
    return whole if rows == count else f"{whole} (an estimated {rows} with those not checked)"


def _counted(plain: Detection, extent: Extent, category: str, hit: Hits) -> Detection:
    """The detection with the share of the values that the hits of a category make."""
    low, high = extent.interval(category, hit)
    missed = extent.missed(category, hit)
    limit = [Evidence("profile", LIMITED, plain.category, 0.0, missed)] if missed else []
    return replace(
        plain,
        share=round(extent.share(category, hit), 6) if extent.profile.values else None,
        low=round(low, 6),
        high=round(high, 6),
        count=hit.rows,
        places=hit.places,
        evidence=(*plain.evidence, *limit),
    )
