"""The vocabulary of names: phrases of seven languages, and the words of context."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Final, Literal

from ..core.model import FieldType
from ..data import load
from .compounds import Compounds
from .tokens import Tokens, tokens

Strength = Literal["strong", "weak", "event", "money", "letter", "inside"]
STRENGTHS: Final[tuple[Strength, ...]] = ("strong", "weak", "event", "money", "letter", "inside")
#: Lists of `context.yaml` whose words a joined word may be made of.
_PARTS: Final = ("people", "things", "organisations", "addresses", "neutral", "heads", "joinable")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One meaning of a phrase."""

    category: str
    strength: Strength
    language: str


@dataclass(frozen=True)
class Vocabulary:
    """`languages` and `context` are the plain data of `data/names/*.yaml`; lists are texts with commas."""

    languages: tuple[Mapping[str, Any], ...]
    context: Mapping[str, Any]

    @cached_property
    def phrases(self) -> dict[Tokens, tuple[Phrase, ...]]:
        """Meanings by tokens; a phrase of several words is known as one joined word too."""
        table: dict[Tokens, dict[tuple[str, str], Phrase]] = {}
        for words, phrase in self._entries():
            for key in _forms(words):
                table.setdefault(key, {}).setdefault((phrase.category, phrase.strength), phrase)
        return {key: tuple(found.values()) for key, found in table.items()}

    def _entries(self) -> Iterator[tuple[Tokens, Phrase]]:
        for language in self.languages:
            for strength in STRENGTHS:
                for category, texts in language.get(strength, {}).items():
                    for text in listed(texts):
                        yield self.plain(text), Phrase(category, strength, language["language"])

    @cached_property
    def longest(self) -> int:
        return max(len(key) for key in self.phrases)

    def _phrases_of(self, name: str) -> frozenset[Tokens]:
        return frozenset(self.plain(text) for text in listed(self.context[name]))

    def _words_of(self, name: str) -> frozenset[str]:
        return frozenset(
            word
            for text in listed(self.context[name])
            if len(found := self.plain(text)) == 1
            for word in found
        )

    @cached_property
    def people(self) -> frozenset[str]:
        return self._words_of("people") | self.roles

    @cached_property
    def roles(self) -> frozenset[str]:
        return self._words_of("roles")

    @cached_property
    def things(self) -> frozenset[str]:
        return self._words_of("things")

    @cached_property
    def events(self) -> frozenset[Tokens]:
        return self._phrases_of("events")

    @cached_property
    def belongings(self) -> frozenset[Tokens]:
        return self._phrases_of("belongings")

    @cached_property
    def parties(self) -> frozenset[Tokens]:
        return self._phrases_of("parties")

    @cached_property
    def payments(self) -> frozenset[Tokens]:
        return self._phrases_of("payments")

    @cached_property
    def halves(self) -> dict[Tokens, Tokens]:
        """What stands beside a word that is half of a person's name."""
        return {(one,): (other,) for one, other in self.context["halves"].items()}

    @cached_property
    def letters(self) -> dict[str, str]:
        """The category of the addresses of each kind of message."""
        kinds = self.context["letters"].items()
        return {word: category for category, words in kinds for word in listed(words)}

    @cached_property
    def addresses(self) -> frozenset[str]:
        return self._words_of("addresses")

    @cached_property
    def organisations(self) -> frozenset[str]:
        return self._words_of("organisations")

    @cached_property
    def platforms(self) -> frozenset[Tokens]:
        return self._phrases_of("platforms")

    @cached_property
    def machine(self) -> frozenset[Tokens]:
        return self._phrases_of("machine")

    @cached_property
    def versions(self) -> frozenset[str]:
        return self._words_of("versions")

    @cached_property
    def numbered(self) -> frozenset[str]:
        return self._words_of("numbered")

    @cached_property
    def texts(self) -> frozenset[str]:
        return self._words_of("texts")

    @cached_property
    def called(self) -> frozenset[str]:
        return self._words_of("called")

    @cached_property
    def generic(self) -> frozenset[str]:
        return self._words_of("generic")

    @cached_property
    def containers(self) -> frozenset[str]:
        return self._words_of("containers")

    @cached_property
    def neutral(self) -> frozenset[str]:
        return self._words_of("neutral")

    @cached_property
    def sums(self) -> frozenset[str]:
        return self._words_of("sums")

    @cached_property
    def heads(self) -> frozenset[str]:
        return self._words_of("heads")

    @cached_property
    def details(self) -> frozenset[str]:
        return self._words_of("details")

    @cached_property
    def questions(self) -> frozenset[str]:
        return self._words_of("questions")

    @cached_property
    def identifiers(self) -> frozenset[Tokens]:
        return self._phrases_of("identifiers")

    @cached_property
    def times(self) -> frozenset[str]:
        return self._words_of("times")

    @cached_property
    def _joined(self) -> dict[Tokens, str]:
        return {tokens(key): value for key, value in self.context["joined"].items()}

    @cached_property
    def _short(self) -> dict[str, str]:
        return dict(self.context["short"])

    @cached_property
    def _compounds(self) -> Compounds:
        """Words of four letters and more, and the short ones that are listed."""
        single = {key[0] for key in self.phrases if len(key) == 1}
        pieces = {word for words in self.phrases for word in words}
        told = {word for name in _PARTS for word in self._words_of(name)}
        long = {word for word in pieces | told | set(self._short) if len(word) > 3}
        parts = (long | set(listed(self.context["joinable"]))) - set(listed(self.context["unjoinable"]))
        platforms = {word for words in self.platforms for word in words}
        whole = single | told | pieces | platforms | set(listed(self.context["whole"]))
        return Compounds(frozenset(parts), frozenset(whole))

    def plain(self, text: str) -> Tokens:
        """Tokens with labels such as `E-mail` joined and abbreviations written out."""
        words = tokens(text)
        for pair, word in self._joined.items():
            if pair[0] in words:
                words = _join(words, pair, word)
        return tuple(self._short.get(word, word) for word in words)

    def split(self, name: str) -> Tokens:
        """The tokens of a name as they stand in the phrases."""
        parted = (part for word in self.plain(name) for part in self._compounds.split(word))
        return tuple(self._short.get(word, word) for word in parted)

    def contains(self, words: Tokens) -> bool:
        """True if the words are those of a mere container, which says nothing of what is in it."""
        return all(word in self.containers or word.isdigit() for word in words)

    @cached_property
    def _gates(self) -> list[tuple[frozenset[str], frozenset[str]]]:
        return [(frozenset(g["categories"]), frozenset(g["never"])) for g in self.context["gates"]]

    def barred(self, ancestors: Iterable[str], kind: FieldType) -> bool:
        """True if a category with these ancestors (itself included) can't have this type."""
        keys = set(ancestors)
        return any(kind in never and keys & categories for categories, never in self._gates)


def listed(text: str | Sequence[str]) -> Sequence[str]:
    """The entries of a list that is written as one text, which is read much faster than a YAML list."""
    if not isinstance(text, str):
        return text
    return [entry.strip() for entry in text.split(",")]


def _forms(words: Tokens) -> Iterator[Tokens]:
    yield words
    if len(words) > 1 and len("".join(words)) > 5:
        yield ("".join(words),)


def _join(words: Tokens, pair: Tokens, word: str) -> Tokens:
    size = len(pair)
    for start in range(len(words) - size + 1):
        if words[start : start + size] == pair:
            return (*words[:start], word, *_join(words[start + size :], pair, word))
    return words


@cache
def shipped() -> Vocabulary:
    """The vocabulary of the shipped files; a phrase of several languages is quoted as English."""
    files = [name for name in load.names("names") if name not in ("context.yaml", "weights.yaml")]
    files.sort(key=lambda name: (name != "en.yaml", name))
    return Vocabulary(tuple(load.read("names", name) for name in files), load.read("names", "context.yaml"))
