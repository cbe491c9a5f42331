"""The clues that a phrase in its place gives: what it is, what stands around it, whom the record is of."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from ..core.category import Taxonomy
from .surroundings import Surroundings, kind_of
from .tokens import Tokens
from .vocabulary import Phrase, Vocabulary

PLACES: Final = ("user.contact.address", "user.location")
NAMES: Final = ("user.name", "user.name.first", "user.name.last", "user.contact.organization")
CARD: Final = "user.payment.card"
IDENTIFIER: Final = "user.unique_id"
#: What a column that is named for a person alone holds.
_BORNE: Final = ("user.name", "user.account.username")
#: Of its own record, whoever is named beside it: a key, or the brand of what is a card or a car.
_OWN: Final = (CARD, IDENTIFIER)
#: Before a word for a company: the company above another, not that of a father.
_ABOVE: Final = (("parent",), ("child",))
#: What organisations have, too.
OWNED: Final = (
    "user.name",
    "user.government_id.tax_identification_number",
    "user.financial.bank_account",
    "user.contact.organization",
    "user.contact.address",
)
PRIVATE: Final = "user.content.private"
#: Kinds of categories whose names are loose: each has a clue of its own.
GROUPS: Final = {
    "image": ("user.content.self_image",),
    "content": ("user.content",),
    "behavior": ("user.behavior",),
    "settings": ("user.account.settings",),
    "organisation": ("user.contact.organization",),
    "job": ("user.job_title",),
    "device": ("user.device",),
    "credentials": ("user.authorization",),
    "card": ("user.payment.card",),
    "money": ("user.financial",),
}
#: Words of every kind of table: a person in the columns beside them is not enough.
LOOSE: Final = (
    "user.content",
    "user.behavior",
    "user.telemetry",
    "user.account.settings",
    "user.device",
    "user.authorization",
)
#: Numbers that an authority or a bank gave: their expiry or state is a detail of them.
DOCUMENTS: Final = ("user.government_id", "user.payment.card", "user.financial.credit_card")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a phrase stands in a name: its tokens, those before and those after."""

    words: Tokens
    before: Tokens
    after: Tokens


@dataclass(frozen=True, slots=True)
class Beside:
    """The columns beside: whether one of them is a person's, and the tokens of all of them."""

    person: bool = False
    names: Collection[Tokens] = ()


@dataclass(frozen=True)
class Reader:
    """Tells the clues of phrases with the vocabulary."""

    taxonomy: Taxonomy
    vocabulary: Vocabulary

    def clues(self, place: Place, phrase: Phrase, around: Surroundings, beside: Beside) -> tuple[str, ...]:
        """The names of the clues; none if the name speaks of something else."""
        if phrase.strength == "money":
            return tuple(self._money(place, around, beside))
        after = self._after(place.after, phrase.category)
        if after == "other":
            return ()
        if phrase.strength == "strong":
            return tuple(self._strong(place, phrase, around, after))
        if phrase.strength == "weak":
            return tuple(self._weak(place, phrase, around, beside, after))
        if phrase.strength == "event" and not (place.before or place.after) and around.kind == "event":
            return ("event",)
        if phrase.strength == "letter" and not place.before and after == "same" and around.letter:
            return ("letter",)
        return ()

    def _strong(self, place: Place, phrase: Phrase, around: Surroundings, after: str) -> Iterator[str]:
        yield "strong"
        if after != "same":
            yield f"strong_{after}"
        own = kind_of((*place.after, *place.before), self.vocabulary) or self._is_person(place)
        if not own and around.kind in ("thing", "organisation"):
            yield "strong_elsewhere"
            if around.kind == "organisation" and phrase.category in OWNED:
                yield "strong_organisation"
        yield from self._group(phrase.category)

    def _weak(
        self, place: Place, phrase: Phrase, around: Surroundings, beside: Beside, after: str
    ) -> Iterator[str]:
        whom = self._whom(place, phrase.category, around, beside.person)
        if not (whom or place.before or place.after):
            whom = "half" if self.vocabulary.halves.get(place.words) in beside.names else ""
        if after == "unknown" or not whom or self._is_writer(place, phrase.category):
            return
        yield "weak"
        yield f"of_{whom}"
        if whom in ("parent", "table") and around.between:
            yield "between"
        yield from self._group(phrase.category)

    def _is_writer(self, place: Place, category: str) -> bool:
        """True for a `note_author`, who is no note."""
        content = GROUPS["content"][0] in self.taxonomy.ancestors(category)
        return content and any(word in self.vocabulary.roles for word in place.after)

    def _group(self, category: str) -> Iterator[str]:
        ancestors = self.taxonomy.ancestors(category)
        for name, keys in GROUPS.items():
            if any(key in ancestors for key in keys):
                yield f"group_{name}"
                return

    def _after(self, words: Tokens, category: str) -> str:
        """`same`, `detail`, `unknown` or `other`: what the words after a phrase make of it."""
        known = self.vocabulary.neutral | self.vocabulary.people
        heads = [word for word in words if word in self.vocabulary.heads]
        if heads:
            ancestors = self.taxonomy.ancestors(category)
            document = any(key in ancestors for key in DOCUMENTS)
            return "detail" if document and set(heads) <= self.vocabulary.details else "other"
        return "same" if all(w in known or w.isdigit() for w in words) else "unknown"

    def _whom(self, place: Place, category: str, around: Surroundings, near: bool) -> str:
        """How a weak phrase is tied to a person here; empty if it is not."""
        own = kind_of((*place.after, *place.before), self.vocabulary)
        if category in GROUPS["organisation"] and place.before[-1:] in _ABOVE:
            return ""
        if own == "person":
            return "word"
        if not own and category in _BORNE and self._is_person(place):
            return "role"
        if (
            own not in ("", "belonging")
            or not self._leaves(place.before, category)
            or self._is_lookup(place, around)
        ):
            return ""
        if any(key in self.taxonomy.ancestors(category) for key in PLACES):
            return self._place(place, around, near)
        if around.parent or around.inside:
            return self._above(category, around)
        if around.table == "person":
            return "table"
        if category in _OWN:
            return "belonging" if category == CARD and around.table == "belonging" else ""
        if any(key in self.taxonomy.ancestors(category) for key in LOOSE):
            return "table" if around.table == "event" and category == PRIVATE else ""
        if around.table == "belonging":
            return "belonging"
        return "near" if near and around.table not in ("thing", "organisation") else ""

    @staticmethod
    def _above(category: str, around: Surroundings) -> str:
        if around.parent in ("person", "belonging"):
            return "parent" if around.parent == "person" else "belonging"
        return "address" if around.inside and category in NAMES else ""

    def _is_person(self, place: Place) -> bool:
        """True if a word of the phrase itself is one for persons: a `captain`, a `contact_name`."""
        persons = self.vocabulary.people | self.vocabulary.roles
        return any(word in persons for word in place.words)

    def _place(self, place: Place, around: Surroundings, near: bool) -> str:
        """How a part of an address, or a location, is tied to a person."""
        if around.kind == "organisation":
            return ""
        if place.words in self.vocabulary.identifiers:  # a bare number is one of a house in an address alone
            return "address" if around.inside or around.among else ""
        if around.inside or any(word in self.vocabulary.addresses for word in place.before):
            return "address"
        if around.kind in ("person", "belonging"):
            return {"person": "parent" if around.parent else "table"}.get(around.kind, "belonging")
        if near:
            return "near"
        return "address" if around.among and around.kind != "thing" else ""

    def _leaves(self, words: Tokens, category: str) -> bool:
        """True if the words before a weak phrase leave its meaning as it is: a `form_name` is a form's."""
        known = self.vocabulary.neutral | self.vocabulary.addresses
        if category not in NAMES:
            known |= self.vocabulary.containers
        return all(word in known or word.isdigit() or len(word) == 1 for word in words)

    def _is_lookup(self, place: Place, around: Surroundings) -> bool:
        """True for the column `country` of a table of countries."""
        last = around.words[-1:]
        names = {w.rstrip("s") for w in last} | {w.replace("ies", "y") for w in last}
        same = bool(names & {w.rstrip("s") for w in place.words})
        return same and not around.parent and around.table in ("thing", "organisation")

    def _money(self, place: Place, around: Surroundings, beside: Beside) -> Iterator[str]:
        """An amount in the record of a payment; a currency beside it tells that it is money."""
        sums = self.vocabulary.sums
        if not around.payment or not all(word in sums for word in (*place.before, *place.after)):
            return
        yield "money"
        if any("currency" in words for words in beside.names):
            yield "money_currency"
