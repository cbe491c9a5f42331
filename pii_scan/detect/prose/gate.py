"""Which texts are worth a look: those with a word, or a part of one, that every hit must have."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from .folding import Folded, folded


@dataclass(frozen=True)
class Gate:
    """Opens for a text with one of the `words` as a whole, one of the `parts` anywhere, or the `shape`.

    `shape` is a regex that Rust and Python read alike. `digit`: the text needs a digit besides. Words
    and parts are folded.
    """

    words: frozenset[str]
    parts: tuple[str, ...] = ()
    digit: bool = False
    shape: str = ""

    def opens(self, text: Folded) -> bool:
        if self.digit and self._digit.search(text.base) is None:
            return False
        if not self._encoded.isdisjoint(text.vocabulary) or any(part in text.low for part in self.parts):
            return True
        return bool(self.shape) and self._shape.search(text.base) is not None

    def mask(self, texts: pl.Series) -> pl.Series:
        """True for each text that may hold a hit, and for some others; false for nulls.

        `texts` is a series of strings. Digits and `_` count as borders of a word, which only lets more in.
        """
        plain = _plain(texts)
        found = plain.str.contains(self._regex)
        if self.digit:
            found = found & plain.str.contains("[0-9]")
        return found.fill_null(False)

    @cached_property
    def _regex(self) -> str:
        words = "|".join(map(re.escape, sorted(self.words)))
        whole = [f"(?i:(?:^|[^a-z])(?:{words})(?:$|[^a-z]))"] if words else []
        parts = [f"(?i:{re.escape(part)})" for part in self.parts]
        return "|".join((*whole, *parts, *filter(None, (self.shape,))))

    @cached_property
    def _encoded(self) -> frozenset[bytes]:
        return frozenset(word.encode("ascii") for word in self.words)

    @cached_property
    def _digit(self) -> re.Pattern[str]:
        return re.compile("[0-9]")

    @cached_property
    def _shape(self) -> re.Pattern[str]:
        return re.compile(self.shape)


def gate(words: Iterable[str], parts: Iterable[str] = (), digit: bool = False, shape: str = "") -> Gate:
    """A gate of words as they are written."""
    return Gate(frozenset(map(folded, words)), tuple(map(folded, parts)), digit, shape)


def any_of(gates: Iterable[Gate], texts: pl.Series) -> pl.Series:
    """True for each text for which one of the gates opens."""
    masks = [entry.mask(texts) for entry in gates]
    return pl.select(pl.any_horizontal(masks)).to_series().alias(texts.name)


def _plain(texts: pl.Series) -> pl.Series:
    """The texts, those beyond ASCII folded."""
    beyond = (texts.str.len_bytes() != texts.str.len_chars()).fill_null(False)
    if not beyond.any():
        return texts
    some = texts.filter(beyond).to_list()
    return texts.clone().scatter(beyond.arg_true(), [folded(text) for text in some])
