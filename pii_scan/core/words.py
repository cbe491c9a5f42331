"""Names as words: `subscriberUrl`, `subscriber_url` and `Subscriber URL` are the same."""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_a-zA-Z]+")


def words(name: str) -> frozenset[str]:
    """The words of a name in lower case, plural `s` and `ies` taken off."""
    return frozenset(_singular(word.casefold()) for word in _WORD.findall(name))


def words_of(names: Iterable[str]) -> frozenset[str]:
    """The words of several names together."""
    return frozenset(word for name in names for word in words(name))


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
