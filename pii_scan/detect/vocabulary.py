"""The vocabulary of names: phrases of seven languages, and the words of context."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Literal

from ..core.model import FieldType
from ..data import load
from .tokens import Tokens, tokens

Strength = Literal["strong", "weak", "event"]
STRENGTHS: Final[tuple[Strength, ...]] = ("strong", "weak", "event")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One meaning of a phrase."""

    category: str
    strength: Strength
    language: str


@dataclass(frozen=True)
class Vocabulary:
    """`languages` and `context` are the plain data of `data/names/*.yaml`."""

    languages: tuple[Mapping[str, Any], ...]
    context: Mapping[str, Any]

    @cached_property
    def phrases(self) -> dict[Tokens, tuple[Phrase, ...]]:
        """Meanings by tokens; a phrase of several words is known as one joined word too."""
        table: dict[Tokens, dict[tuple[str, str], Phrase]] = {}
        for words, phrase in self._entries():
            keys = {words} | ({("".join(words),)} if len(words) > 1 and len("".join(words)) > 5 else set())
            for key in keys:
                table.setdefault(key, {}).setdefault((phrase.category, phrase.strength), phrase)
        return {key: tuple(found.values()) for key, found in table.items()}

    def _entries(self) -> Iterator[tuple[Tokens, Phrase]]:
        for language in self.languages:
            for strength in STRENGTHS:
                for category, texts in language.get(strength, {}).items():
                    for text in texts:
                        yield tokens(text), Phrase(category, strength, language["language"])

    @cached_property
    def longest(self) -> int:
        return max(len(key) for key in self.phrases)

    def _phrases_of(self, name: str) -> frozenset[Tokens]:
        return frozenset(tokens(text) for text in self.context[name])

    def _words_of(self, name: str) -> frozenset[str]:
        return frozenset(
            word for text in self.context[name] if len(found := tokens(text)) == 1 for word in found
        )

    @cached_property
    def people(self) -> frozenset[str]:
        return self._words_of("people")

    @cached_property
    def things(self) -> frozenset[str]:
        return self._words_of("things")

    @cached_property
    def events(self) -> frozenset[Tokens]:
        return self._phrases_of("events")

    @cached_property
    def addresses(self) -> frozenset[str]:
        return self._words_of("addresses")

    @cached_property
    def organisations(self) -> frozenset[str]:
        return self._words_of("organisations")

    @cached_property
    def machine(self) -> frozenset[Tokens]:
        return self._phrases_of("machine")

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
    def heads(self) -> frozenset[str]:
        return self._words_of("heads")

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
    def joined(self) -> dict[Tokens, str]:
        return {tokens(key): value for key, value in self.context["joined"].items()}

    def split(self, name: str) -> Tokens:
        """The tokens of a name, with labels such as `E-mail` joined."""
        words = tokens(name)
        for pair, word in self.joined.items():
            words = _join(words, pair, word)
        return words

    @cached_property
    def _gates(self) -> list[tuple[frozenset[str], frozenset[str]]]:
        return [(frozenset(g["categories"]), frozenset(g["never"])) for g in self.context["gates"]]

    def barred(self, ancestors: Iterable[str], kind: FieldType) -> bool:
        """True if a category with these ancestors (itself included) can't have this type."""
        keys = set(ancestors)
        return any(kind in never and keys & categories for categories, never in self._gates)


def _join(words: Tokens, pair: Tokens, word: str) -> Tokens:
    size = len(pair)
    for start in range(len(words) - size + 1):
        if words[start : start + size] == pair:
            return (*words[:start], word, *_join(words[start + size :], pair, word))
    return words


def shipped() -> Vocabulary:
    """The vocabulary of the shipped files."""
    files = [name for name in load.names("names") if name != "context.yaml"]
    return Vocabulary(tuple(load.read("names", name) for name in files), load.read("names", "context.yaml"))
