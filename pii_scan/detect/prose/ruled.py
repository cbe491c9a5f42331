"""What the rules of patterns find in texts, with places: the same rules that columns are searched by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import polars as pl

from ..patterns import Match, Matcher
from ..prefilter import superset
from ..rules import Rule
from ..text import placed
from . import chunks
from .span import Span

#: How sure a match is, by what made it count.
_SURE: Final[Mapping[str, float]] = {"hit": 0.95, "candidate": 0.5}


@dataclass(frozen=True)
class Ruled:
    """Matches of the rules in whole texts; a form whose check fails is nothing."""

    matcher: Matcher

    @cached_property
    def _rules(self) -> tuple[tuple[Rule, str], ...]:
        return tuple((rule, superset(rule)) for rule in self.matcher.rules)

    def spans(self, texts: Sequence[str]) -> list[list[Span]]:
        """The matches of each text, in order."""
        pieces = [
            (i, offset, *placed(piece))
            for i, text in enumerate(texts)
            for offset, piece in chunks.pieces(text)
        ]
        chosen = self._chosen([folded for _, _, folded, _ in pieces])
        found: list[list[Span]] = [[] for _ in texts]
        for (index, offset, folded, places), rules in zip(pieces, chosen, strict=True):
            for match in self.matcher.look(folded, rules) if rules else ():
                if match.rule.personal and match.kind in _SURE:
                    found[index].append(_span(match, places, offset))
        return found

    def _chosen(self, folded: Sequence[str]) -> list[list[Rule]]:
        """The rules that may match each piece, in the order of the rules."""
        series = pl.Series(folded, dtype=pl.String)
        chosen: list[list[Rule]] = [[] for _ in folded]
        for rule, regex in self._rules:
            for index in series.str.contains(regex).arg_true():
                chosen[index].append(rule)
        return chosen


def _span(match: Match, places: tuple[int, ...] | None, offset: int) -> Span:
    start, end = match.start, match.end
    if places:
        start, end = places[start], places[end]
    return Span(start + offset, end + offset, match.rule.category, match.rule.id, _SURE[match.kind])
