"""The words that rules need beside a match, found in many texts in one search."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import polars as pl

from .cells import Ints
from .rules import Rule

#: Words of so many letters stand for themselves only, as `patterns.words` has it.
_SHORT: Final = 4


@dataclass(frozen=True)
class Words:
    """`long` words are searched for as they are, `short` ones by a regex.

    `table` has the words (`w`) that each rule (`rule`) may need.
    """

    long: tuple[str, ...] = field(repr=False)
    short: str = field(repr=False)
    table: pl.DataFrame = field(repr=False)

    @classmethod
    def of(cls, rules: Iterable[Rule]) -> Words:
        pairs = [(word, rule.id) for rule in rules for word in rule.words]
        words = sorted({word for word, _ in pairs})
        short = [word for word in words if word.isascii() and word.isalpha() and len(word) <= _SHORT]
        table = pl.DataFrame(pairs, schema={"w": pl.String, "rule": pl.String}, orient="row")
        regex = rf"(?i:(?:^|[^A-Za-z])(?:{'|'.join(short)})(?:$|[^A-Za-z]))" if short else ""
        return cls(tuple(word for word in words if word not in set(short)), regex, table)

    def stand(self, texts: pl.Series) -> Any:
        """True for texts in which some word stands."""
        if not len(texts):
            return np.zeros(0, bool)
        spoken = texts.str.contains_any(list(self.long), ascii_case_insensitive=True)
        if self.short:
            spoken |= texts.str.contains(self.short)
        return spoken.to_numpy()

    def said(self, positions: Ints, texts: pl.Series) -> dict[str, Ints]:
        """By rule the positions, which are those of the texts, where one of its own words stands."""
        if not len(positions):
            return {}
        found = texts.str.extract_many(
            self.table["w"].unique().to_list(), ascii_case_insensitive=True, overlapping=True
        )
        frame = pl.DataFrame({"p": positions, "w": found}).explode("w").drop_nulls()
        frame = frame.with_columns(pl.col("w").str.to_lowercase()).unique()
        lower = self.table.with_columns(pl.col("w").str.to_lowercase()).unique()
        grouped = frame.join(lower, on="w").group_by("rule").agg(pl.col("p").unique().sort())
        return {rule: np.array(places, np.int64) for rule, places in grouped.iter_rows()}
