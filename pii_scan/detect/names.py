"""What a column's name says: whole words and phrases in their surroundings, never substrings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from ..core.category import Taxonomy
from ..core.model import FieldType
from .nested import MARKS
from .options import Options
from .surroundings import Surroundings, kind_of
from .surroundings import of as surroundings_of
from .tokens import Tokens
from .vocabulary import Phrase, Vocabulary

PLACES: Final = ("user.contact.address", "user.location")
NAMES: Final = ("user.name", "user.name.first", "user.name.last", "user.contact.organization")
PRIVATE: Final = "user.content.private"
#: Words of every kind of table: a person beside them is not enough.
LOOSE: Final = ("user.content", "user.behavior", "user.account.settings", "user.device", "user.authorization")
UNIQUE = "user.unique_id"


@dataclass(frozen=True, slots=True)
class NameHit:
    """What a name says for a category; `weight` in log-odds, `strong` if it needs no surroundings."""

    category: str
    weight: float
    detail: str
    strong: bool


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a phrase stands in a name: its tokens, those before and those after."""

    words: Tokens
    before: Tokens
    after: Tokens


def _yields(phrase: Phrase, others: Sequence[Phrase]) -> bool:
    """True if in a table of bookings the words mean the booking: its title is nobody's job."""
    return phrase.category != PRIVATE and any(other.strength == "event" for other in others)


@dataclass(frozen=True)
class Names:
    """Reads names with the vocabulary and the weights of the options."""

    taxonomy: Taxonomy
    vocabulary: Vocabulary
    options: Options

    @cached_property
    def _weights(self) -> dict[str, float]:
        return {key: float(value) for key, value in self.options.defaults["weights"].items()}

    def hints(self, path: Sequence[str]) -> frozenset[str]:
        """The categories that the last part of a path may speak of, whatever surrounds it."""
        words = self._words(path)
        return frozenset(
            p.category for place in self._places(words) for p in self.vocabulary.phrases[place.words]
        )

    def machine(self, path: Sequence[str]) -> bool:
        """True if the name says that values are machines' own, whatever their form: a `Message-ID`."""
        return self._words(path) in self.vocabulary.machine

    def timely(self, path: Sequence[str]) -> bool:
        """True if the name says that numbers may be seconds since 1970."""
        return any(word in self.vocabulary.times for word in self._words(path))

    def read(
        self, dataset: Sequence[str], path: Sequence[str], kind: FieldType = "unknown", near: bool = False
    ) -> tuple[NameHit, ...]:
        """What the name says, the strongest first; `near` if columns of a person stand beside it."""
        words = self._words(path)
        around = surroundings_of(dataset, self._parents(path), self.vocabulary)
        words = self._phrased(words, self._parents(path), around)
        found: dict[str, NameHit] = {}
        for hit in (*self._phrase_hits(words, around, near), *self._identifier(words, around)):
            barred = self.vocabulary.barred(self.taxonomy.ancestors(hit.category), kind)
            if not barred and (hit.category not in found or found[hit.category].weight < hit.weight):
                found[hit.category] = hit
        return tuple(sorted(found.values(), key=lambda h: (-h.weight, h.category)))

    def _words(self, path: Sequence[str]) -> Tokens:
        """The tokens of the last part that is a name and no mark of an array or a map."""
        named = [part for part in path if part not in MARKS]
        if not named:
            return ()
        return self.vocabulary.split(named[-1])

    def _phrased(self, words: Tokens, parents: Sequence[str], around: Surroundings) -> Tokens:
        """A leaf that means nothing alone (`value`, `body`) with the word above it."""
        if len(words) != 1 or words[0] not in self.vocabulary.generic:
            return words
        above = self.vocabulary.split(parents[-1]) if parents else around.words
        lead = above[-1:] if not above or len(above[-1]) < 4 else (above[-1].removesuffix("s"),)
        return lead if words[0].startswith("value") else (*lead, *words)

    @staticmethod
    def _parents(path: Sequence[str]) -> list[str]:
        named = [part for part in path if part not in MARKS]
        return named[:-1]

    def _places(self, words: Tokens) -> Iterator[_Place]:
        """Known phrases of a name, longest first, none inside another; later ones count first."""
        taken: set[int] = set()
        for size in range(min(len(words), self.vocabulary.longest), 0, -1):
            for start in range(len(words) - size, -1, -1):
                span = range(start, start + size)
                if words[start : start + size] in self.vocabulary.phrases and not taken.intersection(span):
                    taken.update(span)
                    yield _Place(words[start : start + size], words[:start], words[start + size :])

    def _phrase_hits(self, words: Tokens, around: Surroundings, near: bool) -> Iterator[NameHit]:
        if words and words[0] in self.vocabulary.questions:
            return
        for place in self._places(words):
            for phrase in self.vocabulary.phrases[place.words]:
                weight = self._weight(place, phrase, around, near)
                if weight > 0:
                    quoted = " ".join(place.words)
                    yield NameHit(
                        phrase.category,
                        weight,
                        f"the name token '{quoted}' ({phrase.language})",
                        phrase.strength == "strong",
                    )

    def _weight(self, place: _Place, phrase: Phrase, around: Surroundings, near: bool) -> float:
        after = self._after(place.after)
        if after == "other":
            return 0.0
        if phrase.strength == "event":
            return (
                self._weights["name_event"]
                if around.kind == "event" and not place.after and not place.before
                else 0.0
            )
        if phrase.strength == "strong":
            base = self._weights["name_strong"] if after == "same" else self._weights["name_trailing"]
            return base + len(place.words) * 0.1
        if around.kind == "event" and _yields(phrase, self.vocabulary.phrases[place.words]):
            return 0.0
        if after == "unknown" or not self._of_person(place, phrase.category, around, near):
            return 0.0
        return self._weights["name_weak"] + len(place.words) * 0.1

    def _after(self, words: Tokens) -> str:
        """`same`, `other` or `unknown`: what the words after a phrase make of it."""
        known = self.vocabulary.neutral | self.vocabulary.people
        if any(w in self.vocabulary.heads for w in words):
            return "other"
        return "same" if all(w in known or w.isdigit() for w in words) else "unknown"

    def _of_person(self, place: _Place, category: str, around: Surroundings, near: bool) -> bool:
        """True if a weak phrase is a person's here."""
        own = kind_of((*place.after, *place.before), self.vocabulary)
        if own == "person":
            return True
        if own or not self._known(place.before) or self._is_lookup(place, around):
            return False
        if any(key in self.taxonomy.ancestors(category) for key in PLACES):
            return self._is_place(place, around, near)
        if around.parent or around.inside:
            return around.parent == "person" or (around.inside and category in NAMES)
        if around.table == "person":
            return True
        if any(key in self.taxonomy.ancestors(category) for key in LOOSE):
            return around.table == "event" and category == PRIVATE
        return near and around.table not in ("thing", "organisation")

    def _is_place(self, place: _Place, around: Surroundings, near: bool) -> bool:
        """True if a part of an address, or a location, is a person's here."""
        if around.kind == "organisation":
            return False
        if around.inside or any(word in self.vocabulary.addresses for word in place.before):
            return True
        if around.kind == "person" or near:
            return True
        return around.among and around.kind != "thing"

    def _known(self, words: Tokens) -> bool:
        """True if the words before a weak phrase leave its meaning as it is."""
        known = self.vocabulary.neutral | self.vocabulary.addresses | self.vocabulary.containers
        return all(word in known or word.isdigit() for word in words)

    def _is_lookup(self, place: _Place, around: Surroundings) -> bool:
        """True for the column `country` of a table of countries."""
        last = around.words[-1:]
        names = {w.rstrip("s") for w in last} | {w.replace("ies", "y") for w in last}
        same = bool(names & {w.rstrip("s") for w in place.words})
        return same and not around.parent and around.table in ("thing", "organisation")

    def _identifier(self, words: Tokens, around: Surroundings) -> Iterator[NameHit]:
        """A person's word followed by `id`, or the bare `id` of a person's record."""
        for size in (2, 1):
            if len(words) < size or words[-size:] not in self.vocabulary.identifiers:
                continue
            rest = words[:-size]
            weight = self._weights["identifier"] + (
                self._weights["record"] if around.kind == "person" else 0.0
            )
            if rest and rest[-1] in self.vocabulary.people:
                yield NameHit(UNIQUE, weight, f"the name tokens '{rest[-1]} {words[-1]}'", False)
            elif not rest and around.kind == "person" and words[-1] in ("id", "uuid", "guid", "uid"):
                yield NameHit(UNIQUE, weight, f"the name token '{words[-1]}' in a person's record", False)
            return
