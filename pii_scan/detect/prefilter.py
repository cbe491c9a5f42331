"""What can't match never reaches Python: each rule's superset as Rust regexes over whole columns.

The superset of a rule is its `regex` without the edges and with large bounds opened, so it contains
the exact set by construction; a property test holds it against the exact patterns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import polars as pl

from .rules import Rule

_BOUND: Final = re.compile(r"\{(\d+),(\d+)\}")
_LARGE: Final = 12
#: Every rule that needs a context word needs a digit too, but for the letters of a bank's code.
_SIGN: Final = "[0-9]|[A-Z]{8}"
#: No match of a rule that needs the whole value is longer than this.
_WHOLE: Final = 120


def superset(regex: str) -> str:
    """`regex` with every upper bound above a dozen opened: the automaton stays small."""
    return _BOUND.sub(lambda m: f"{{{m[1]},}}" if int(m[2]) > _LARGE else m[0], regex)


@dataclass(frozen=True)
class Prefilter:
    """The supersets of the rules that count by themselves, and the words that the others need."""

    rules: tuple[Rule, ...]

    @cached_property
    def union(self) -> str:
        """One expression for all free rules."""
        return "|".join(f"(?:{superset(r.regex)})" for r in self.rules if r.free)

    @cached_property
    def words(self) -> list[str]:
        """Context words of the rules that never count without one."""
        return sorted({w.strip() for r in self.rules if not r.free for w in r.context})

    def survivors(self, frame: pl.DataFrame, hinted: Iterable[int] = ()) -> pl.DataFrame:
        """The rows of `frame` (`c`, `t`) that a rule could match; columns in `hinted` stay whole."""
        text = pl.col("t")
        free = text.str.contains(self.union)
        spoken = text.str.contains(_SIGN) & text.str.to_lowercase().str.contains_any(self.words)
        return frame.filter(pl.col("c").is_in(list(hinted)) | free | spoken)

    def masks(
        self, frame: pl.DataFrame, rules: Sequence[Rule], hinted: Iterable[int] = ()
    ) -> list[tuple[Rule, pl.Series]]:
        """For each rule the rows of `frame` (`c`, `t`) that it could match and that could count."""
        named = pl.col("c").is_in(list(hinted))
        spoken = frame.with_columns(low=pl.col("t").str.to_lowercase())
        found = spoken.select(self._mask(rule, named).alias(rule.id) for rule in rules)
        return [(rule, found[rule.id]) for rule in rules]

    @staticmethod
    def _mask(rule: Rule, named: pl.Expr) -> pl.Expr:
        matched = pl.col("t").str.contains(superset(rule.regex))
        if rule.strength in ("strong", "card"):
            return matched
        near = named | pl.col("low").str.contains_any([word.strip() for word in rule.context])
        if rule.strength == "consistent":
            near |= pl.col("t").str.strip_chars().str.len_chars() <= _WHOLE
        return matched & near
