"""Many phrases found in one pass over the words of a text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Generic, TypeVar

from .folding import Word, fold

Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class Found(Generic[Kind]):
    """A phrase at the words from `first` up to, not including, `last`."""

    first: int
    last: int
    kind: Kind


@dataclass(frozen=True)
class Phrases(Generic[Kind]):
    """Phrases by their first word, the longest first; signs between words don't count."""

    by_word: Mapping[str, tuple[tuple[tuple[str, ...], Kind], ...]]

    def find(self, words: Sequence[Word]) -> list[Found[Kind]]:
        """Phrases by place; of those that overlap the longest stays, then the first."""
        kept: list[Found[Kind]] = []
        taken: set[int] = set()
        for match in sorted(self.everywhere(words), key=lambda f: (f.first - f.last, f.first)):
            places = range(match.first, match.last)
            if taken.isdisjoint(places):
                kept.append(match)
                taken.update(places)
        return sorted(kept, key=lambda f: f.first)

    def everywhere(self, words: Sequence[Word]) -> Iterator[Found[Kind]]:
        """The longest phrase at every place, those that begin inside another too."""
        for index in range(len(words)):
            match = self._at(words, index)
            if match:
                yield match

    def _at(self, words: Sequence[Word], index: int) -> Found[Kind] | None:
        for phrase, kind in self.by_word.get(words[index].text, ()):
            last = index + len(phrase)
            if last <= len(words) and all(words[index + i].text == p for i, p in enumerate(phrase)):
                return Found(index, last, kind)
        return None

    def rarest(self, common: Set[str]) -> frozenset[str]:
        """A word of each phrase, the longest that is not common: without any, a text holds no phrase."""
        found = (phrase for entries in self.by_word.values() for phrase, _ in entries)
        return frozenset(
            max(phrase, key=lambda w: (w not in common and len(w) > 1, len(w))) for phrase in found
        )


def phrases(entries: Iterable[tuple[str, Kind]]) -> Phrases[Kind]:
    """Phrases with what each stands for; of two that are the same the first counts."""
    found: dict[tuple[str, ...], Kind] = {}
    for text, kind in entries:
        found.setdefault(tuple(word.text for word in fold(text).words), kind)
    by_word: dict[str, list[tuple[tuple[str, ...], Kind]]] = {}
    for phrase in sorted(found, key=lambda p: (-len(p), p)):
        by_word.setdefault(phrase[0], []).append((phrase, found[phrase]))
    return Phrases({word: tuple(entries) for word, entries in by_word.items()})


def listed(text: str) -> list[str]:
    """The entries of a list with commas."""
    return [entry.strip() for entry in text.replace("\n", " ").split(",") if entry.strip()]
