"""Known names of people and places, and the words that stand in names, by their plain form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Final

from ..data import load
from .entries import Entries

FILE: Final = ("people", "gazetteer.gz")
#: What an entry is known as; a name may be several.
GIVEN, GIVEN_OFTEN, FAMILY, FAMILY_OFTEN, WORD, CITY, CITY_LARGE, COUNTRY, REGION = (1 << i for i in range(9))
NAME: Final = GIVEN | FAMILY
PLACE: Final = CITY | COUNTRY | REGION
#: Signs from here on are words by themselves: Chinese, Japanese, Korean.
EAST: Final = "\u2e80"
_LETTERS: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ə": "e", "’": "'"}
    | {"`": "'", "ʻ": "'", "ʼ": "'", "´": "'", "\u00a0": " ", "\u200f": "", "\u200e": "", "\u200b": ""}
)
_WORDS: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def plain(text: str) -> str:
    """Lower case without accents, in any script; what has no accented form keeps its letters."""
    if text.isascii():
        return text.lower().replace("`", "'")
    folded = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return unicodedata.normalize("NFC", "".join(c for c in folded if not unicodedata.combining(c)))


def words(folded: str) -> list[str]:
    """The words of a plain text; an apostrophe between letters joins."""
    return _WORDS.findall(folded)


def joined(folded: str) -> str:
    """The words of a plain text, one space apart: how entries of several words are kept."""
    return " ".join(words(folded))


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Flags by plain form; entries of places may have several words."""

    entries: Mapping[str, int] = field(repr=False)
    titles: frozenset[str] = field(default=frozenset(), repr=False)
    suffixes: frozenset[str] = field(default=frozenset(), repr=False)
    particles: frozenset[str] = field(default=frozenset(), repr=False)
    connectors: frozenset[str] = field(default=frozenset(), repr=False)
    legal: frozenset[str] = field(default=frozenset(), repr=False)
    organisations: frozenset[str] = field(default=frozenset(), repr=False)
    streets: frozenset[str] = field(default=frozenset(), repr=False)
    street_endings: tuple[str, ...] = field(default=(), repr=False)
    #: All of these words together.
    special: frozenset[str] = field(default=frozenset(), repr=False)


def of(entries: Mapping[str, int]) -> Gazetteer:
    """The entries together with the shipped words."""
    listed = load.read("people", "words.yaml")
    sets = {name: frozenset(plain(str(w)) for w in found) for name, found in listed.items()}
    endings = tuple(sorted(sets.pop("street_endings")))
    return Gazetteer(entries, street_endings=endings, special=frozenset().union(*sets.values()), **sets)


@cache
def shipped() -> Gazetteer:
    """The shipped gazetteer; read once a process, for columns, texts and models alike."""
    path = resources.files("pii_scan.data").joinpath(*FILE)
    return of(Entries(path.read_bytes()))
