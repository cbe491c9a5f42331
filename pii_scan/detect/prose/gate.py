"""Which texts are worth a look: those with a word, or a part of one, that every hit must have."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from .folding import Folded, folded


@dataclass(frozen=True)
class Gate:
    """Opens for a text with one of the `words` as a whole, or one of the `parts` anywhere.

    `digit`: the text needs a digit besides. All are folded.
    """

    words: frozenset[str]
    parts: tuple[str, ...] = ()
    digit: bool = False

    def opens(self, text: Folded) -> bool:
        if self.digit and not any(d in text.base for d in "0123456789"):
            return False
        return any(part in text.low for part in self.parts) or not self.words.isdisjoint(text.vocabulary)

    def mask(self, texts: pl.Series) -> pl.Series:
        """True for each text that may hold a hit, and perhaps for others; false for nulls.

        `texts` is a series of strings; one search for all words at once, words inside others included.
        """
        if texts.is_empty():
            return pl.Series(texts.name, [], dtype=pl.Boolean)
        plain = _plain(texts)
        found = plain.str.contains_any(sorted({*self.words, *self.parts}), ascii_case_insensitive=True)
        if self.digit:
            found = found & plain.str.contains("[0-9]")
        return found.fill_null(False)


def gate(words: Iterable[str], parts: Iterable[str] = (), digit: bool = False) -> Gate:
    """A gate of words as they are written."""
    return Gate(frozenset(map(folded, words)), tuple(map(folded, parts)), digit)


def _plain(texts: pl.Series) -> pl.Series:
    """The texts, those beyond ASCII folded."""
    beyond = (texts.str.len_bytes() != texts.str.len_chars()).fill_null(False)
    if not beyond.any():
        return texts
    some = texts.filter(beyond).to_list()
    return texts.scatter(beyond.arg_true(), [folded(text) for text in some])
