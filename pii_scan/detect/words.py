"""The words that rules need beside a match, found in many texts in one search."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, Final

import numpy as np
import polars as pl

from .cells import Ints
from .rules import Rule

#: Words of so many letters stand for themselves only, as `patterns.words` has it.
_SHORT: Final = 4


@dataclass(frozen=True)
class Words:
    """`table` has the words (`w`) that each rule (`rule`) may need."""

    table: pl.DataFrame = field(repr=False)

    @cached_property
    def masked(self) -> Words:
        """The words as they stand in texts whose digits are masked."""
        return Words(self.table.with_columns(pl.col("w").str.replace_all("[0-9]", "0")))

    @cached_property
    def _all(self) -> list[str]:
        words: list[str] = self.table["w"].unique().sort().to_list()
        return words

    @cached_property
    def _sizes(self) -> tuple[list[str], str]:
        """Long words, which are searched for as they are, and a regex of short ones."""
        short = [word for word in self._all if word.isascii() and word.isalpha() and len(word) <= _SHORT]
        long = [word for word in self._all if word not in set(short)]
        return long, rf"(?i:(?:^|[^A-Za-z])(?:{'|'.join(short)})(?:$|[^A-Za-z]))" if short else ""

    def stand(self, texts: pl.Series) -> Any:
        """True for texts in which some word stands."""
        if not len(texts):
            return np.zeros(0, bool)
        long, short = self._sizes
        found = texts.str.contains_any(long, ascii_case_insensitive=True)
        return (found | texts.str.contains(short) if short else found).to_numpy()

    def said(self, positions: Ints, texts: pl.Series) -> dict[str, Ints]:
        """By rule the positions, which are those of the texts, where one of its own words stands."""
        if not len(positions):
            return {}
        found = texts.str.extract_many(self._all, ascii_case_insensitive=True, overlapping=True)
        frame = pl.DataFrame({"p": positions, "w": found}).explode("w").drop_nulls()
        frame = frame.with_columns(pl.col("w").str.to_lowercase()).unique()
        lower = self.table.with_columns(pl.col("w").str.to_lowercase()).unique()
        grouped = frame.join(lower, on="w").group_by("rule").agg(pl.col("p").unique().sort())
        return {rule: np.array(places, np.int64) for rule, places in grouped.iter_rows()}


@lru_cache(maxsize=16)
def words_of(rules: tuple[Rule, ...]) -> Words:
    """The words that rules need beside a match."""
    pairs = [(word, rule.id) for rule in rules for word in rule.words]
    return Words(pl.DataFrame(pairs, schema={"w": pl.String, "rule": pl.String}, orient="row"))
