"""What the rules of patterns find in texts, with places: the same rules that columns are searched by."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from .. import needs, stretches
from ..needs import Needs
from ..patterns import Match, Matcher
from ..prefilter import superset
from ..rules import Rule
from ..text import placed
from . import chunks
from .span import Span

Ints = npt.NDArray[np.int64]
_DIGIT: Final = re.compile("[0-9]")
#: The stretches that `stretches` counts: digits with separators between, characters of a token.
_RUN: Final = re.compile(
    f"[0-9](?:[{re.escape(''.join(sorted(stretches.SEPARATORS)))}]{{0,{stretches.BETWEEN}}}[0-9])*"
)
_TOKEN: Final = re.compile(f"[{re.escape(''.join(sorted(stretches.TOKEN)))}]+")
#: Bytes of pieces that an automaton of Rust's is built for; it takes as long as Python's search through them.
_FEW: Final = 40_000
#: How sure a match is, by what made it count.
_SURE: Final[Mapping[str, float]] = {"hit": 0.95, "candidate": 0.5}


@dataclass(frozen=True)
class Ruled:
    """Matches of the rules in whole texts; a form whose check fails is nothing."""

    matcher: Matcher

    @cached_property
    def _rules(self) -> tuple[tuple[Rule, Needs], ...]:
        return tuple((rule, needs.of(rule.regex)) for rule in self.matcher.rules)

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
        """The rules that may match each piece, for it has what they need; in the order of the rules.

        Through many an automaton looks first, which takes a while to build.
        """
        series = pl.Series(folded, dtype=pl.String)
        held = _held(folded)
        chosen: list[list[Rule]] = [[] for _ in folded]
        for rule, wanted in self._rules:
            able = _meeting(held, wanted)
            if held.length[able].sum() > _FEW:
                able = able[series.gather(able).str.contains(superset(rule)).to_numpy()]
            for index in able.tolist():
                chosen[index].append(rule)
        return chosen


class _Held(NamedTuple):
    """Of each piece what `Needs` asks for: bytes, digits, classes of characters, and longest stretches."""

    length: Ints
    digits: Ints
    marks: Ints
    run: Ints
    token: Ints


def _held(pieces: Sequence[str]) -> _Held:
    rows = []
    for piece in pieces:
        data = piece.encode("utf-8", "surrogatepass")
        marks = int(np.bitwise_or.reduce(needs.MARKS[np.frombuffer(data, np.uint8)])) if data else 0
        digits = run = 0
        if marks & needs.DIGIT:
            runs = [len(_DIGIT.findall(found)) for found in _RUN.findall(piece)]
            digits, run = sum(runs), max(runs)
        rows.append((len(data), digits, marks, run, max(map(len, _TOKEN.findall(piece)), default=0)))
    return _Held(*np.array(rows, np.int64).reshape(-1, len(_Held._fields)).T)


def _meeting(held: _Held, wanted: Needs) -> Ints:
    """The pieces that have what a rule needs."""
    may = (held.length >= wanted.length) & (held.token >= wanted.token)
    if wanted.digits or wanted.run:
        may &= (held.digits >= wanted.digits) & (held.run >= wanted.run)
    for mark in wanted.marks:
        may &= held.marks & mark != 0
    return np.flatnonzero(may)


def _span(match: Match, places: tuple[int, ...] | None, offset: int) -> Span:
    start, end = match.start, match.end
    if places:
        start, end = places[start], places[end]
    return Span(start + offset, end + offset, match.rule.category, match.rule.id, _SURE[match.kind])
