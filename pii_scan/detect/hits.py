"""From cells to counted hits: prefilter, distinct survivors, exact look, back to rows."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from ..core.keyed import Key
from ..core.profile import PLACES, Hits
from . import shapes
from .patterns import ORNAMENT, Match, Matcher
from .prefilter import Prefilter
from .rules import Rule
from .text import ODD, fold

#: Marks of keys of `Profile.hits` that are no category: candidates of a rule, failed forms of a rule,
#: and values that a dear check did not see because of its limit.
CANDIDATE: Final = "~"
FAILED: Final = "!"
UNSEEN: Final = "?"
#: What one value holds: a key of `Profile.hits`, the detector, and whether it is the whole value.
Found = tuple[str, str, bool]


@dataclass(frozen=True)
class Seeker:
    """Seeks the rules in a frame of cells; `dear` is the limit of distinct values for dear checks."""

    matcher: Matcher
    prefilter: Prefilter
    key: Key = field(repr=False)
    dear: int

    def seek(self, frame: pl.DataFrame, hinted: Mapping[int, frozenset[str]]) -> dict[int, dict[str, Hits]]:
        """Hits by column; `frame` has `c`, `r`, `t`, `shape`, `hinted` the rule ids a name speaks for."""
        wordy = ~pl.col("shape").is_in(list(shapes.PLAIN)) | pl.col("c").is_in(list(hinted))
        left = self.prefilter.survivors(folded(frame.filter(wordy)), hinted)
        if left.is_empty():
            return {}
        found: dict[int, dict[str, list[Found]]] = {}
        distinct = left.select("c", "t").unique().sort("c", "t")
        masks = self.prefilter.masks(distinct, self.matcher.rules, hinted)
        chosen: dict[int, list[Rule]] = defaultdict(list)
        for rule, mask in masks:
            for index in mask.fill_null(False).arg_true():
                chosen[index].append(rule)
        for column, rows in _columns(distinct):
            found[column] = self._column(rows, chosen, hinted.get(column, frozenset()))
        return counted(left, found)

    def _column(
        self, rows: Sequence[tuple[int, str]], chosen: Mapping[int, list[Rule]], hinted: frozenset[str]
    ) -> dict[str, list[Found]]:
        """What each distinct value of one column holds."""
        unseen = self._unseen([text for index, text in rows if any(r.dear for r in chosen.get(index, ()))])
        found: dict[str, list[Found]] = {}
        for index, text in rows:
            rules = [r for r in chosen.get(index, ()) if not (r.dear and text in unseen)]
            entries = findings(text, self.matcher.look(text, rules, hinted)) if rules else []
            if text in unseen:
                entries = [*entries, (f"{UNSEEN}dear", "limit", False)]
            if entries:
                found[text] = entries
        return found

    def _unseen(self, texts: Sequence[str]) -> frozenset[str]:
        """Of the values for dear checks those beyond the limit, chosen by keyed hash."""
        if len(texts) <= self.dear:
            return frozenset()
        kept = set(heapq.nsmallest(self.dear, texts, key=self.key.number))
        return frozenset(text for text in texts if text not in kept)


def folded(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with hidden forms of ASCII text folded; most frames stay as they are."""
    odd = frame["t"].str.contains(ODD)
    if not odd.any():
        return frame
    return frame.with_columns(
        t=pl.when(odd).then(pl.col("t").map_elements(fold, return_dtype=pl.String)).otherwise(pl.col("t"))
    )


def findings(text: str, matches: Iterable[Match]) -> list[Found]:
    """The keys that the matches of a value count under, each once; a whole match wins."""
    entries: dict[str, Found] = {}
    stripped = text.strip()
    for match in matches:
        mark = {"hit": "", "candidate": CANDIDATE, "failed": FAILED}[match.kind]
        key = match.rule.category if not mark else mark + match.rule.id
        whole = match.end - match.start >= len(stripped) - ORNAMENT
        if key not in entries or (whole and not entries[key][2]):
            entries[key] = (key, match.rule.id, whole)
    return list(entries.values())


def _columns(distinct: pl.DataFrame) -> Iterable[tuple[int, list[tuple[int, str]]]]:
    groups: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for index, (column, text) in enumerate(distinct.iter_rows()):
        groups[column].append((index, text))
    return groups.items()


def counted(
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
