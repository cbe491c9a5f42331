"""The user's Presidio recognizers on the values that they can hit.

A recognizer of patterns sees the values that a superset of its patterns matches, a list of words those
that hold one of them; any other recognizer sees every distinct value, up to the limit. What the limit
leaves out is counted.
"""

from __future__ import annotations

import heapq
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import polars as pl

from ..core.keyed import Key
from ..core.profile import PLACES, Hits
from . import linear
from .cells import Column
from .hits import UNSEEN, Found
from .presidio import Presidio, Searched
from .relaxed import relaxed
from .text import folded
from .tokens import tokens

#: Characters beyond which a value is given only to recognizers whose time grows with the length alone.
LONG: Final = 8_192
#: Letters beyond ASCII that fold into an ASCII one.
_FOLDS: Final = "[\u0130\u0131\u017f\u212a]"
_FLAGS: Final = 0x2 | 0x8 | 0x10 | 0x40


@dataclass(frozen=True)
class Sieve:
    """One recognizer, and what tells the values that it can hit; nothing of it if only it can tell."""

    recognizer: Any = field(repr=False)
    searched: tuple[Searched, ...] | None

    @cached_property
    def regex(self) -> str | None:
        """One superset of all patterns, but for lists of words; None if one is not understood."""
        parts = [relaxed(s.regex, s.flags) for s in self.searched or () if not _literal(s.words)]
        if self.searched is None or None in parts:
            return None
        joined = "|".join(f"(?:{part})" for part in parts)
        return joined if not joined or _readable(joined) else None

    @cached_property
    def words(self) -> list[str]:
        """Of every word in the lists the longest part in ASCII."""
        listed = [word for s in self.searched or () if _literal(s.words) for word in s.words]
        return sorted({_ascii(word) for word in listed})

    def mask(self, texts: pl.Series) -> pl.Series:
        """True for each text that the recognizer may find something in."""
        if self.regex is None:
            return pl.Series([True]).new_from_index(0, len(texts))
        found = pl.Series([False]).new_from_index(0, len(texts))
        if self.regex:
            found |= texts.str.contains(self.regex)
        if self.words:
            found |= texts.str.contains_any(self.words, ascii_case_insensitive=True)
            found |= texts.str.contains(_FOLDS)
        return found

    @cached_property
    def slow(self) -> bool:
        """True if long texts could stop it."""
        checked = (linear.check(s.regex, s.flags & _FLAGS) for s in self.searched or () if not s.words)
        return any(checked)


@dataclass(frozen=True)
class Recognizers:
    """The user's recognizers; `key` chooses the values that they see where there are too many."""

    presidio: Presidio
    key: Key = field(repr=False)

    @cached_property
    def sieves(self) -> tuple[Sieve, ...]:
        return tuple(Sieve(r, self.presidio.searched(r)) for r in self.presidio.own)

    def hits(
        self, frame: pl.DataFrame, limit: int, names: Mapping[int, str] | None = None
    ) -> dict[int, dict[str, Hits]]:
        """Hits by column; `frame` has `c`, `r` and `t`, `names` are the columns' names by `c`.

        A recognizer sees at most `limit` distinct values of a column.
        """
        distinct = frame.select("c", "t").unique().sort("c", "t")
        chosen = self._chosen(distinct)
        found: dict[int, dict[str, list[Found]]] = {}
        for (column,), part in distinct.with_row_index("i").group_by("c", maintain_order=True):
            number = int(str(column))
            rows = list(part.select("i", "t").iter_rows())
            context = _context((names or {}).get(number, ""))
            found[number] = self._column(rows, chosen, limit, context)
        return _counted(frame, found)

    def _chosen(self, distinct: pl.DataFrame) -> dict[int, list[Sieve]]:
        """By row the recognizers that may find something there."""
        chosen: dict[int, list[Sieve]] = defaultdict(list)
        for sieve in self.sieves:
            for index in sieve.mask(distinct["t"]).fill_null(False).arg_true():
                chosen[index].append(sieve)
        return chosen

    def _column(
        self,
        rows: Sequence[tuple[int, str]],
        chosen: Mapping[int, list[Sieve]],
        limit: int,
        context: Sequence[str],
    ) -> dict[str, list[Found]]:
        """What each distinct value of one column holds."""
        wanted: dict[int, list[str]] = defaultdict(list)
        for index, text in rows:
            for sieve in chosen.get(index, ()):
                wanted[id(sieve)].append(text)
        seen = {number: self._kept(texts, limit) for number, texts in wanted.items()}
        found: dict[str, list[Found]] = {}
        for index, text in rows:
            sieves = chosen.get(index, ())
            ready = [s for s in sieves if text in seen[id(s)] and not (len(text) > LONG and s.slow)]
            entries = _once(self.presidio.findings([s.recognizer for s in ready], text, context))
            if len(ready) < len(sieves):
                entries.append((f"{UNSEEN}presidio", "limit", False))
            if entries:
                found[text] = entries
        return found

    def _kept(self, texts: Sequence[str], limit: int) -> frozenset[str]:
        if len(texts) <= limit:
            return frozenset(texts)
        return frozenset(heapq.nsmallest(limit, texts, key=self.key.number))


def _once(found: Iterable[Found]) -> list[Found]:
    """Each category and detector once; a whole match wins."""
    entries: dict[tuple[str, str], Found] = {}
    for entry in found:
        if entry[2] or entry[:2] not in entries:
            entries[entry[:2]] = entry
    return list(entries.values())


def _context(name: str) -> tuple[str, ...]:
    """A column's name as words around a match: as it stands, and its parts."""
    return (name.lower(), " ".join(tokens(name))) if name else ()


def _literal(words: Sequence[str]) -> bool:
    """True if every word has a part in ASCII to search for."""
    return bool(words) and all(map(_ascii, words))


def _ascii(word: str) -> str:
    return max(re.findall(r"[\x00-\x7f]+", word), key=len, default="")


def _readable(regex: str) -> bool:
    """True if Rust can build it."""
    try:
        pl.Series([""]).str.contains(regex)
    except pl.exceptions.ComputeError:
        return False
    return True


def frame_of(columns: Sequence[Column]) -> pl.DataFrame:
    """The cells of columns as `Recognizers.hits` takes them, with hidden forms of ASCII text folded."""
    names = {"c": pl.UInt32, "r": pl.Int64, "t": pl.String}
    parts = []
    for column in columns:
        if len(column):
            texts = folded(column.series)
            texts = texts if column.codes is None else texts.gather(column.codes)
            part = pl.DataFrame({"r": column.rows, "t": texts})
            parts.append(part.select(c=pl.lit(column.number, pl.UInt32), r="r", t="t"))
    return pl.concat(parts) if parts else pl.DataFrame(schema=names)


def _counted(
    frame: pl.DataFrame, found: Mapping[int, Mapping[str, list[Found]]]
) -> dict[int, dict[str, Hits]]:
    """What the values hold, counted by rows; a row counts once a key."""
    entries = [
        (column, text, key, detector, whole)
        for column, texts in found.items()
        for text, items in texts.items()
        for key, detector, whole in items
    ]
    names = {"c": pl.UInt32, "t": pl.String, "key": pl.String, "detector": pl.String, "whole": pl.Boolean}
    table = pl.DataFrame(entries, schema=names, orient="row")
    joined = frame.select("c", "r", "t").join(table, on=["c", "t"], how="inner")
    grouped = joined.group_by("c", "key").agg(
        rows=pl.col("r").n_unique(),
        whole=pl.col("r").filter(pl.col("whole")).n_unique(),
        detector=pl.col("detector").unique().sort().str.join("+"),
        places=pl.col("r").unique().sort().head(PLACES),
    )
    hits: dict[int, dict[str, Hits]] = {}
    for column, key, rows, whole, detector, places in grouped.sort("c", "key").iter_rows():
        hits.setdefault(column, {})[key] = Hits(rows, whole, detector, tuple(places))
    return hits
