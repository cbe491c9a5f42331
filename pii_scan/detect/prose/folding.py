"""A text without accents, character for character, so that places in it are places in the text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

_WORD: Final = re.compile(r"[^\W_]+")
_COMBINING: Final = re.compile("[\u0300-\u036f]")
#: Letters that have no decomposition, quotes, dashes and spaces that are written in several ways.
_OTHERS: Final = str.maketrans(
    "ßẞœŒæÆøØłŁđĐðÐþÞıŧŦħĦºª’‘ʼ´`“”«»‐‑‒–—\u00a0\u2007\u2009\u202f\u3000\u2028\u2029",
    "sSoOaAoOlLdDdDtTitThHoa'''''\"\"\"\"-----     \n\n",
)
_LATIN: Final = (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))


def _bases() -> dict[int, int]:
    """Each accented Latin letter with its base letter."""
    decomposed = {code: unicodedata.normalize("NFD", chr(code))[0] for code in _LATIN}
    return {code: ord(base) for code, base in decomposed.items() if base.isascii()}


_TABLE: Final = {chr(code): chr(base) for code, base in (_bases() | _OTHERS).items()}
#: All bytes but small letters and digits become blanks.
_BORDERS: Final = bytes(
    code if chr(code) in "abcdefghijklmnopqrstuvwxyz0123456789" else 32 for code in range(256)
)
_BEYOND: Final = re.compile(r"[^\x00-\x7f]")


def _plain(text: str) -> str:
    """Letter for letter; quicker than `translate`, for most letters are ASCII."""
    return _BEYOND.sub(lambda match: _TABLE.get(match[0], match[0]), text)


class Word(NamedTuple):
    """A run of letters and digits, in lower case, with its place."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Folded:
    """One text: `base` without accents, `low` in lower case as well; both as long as each other.

    Where the text had combining accents, they are gone from both, and `place` leads back to it.
    """

    base: str
    places: tuple[int, ...] | None = None

    @cached_property
    def low(self) -> str:
        return self.base.lower()

    @cached_property
    def vocabulary(self) -> frozenset[bytes]:
        """The distinct runs of ASCII letters and digits."""
        return frozenset(self.low.encode("utf-8", "replace").translate(_BORDERS).split())

    @cached_property
    def words(self) -> tuple[Word, ...]:
        return tuple(_words(self.low))

    def place(self, index: int) -> int:
        """Where the character at `index` stands in the text itself."""
        return index if self.places is None else self.places[index]


def _words(low: str) -> Iterator[Word]:
    for match in _WORD.finditer(low):
        yield Word(match.group(), match.start(), match.end())


def fold(text: str) -> Folded:
    """The text folded. Compatible forms (full width, ligatures of type) stay as they are."""
    if text.isascii():
        return Folded(text)
    if not _COMBINING.search(text):
        return Folded(_plain(text))
    kept = [index for index, char in enumerate(text) if not _COMBINING.match(char)]
    plain = "".join(text[index] for index in kept)
    return Folded(_plain(plain), (*kept, len(text)))


def folded(text: str) -> str:
    """The text in lower case without accents."""
    return fold(text).low
