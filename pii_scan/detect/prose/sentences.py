"""Sentences as runs of words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from .folding import Folded, Word

LONGEST: Final = 120
_BREAK: Final = re.compile(r"[.!?;](?=\s|$)|[\n\r|]|(?<=\s)[-*](?=\s)")
#: Abbreviations whose point ends no sentence.
_ABBREVIATED: Final = frozenset(
    ("mr", "mrs", "ms", "dr", "prof", "m", "mme", "mlle", "st", "me", "pr", "no", "dept")
)


def sentences(text: Folded) -> Iterator[tuple[Word, ...]]:
    """The words of each sentence or line of a text, without empty ones.

    One of more than `LONGEST` words comes in pieces, so that what is done to each is bounded.
    """
    for words in _whole(text):
        for start in range(0, len(words), LONGEST):
            yield words[start : start + LONGEST]


def _whole(text: Folded) -> Iterator[tuple[Word, ...]]:
    start, index, words = 0, 0, text.words
    for match in _BREAK.finditer(text.low):
        while index < len(words) and words[index].end <= match.start():
            index += 1
        ended = index > start and not (match.group() == "." and words[index - 1].text in _ABBREVIATED)
        if ended:
            yield words[start:index]
            start = index
    if start < len(words):
        yield words[start:]
