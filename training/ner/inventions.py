"""Places that lists have and words that none has: a name unknown to the model is not always a person's."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pii_scan.detect.gazetteer import CITY, FAMILY, NAME, WORD

from .names import is_held

_START, _END = "^", "$"
#: Letters of a made-up word.
_SHORTEST, _LONGEST = 4, 11
_ENDINGS = (
    "",
    "",
    "",
    " Systems",
    " Group",
    " Labs",
    " GmbH",
    " SARL",
    " Ltd",
    " SA",
    " Inc",
    " Bank",
    " FC",
    " Media",
)


@dataclass(frozen=True)
class Inventions:
    """Draws cities of the gazetteer that are no names of people, and words made after its letters."""

    cities: Sequence[str] = field(repr=False)
    after: Mapping[str, Sequence[str]] = field(repr=False)

    def city(self, rng: random.Random) -> str:
        return rng.choice(self.cities)

    def word(self, rng: random.Random) -> str:
        """A word of no language, with a capital."""
        while True:
            made, last = "", _START * 2
            while (letter := rng.choice(self.after[last])) != _END and len(made) < _LONGEST:
                made, last = made + letter, last[1] + letter
            if len(made) >= _SHORTEST:
                return made.title()

    def organisation(self, rng: random.Random) -> str:
        """One or two words, and perhaps what companies are called."""
        words = [self.word(rng) for _ in range(rng.choice((1, 1, 2)))]
        if rng.random() < 0.12:
            return words[0][:4].upper()
        return " ".join(words) + rng.choice(_ENDINGS)


def inventions(entries: Mapping[str, int], *, held: bool) -> Inventions:
    """From the gazetteer's entries; `held` gives those kept for development."""
    listed = [
        e for e in sorted(entries) if e.replace(" ", "").isalpha() and e.isascii() and is_held(e) == held
    ]
    cities = [
        e.title() for e in listed if entries[e] & CITY and not entries[e] & (NAME | WORD) and len(e) > 3
    ]
    after: dict[str, list[str]] = defaultdict(list)
    for entry in listed:
        if " " not in entry and entries[entry] & (CITY | FAMILY):
            last = _START * 2
            for letter in (*entry, _END):
                after[last].append(letter)
                last = last[1] + letter
    return Inventions(tuple(cities), {key: tuple(letters) for key, letters in after.items()})
