"""What a column's name says: whole words and phrases in their surroundings, never substrings."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal

from ..core.category import Taxonomy
from ..core.model import FieldType
from . import weights
from .clues import PRIVATE, Beside, Place, Reader
from .identifiers import Identifiers
from .nested import MARKS
from .options import Options
from .surroundings import Surroundings, kind_of
from .surroundings import of as surroundings_of
from .tokens import Tokens
from .vocabulary import Phrase, Vocabulary
from .weights import Weights

#: `person`: the column is named for persons; `thing`: for things;
#: `number`: for a part of an address that is a number or a letter; `unknown`: for what no
#: word tells; else empty.
Subject = Literal["person", "thing", "number", "unknown", ""]
#: Strengths that need their table: the words alone hint at nothing.
_TABLED: Final = ("money", "letter", "inside")
STREET: Final = "user.contact.address.street"
#: A longer phrase says more: what each of its words adds, so that the longest comes first.
_WORD: Final = 0.1


@dataclass(frozen=True, slots=True)
class NameHit:
    """What a name says for a category; `weight` in log-odds, `strong` if it needs no surroundings.

    `clues` are what the weight is made of.
    """

    category: str
    weight: float
    detail: str
    strong: bool
    clues: tuple[str, ...] = ()


def _yields(phrase: Phrase, others: Sequence[Phrase]) -> bool:
    """True if in a table of bookings the words mean the booking: its title is nobody's job."""
    weak = phrase.strength == "weak" and phrase.category != PRIVATE
    return weak and any(other.strength == "event" for other in others)


@dataclass(frozen=True)
class Names:
    """Reads names with the vocabulary, and weighs them with the fitted weights."""

    taxonomy: Taxonomy
    vocabulary: Vocabulary
    options: Options
    weights: Weights = field(default_factory=weights.shipped)

    @cached_property
    def _reader(self) -> Reader:
        return Reader(self.taxonomy, self.vocabulary)

    @cached_property
    def _identifiers(self) -> Identifiers:
        return Identifiers(self.vocabulary)

    def hints(self, path: Sequence[str]) -> frozenset[str]:
        """The categories that the last part of a path may speak of, whatever surrounds it."""
        return frozenset(
            phrase.category
            for place in self._places(self.words(path))
            for phrase in self.vocabulary.phrases[place.words]
            if phrase.strength not in _TABLED
        )

    def machine(self, path: Sequence[str]) -> bool:
        """True if the name says that values are machines' own, whatever their form: a `Message-ID`."""
        return self.words(path) in self.vocabulary.machine

    def version(self, path: Sequence[str]) -> bool:
        """True if the name says that values are versions of programs: 1.37.0.2 is no address."""
        words = [w for w in self.words(path) if not w.isdigit() and w not in self.vocabulary.neutral]
        while words and words[-1] in ("name", "tag", "code", "info", "major", "minor", "patch"):
            words.pop()
        return bool(words) and words[-1] in self.vocabulary.versions

    def ending(self, path: Sequence[str], category: str) -> str:
        """The phrase of the category, or of one below, that the name ends with; empty without."""
        known = self.vocabulary.neutral
        for place in self._places(self.words(path)):
            if all(word in known or word.isdigit() for word in place.after) and any(
                self.taxonomy.subsumes(category, phrase.category)
                for phrase in self.vocabulary.phrases[place.words]
            ):
                return " ".join(place.words)
        return ""

    def text(self, path: Sequence[str]) -> str:
        """The word for free text that the name ends with, if it is of no thing; empty without."""
        words = self.words(path)
        while words and (words[-1].isdigit() or len(words[-1]) == 1):
            words = words[:-1]
        if not words or words[-1] not in self.vocabulary.texts:
            return ""
        about = kind_of(words[:-1], self.vocabulary)
        return "" if about in ("thing", "organisation") else words[-1]

    def subject(self, dataset: Sequence[str], path: Sequence[str]) -> Subject:
        """What a column of names would be names of, as far as names of columns and tables tell."""
        words = [w for w in self.words(path) if not w.isdigit() and w not in self.vocabulary.neutral]
        if words and words[-1] in self.vocabulary.numbered:
            return "number"
        named = bool(words) and words[-1] in self.vocabulary.called
        rest = tuple(words[:-1] if named else words)
        own = "thing" if rest and rest[-1] in self.vocabulary.things else kind_of(rest, self.vocabulary)
        if own in ("thing", "organisation"):
            return "thing"
        if own or (rest and not named):
            return "person" if rest[-1] in self.vocabulary.people else ""
        around = surroundings_of(dataset, _named(path)[:-1], self.vocabulary)
        return "unknown" if rest or around.kind in ("thing", "organisation") else ""

    def numbered(self, path: Sequence[str]) -> bool:
        """True for a bare `number`, `code` or `id` of a record."""
        return self.words(path) in self.vocabulary.identifiers

    def key(self, path: Sequence[str]) -> bool:
        """True for the bare `id` of a record."""
        return self._identifiers.bare(self.words(path))

    def timely(self, path: Sequence[str]) -> bool:
        """True if the name says that numbers may be seconds since 1970."""
        return any(word in self.vocabulary.times for word in self.words(path))

    def read(
        self,
        dataset: Sequence[str],
        path: Sequence[str],
        kind: FieldType = "unknown",
        near: bool = False,
        beside: Collection[Tokens] = (),
    ) -> tuple[NameHit, ...]:
        """What the name says, the strongest first.

        `near` tells that columns of a person stand beside it, `beside` are the words of all of them.
        """
        found: dict[str, NameHit] = {}
        for hit in self.candidates(dataset, path, kind, Beside(near, beside)):
            if hit.weight < self.weights.floor:
                continue
            if hit.category not in found or found[hit.category].weight < hit.weight:
                found[hit.category] = hit
        return tuple(sorted(found.values(), key=lambda h: (-h.weight, h.category)))

    def candidates(
        self, dataset: Sequence[str], path: Sequence[str], kind: FieldType, beside: Beside
    ) -> Iterator[NameHit]:
        """All that the name may say, also what weighs too little to be told."""
        parents = _named(path)[:-1]
        around = surroundings_of(dataset, parents, self.vocabulary)
        words = self._phrased(self.words(path), parents, around)
        told = False
        for hit in self._hits(words, around, beside):
            if not self._barred(hit.category, words, kind):
                told = True
                yield hit
        if not told and kind != "boolean":
            yield from self._inherited(words, parents, around)

    def _barred(self, category: str, words: Tokens, kind: FieldType) -> bool:
        if kind == "integer" and category == STREET and words[-1] in self.vocabulary.numbered:
            return False
        return self.vocabulary.barred(self.taxonomy.ancestors(category), kind)

    def words(self, path: Sequence[str]) -> Tokens:
        """The tokens of the last part that is a name and no mark of an array or a map."""
        named = _named(path)
        return self.vocabulary.split(named[-1]) if named else ()

    def _phrased(self, words: Tokens, parents: Sequence[str], around: Surroundings) -> Tokens:
        """A leaf that means nothing alone (`value`, `body`) with the words above it."""
        if len(words) != 1 or words[0] not in self.vocabulary.generic:
            return words
        above = self.vocabulary.split(parents[-1]) if parents else around.words
        lead = above if not above or len(above[-1]) < 4 else (*above[:-1], _singular(above[-1]))
        return lead if words[0].startswith("value") else (*lead, *words)

    def _places(self, words: Tokens) -> Iterator[Place]:
        """Known phrases of a name, longest first, none inside another; later ones count first."""
        taken: set[int] = set()
        for size in range(min(len(words), self.vocabulary.longest), 0, -1):
            for start in range(len(words) - size, -1, -1):
                span = range(start, start + size)
                known = self._known(words[start : start + size])
                if known and not taken.intersection(span):
                    taken.update(span)
                    yield Place(known, words[:start], words[start + size :])

    def _known(self, words: Tokens) -> Tokens:
        """The phrase that the words are, also where it is written as one: `KontoInhaber`; else none."""
        if words in self.vocabulary.phrases:
            return words
        one = ("".join(words),)
        return one if len(one[0]) > 5 and one in self.vocabulary.phrases else ()

    def _hits(self, words: Tokens, around: Surroundings, beside: Beside) -> Iterator[NameHit]:
        for place in self._places(words):
            if place.before and words[0] in self.vocabulary.questions:
                continue
            meanings = self.vocabulary.phrases[place.words]
            for phrase in meanings:
                if around.kind == "event" and _yields(phrase, meanings):
                    continue
                clues = self._reader.clues(place, phrase, around, beside)
                if clues:
                    yield self._hit(place, phrase, clues, around)
        for detail, clues in self._identifiers.read(words, around, beside):
            yield NameHit("user.unique_id", self.weights.sum(clues), detail, False, clues)

    def _hit(self, place: Place, phrase: Phrase, clues: tuple[str, ...], around: Surroundings) -> NameHit:
        category = around.letter if phrase.strength == "letter" else phrase.category
        weight = self.weights.sum(clues) + len(place.words) * _WORD
        detail = f"the name token '{' '.join(place.words)}' ({phrase.language})"
        return NameHit(category, round(weight, 3), detail, phrase.strength == "strong", clues)

    def _inherited(self, words: Tokens, parents: Sequence[str], around: Surroundings) -> Iterator[NameHit]:
        """What stands in an object named for a category is of it, if its own name says nothing."""
        if words[-1:] in self.vocabulary.identifiers:
            return
        for part in reversed(parents):
            for place in self._places(self.vocabulary.split(part)):
                for phrase in self.vocabulary.phrases[place.words]:
                    if phrase.strength == "inside":
                        clues = ("inside",)
                        detail = f"in an object named '{' '.join(place.words)}' ({phrase.language})"
                        yield NameHit(phrase.category, self.weights.sum(clues), detail, False, clues)
                        return


def _named(path: Sequence[str]) -> list[str]:
    return [part for part in path if part not in MARKS]


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word.removesuffix("es") if word.endswith("sses") else word.removesuffix("s")
