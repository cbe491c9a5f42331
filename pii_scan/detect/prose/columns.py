"""Texts in columns: which cells are texts, which of them are read, and what is counted of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from ...core.profile import PLACES, Hits
from .. import needs, sampling
from ..cells import Column
from ..hits import FOREIGN, LEFT
from .language import Languages
from .reader import Reader
from .seen import Seen
from .span import Span

#: Bytes from which a cell may be a text rather than a value, and the words that it must have.
_SHORTEST: Final = 12
_WORDS: Final = r"\p{L}{2,}[^\p{L}\n]{1,3}\p{L}+[^\p{L}\n]{1,3}\p{L}{2,}"
#: What no single value (an address of mail or web, an id) has.
_SPACE: Final = r"\S\s+\S"
#: The classes of characters of which a text has one each: letters, and space.
_KINDS: Final = (
    needs.LETTER | needs.WIDE,
    int(needs.MARKS[ord(" ")]) | needs.REST | needs.WIDE,
)
#: Titles of things: each longer word begins with a capital letter.
_TITLE: Final = re.compile(r"(?=.*\b[A-ZÀ-Þ][a-zß-ÿ])(?!.*\b[a-zß-ÿ][\w]{3})[^\n]{1,120}")
#: The share of titles from which texts are a list of them, and how much of one a person's name fills.
_LISTED: Final = 0.7
_FILLED: Final = 0.8
#: Characters of a text that are read; rows of a longer one count as left out.
_LONGEST: Final = 20_000
_NAME: Final = "user.name"
#: Confidence from which a name is hardly a thing's; and how often doubtful ones come again if they are.
_CERTAIN: Final = 0.9
_OFTEN: Final = 2.5
#: Confidence from which a span counts as a hit: half the F1 that the models reach on the hardest development
#: texts (Lipton, Elkan, Naryanaswamy 2014, "Optimal thresholding of classifiers to maximize F1").
SURE: Final = 0.35


@dataclass(frozen=True)
class Budget:
    """What is read of one column and batch: distinct texts, and characters."""

    texts: int
    characters: int


@dataclass(frozen=True)
class Texts:
    """Reads a sample of the distinct texts of each column, chosen by keyed hash."""

    reader: Reader
    budget: Budget
    languages: Languages = field(default_factory=Languages, repr=False)
    seen: Seen = field(default_factory=Seen, repr=False)

    def hits(self, columns: Sequence[Column], prints: Mapping[int, Any]) -> dict[int, dict[str, Hits]]:
        """Hits by column; `?text` are rows whose text was left out, `?language` those in other languages."""
        found = {}
        for column in columns:
            cells = _texts(column)
            if len(cells):
                found[column.number] = self._column(column, cells, np.asarray(prints[column.number])[cells])
        return {number: hits for number, hits in found.items() if hits}

    def _column(self, column: Column, cells: Any, prints: Any) -> dict[str, Hits]:
        """Hits of one column; equal texts have equal prints, and are read once."""
        low = sampling.low(prints, self.budget.texts)
        asked, first, back = np.unique(prints[low], return_index=True, return_inverse=True)
        texts = self._within(column.take(cells[low[first[: self.budget.texts]]]).to_list())
        counted = _counted(self._read(texts, asked[: len(texts)].tolist()), column, cells[low], back)
        cut = [place for place, text in enumerate(texts) if len(text) >= _LONGEST]
        others = np.ones(len(cells), bool)
        others[low[(back < len(texts)) & ~np.isin(back, cut)]] = False
        left = len(column.rows_once(cells[others]))
        if left:
            counted[LEFT] = Hits(left, 0, "limit")
        return counted

    def _within(self, texts: list[str]) -> list[str]:
        """The first texts, cut, that the budget of characters allows; one at least."""
        kept: list[str] = []
        used = 0
        for text in texts:
            used += min(len(text), _LONGEST)
            if kept and used > self.budget.characters:
                break
            kept.append(text[:_LONGEST])
        return kept

    def _read(self, texts: Sequence[str], prints: Sequence[int]) -> list[list[Span] | None]:
        """What each text holds; None if its language is not read."""
        languages = self.languages.guess(texts)
        read = self.seen.spans(self.reader.read, texts, languages, prints)
        spans = _once(texts, _unlisted(texts, read))
        return [f if f or self.reader.reads(its) else None for f, its in zip(spans, languages, strict=True)]


def _texts(column: Column) -> Any:
    """The cells that hold at least three words, and a space."""
    long: Any = column.lengths >= _SHORTEST
    for kind in _KINDS:
        if not column.seen & kind:
            return np.zeros(0, np.int64)
        if column.seen & ~kind:
            long &= column.marks & np.uint16(kind) != 0
    long = np.flatnonzero(long)
    if not len(long):
        return long
    cells = column.take(long)
    return long[(cells.str.contains(_WORDS) & cells.str.contains(_SPACE)).to_numpy()]


def _once(texts: Sequence[str], spans: Sequence[list[Span]]) -> list[list[Span]]:
    """Spans without doubtful names that come again and again: `Sahara Desert` in the plots of many films."""
    names = [
        text[span.start : span.end].casefold()
        for text, found in zip(texts, spans, strict=True)
        for span in filter(_doubtful, found)
    ]
    if len(names) < _OFTEN * max(len(set(names)), 2):
        return list(spans)
    return [[span for span in found if not _doubtful(span)] for found in spans]


def _doubtful(span: Span) -> bool:
    return span.category == _NAME and span.confidence < _CERTAIN


def _unlisted(texts: Sequence[str], spans: Sequence[list[Span]]) -> list[list[Span]]:
    """Spans without names that are a part of a title, if the texts are titles: of albums, books, products."""
    titles = [bool(_TITLE.fullmatch(text)) for text in texts]
    if sum(titles) < _LISTED * len(titles):
        return list(spans)
    whole = (_FILLED * len(text) for text in texts)
    return [
        [s for s in found if not (title and s.category.startswith(_NAME) and s.end - s.start < length)]
        for found, title, length in zip(spans, titles, whole, strict=True)
    ]


def _counted(spans: Sequence[list[Span] | None], column: Column, cells: Any, back: Any) -> dict[str, Hits]:
    """Rows by category, and the rows of texts in other languages; `back` gives each cell's text."""
    texts: dict[str, dict[int, str]] = {}
    for index, found in enumerate(spans):
        if found is None:
            texts.setdefault(FOREIGN, {})[index] = "language"
        for span in found or ():
            if span.confidence >= SURE:
                texts.setdefault(span.category, {}).setdefault(index, span.detector)
    hits = {}
    for key, by in texts.items():
        mine = np.sort(column.rows_once(cells[np.isin(back, list(by))]))
        hits[key] = Hits(len(mine), 0, "+".join(sorted(set(by.values()))), tuple(mine[:PLACES].tolist()))
    return dict(sorted(hits.items()))
