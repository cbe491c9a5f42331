"""Joins what a column's values are names of with what its name claims."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from ..core.category import Taxonomy
from ..core.detection import Evidence
from ..core.profile import Profile
from . import shapes, shares
from .hits import PEOPLE
from .names import Subject
from .options import Options
from .related import narrower, related

#: Of categories that exclude each other the likeliest alone counts.
_GROUPS: Final = ("user.name", "user.contact.address")
#: Villages are countless, and codes of regions are hardly listed.
_CITY: Final = "user.contact.address.city"
_REGION: Final = "user.contact.address.state"
_PERSONS: Final = ("best_person", "best_given", "best_family")
#: Places that are all known.
_KNOWN: Final = ("user.contact.address.country",)
#: Weight from which a column's name leaves no room for another reading of its values.
CLAIMED: Final = 3.0
Found = dict[str, list[Evidence]]


@dataclass(frozen=True)
class Naming:
    """Weighs names found in values."""

    taxonomy: Taxonomy
    options: Options

    @cached_property
    def _fitted(self) -> Mapping[str, Any]:
        return shares.shipped()

    def join(self, profile: Profile, found: Found, strong: frozenset[str], subject: Subject = "") -> Found:
        """The evidence with that of the values: for a claim, against it, or of its own.

        `strong` are the categories that the column's name claims without any context; `subject` is what
        it names. Names of things are not people's: a model may be called Clio, a storm Katrina.
        """
        counts = {key[1:]: hit.rows for key, hit in profile.hits.items() if key.startswith(PEOPLE)}
        if not counts:
            return found
        said = list(shares.evidence(counts, profile.sketch.distinct, profile.values, self._fitted))
        said = [one for one in said if not self._mute(one, profile, subject)]
        if subject == "person":
            said = self._of_role(said, counts)
        joined = {category: list(items) for category, items in found.items()}
        for one in said:
            if one.weight < 0 and one.category in joined:
                joined[one.category].append(self._softened(one, one.category in strong))
        for group in _GROUPS:
            told = [one for one in said if one.weight > 0 and self.taxonomy.subsumes(group, one.category)]
            if told:
                best = max(told, key=lambda one: one.weight)
                self._add(joined, self._alone(best, profile) if subject != "person" else best, subject)
        return joined

    @staticmethod
    def _mute(one: Evidence, profile: Profile, subject: Subject) -> bool:
        """True for silence that says nothing: of codes of regions, and of numbers of houses."""
        coded = one.category == _REGION and shapes.share(profile.shapes, ("code",)) >= 0.5
        return one.weight < 0 and (coded or (subject == "number" and one.category.startswith(_GROUPS[1])))

    def _of_role(self, said: list[Evidence], counts: Mapping[str, int]) -> list[Evidence]:
        """A column named for what persons are may have bands and firms among them: a good part is enough."""
        best = max((one.weight for one in said if self._is_name(one)), default=0.0)
        names, looked = sum(counts.get(kind, 0) for kind in _PERSONS), counts.get("looked", 0)
        if best >= self.options.weight("role") or not looked or names < self.options.share("role") * looked:
            return said
        detail = f"{names} of {looked} values looked at are names of people, in a column named for them"
        role = Evidence("people", "names", _GROUPS[0], self.options.weight("role"), detail)
        return [*(one for one in said if not self._is_name(one)), role]

    def _is_name(self, one: Evidence) -> bool:
        return self.taxonomy.subsumes(_GROUPS[0], one.category)

    def _softened(self, one: Evidence, strong: bool) -> Evidence:
        """Names of peoples that are hardly known speak little against a clear claim."""
        name = "people_strong" if strong or one.category == _CITY else "people_weak"
        if not strong and one.category in _KNOWN:
            name = "places"
        least = self.options.weight(name)
        return replace(one, weight=max(one.weight, least))

    def _alone(self, one: Evidence, profile: Profile) -> Evidence:
        """Few names used over and over are as likely those of ships or plants: no type of their own."""
        closed = self.options.defaults["closed"]
        few = profile.sketch.distinct <= int(closed["distinct"])
        often = profile.values >= int(closed["over"]) * profile.sketch.distinct
        return replace(one, weight=min(one.weight, self.options.weight("shy"))) if few and often else one

    def _add(self, found: Found, one: Evidence, subject: Subject) -> None:
        named = [category for category in found if related(self.taxonomy, category, one.category)]
        if named:
            key = narrower(self.taxonomy, named[0], one.category)
            found[key] = [*found.pop(named[0]), replace(one, category=key)]
        elif subject == "person" or not (
            self._claimed(found.values()) or self._of_things(one.category, subject)
        ):
            found[one.category] = [one]

    def _of_things(self, category: str, subject: Subject) -> bool:
        """True if names of such a subject are as likely a thing's: full names are hardly ever."""
        person = self.taxonomy.subsumes(_GROUPS[0], category)
        return person and (subject == "thing" or (subject == "unknown" and category != _GROUPS[0]))

    @staticmethod
    def _claimed(found: Iterable[list[Evidence]]) -> bool:
        """True if the column's name says clearly that it is something else."""
        return any(sum(e.weight for e in items if e.kind == "name") >= CLAIMED for items in found)
