"""Joins the evidence on a field, in log-odds, into what it is and what it contains."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from ..core.detection import Detection, Evidence, wilson
from ..core.model import Dataset, Field
from ..core.profile import EMPTY, Hits, Profile
from . import protection
from .candidates import promoted
from .hits import FOREIGN, LEFT, UNSEEN
from .names import Names
from .naming import CLAIMED, Naming
from .neighbours import IDENTIFIER, Neighbours
from .options import Options
from .plausible import plausibility
from .related import narrower, related
from .rules import Rule
from .support import Support

#: Categories whose patterns are the mark that a whole value begins with.
_MARKED: Final = ("user.device.user_agent",)
#: Numbers that organisations have, too.
_NUMBERS: Final = ("user.government_id.tax_identification_number",)
_LEFT: Final = {LEFT: "texts were not read", FOREIGN: "texts are in languages that no model reads"}
PHONE: Final = "user.contact.phone_number"
Path = tuple[str, ...]


@dataclass(frozen=True)
class Judge:
    """Decides on all fields of a dataset at once, for columns speak of those beside them."""

    names: Names
    options: Options
    rules: Sequence[Rule]

    @cached_property
    def _naming(self) -> Naming:
        return Naming(self.names.taxonomy, self.options)

    def judge(
        self, dataset: Dataset, fields: Sequence[Field], profiles: Mapping[Path, Profile]
    ) -> tuple[Detection, ...]:
        """The detections of every field, in the order of the fields, the surest first."""
        beside = Neighbours(self.names, dataset, fields, profiles)
        found: list[Detection] = []
        for field in fields:
            own = self._field(field, profiles.get(field.path, EMPTY), beside)
            found.extend(sorted(own, key=lambda d: (d.verdict != "type", -d.confidence, d.category)))
        return tuple(found)

    def _field(self, field: Field, profile: Profile, beside: Neighbours) -> Iterator[Detection]:
        hits = promoted(profile, self.rules, self.options)
        hits = {c: hit for c, hit in hits.items() if not self._circular(field, c, hit)}
        if self.names.machine(field.path):
            hits.pop("user.contact.email", None)
        if self.names.version(field.path):
            hits.pop("user.device.ip_address", None)
        if self.names.numbered(field.path) and PHONE not in profile.hits and not beside.of_person(field):
            hits.pop(PHONE, None)  # its own number, of a form that telephone numbers have by chance
        evidence = self._evidence(field, profile, hits, beside)
        best = self._best(evidence)
        if best:
            typed = self._typed(field, profile, best, [*evidence[best], *_limits(profile, best)], hits)
            yield replace(typed, protection=protection.state(profile, best, field.path)[0])
        for category, hit in hits.items():
            if not (best and related(self.names.taxonomy, best, category)):
                yield self._contains(field, profile, category, hit)

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
        self, field: Field, profile: Profile, hits: Mapping[str, Hits], beside: Neighbours
    ) -> dict[str, list[Evidence]]:
        """What speaks for and against each category that a name or a value brings up."""
        found: dict[str, list[Evidence]] = {}
        named_by = beside.read(field)
        for said in named_by:
            found.setdefault(said.category, []).append(
                Evidence("name", "names", said.category, round(said.weight, 3), said.detail)
            )
        for tie in self._tied(field, beside):
            found.setdefault(tie.category, []).append(tie)
        if not any(said.weight >= CLAIMED for said in named_by):
            for more in self._support.evidence(field, profile, hits, beside):
                found.setdefault(more.category, []).append(more)
        for category in list(found):
            found[category] += self._beside(field, category, beside)
            found[category] += plausibility(
                category, profile, hits, self.names.taxonomy, self.options, self.rules, field.path
            )
        found = self._naming.join(
            profile, found, frozenset(h.category for h in named_by if h.strong), beside.subject(field)
        )
        for category, hit in hits.items():
            named = [c for c in found if related(self.names.taxonomy, c, category)]
            key = narrower(self.names.taxonomy, named[0], category) if named else category
            entries = found.pop(named[0]) if named else []
            found[key] = [*entries, *self._whole(category, hit, profile, bool(named))]
        for category in set(_NUMBERS).intersection(found):
            found[category] += self._owned(field, category, beside)
        return found

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

    def _whole(self, category: str, hit: Hits, profile: Profile, named: bool) -> Iterator[Evidence]:
        """The share of values that are of the category as a whole."""
        count = hit.rows if category in _MARKED else hit.whole
        share = count / profile.values if profile.values else 0.0
        whole = "" if category in _MARKED else " as a whole"
        detail = f"{count} of {profile.values} values match {hit.detector}{whole}"
        if share >= self.options.share("whole"):
            yield Evidence("pattern", hit.detector, category, self.options.weight("whole"), detail)
        elif named and share >= self.options.share("named"):
            yield Evidence("pattern", hit.detector, category, self.options.weight("partial"), detail)

    def _best(self, evidence: Mapping[str, Sequence[Evidence]]) -> str:
        """The category with the highest score above the threshold; ties go to the more specific."""
        floor = float(self.options.defaults["verdict"]["threshold"])
        ranked = sorted(
            ((self._confidence(items), self.names.taxonomy.depth(c), c) for c, items in evidence.items()),
            key=lambda r: (-round(r[0], 6), -r[1], r[2]),
        )
        return ranked[0][2] if ranked and ranked[0][0] >= floor else ""

    def _confidence(self, items: Iterable[Evidence]) -> float:
        score = float(self.options.defaults["verdict"]["prior"]) + sum(e.weight for e in items)
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))

    def _typed(
        self,
        field: Field,
        profile: Profile,
        category: str,
        items: Sequence[Evidence],
        hits: Mapping[str, Hits],
    ) -> Detection:
        mine = [h for c, h in hits.items() if related(self.names.taxonomy, category, c)]
        hit = max(mine, key=lambda h: (h.whole, h.rows), default=None)
        confidence = round(min(self._confidence(items), 0.999), 3)
        if hit is None:
            return Detection(field.urn, category, "type", confidence, evidence=tuple(items))
        return self._counted(field, profile, category, "type", confidence, hit, items)

    def _contains(self, field: Field, profile: Profile, category: str, hit: Hits) -> Detection:
        sure = {"card": 0.9, "phone_national": 0.8, "birth_date": 0.8}.get(hit.detector, 0.95)
        detail = f"{hit.rows} of {profile.values} values contain {hit.detector}"
        items = [Evidence("pattern", hit.detector, category, 0.0, detail), *_limits(profile, category)]
        return self._counted(field, profile, category, "contains", sure, hit, items)

    @staticmethod
    def _counted(
        field: Field,
        profile: Profile,
        category: str,
        verdict: str,
        confidence: float,
        hit: Hits,
        items: Sequence[Evidence],
    ) -> Detection:
        low, high = wilson(hit.rows, profile.values)
        share = hit.rows / profile.values if profile.values else None
        return Detection(
            field.urn,
            category,
            "type" if verdict == "type" else "contains",
            confidence,
            None if share is None else round(share, 6),
            round(low, 6),
            round(high, 6),
            hit.rows,
            hit.places,
            tuple(items),
        )


def _limits(profile: Profile, category: str) -> Iterator[Evidence]:
    """Says so where a dear check did not see all values."""
    for key, hit in profile.hits.items():
        if key.startswith(UNSEEN):
            detail = _LEFT.get(key, f"values were not given to the {key[1:]} checks")
            yield Evidence("profile", "limit", category, 0.0, f"{hit.rows} {detail}")
