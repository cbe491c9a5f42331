"""The mergeable profile of a column: counts and keyed hashes, never a value.

`merge` is associative and commutative with `EMPTY` as its unit, so one process, many processes and
a cluster give the same result.
"""

from __future__ import annotations

import base64
import heapq
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .sketch import Sketch
from .valueset import ValueSet, merged

PLACES = 5


@dataclass(frozen=True, slots=True)
class Hits:
    """Validated hits of one detector's category: rows that hold one, rows that are one.

    `places` are the smallest row ordinals with a hit, at most `PLACES` of them.
    """

    rows: int = 0
    whole: int = 0
    detector: str = ""
    places: tuple[int, ...] = ()

    def merge(self, other: Hits) -> Hits:
        places = heapq.nsmallest(PLACES, {*self.places, *other.places})
        detectors = sorted({*self.detector.split("+"), *other.detector.split("+")} - {""})
        return Hits(self.rows + other.rows, self.whole + other.whole, "+".join(detectors), tuple(places))


def _add(left: Mapping[str, int], right: Mapping[str, int]) -> dict[str, int]:
    total = dict(left)
    for key, count in right.items():
        total[key] = total.get(key, 0) + count
    return dict(sorted(total.items()))


def _merge_hits(left: Mapping[str, Hits], right: Mapping[str, Hits]) -> dict[str, Hits]:
    total = dict(left)
    for key, hits in right.items():
        total[key] = total[key].merge(hits) if key in total else hits
    return dict(sorted(total.items()))


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of a column's values.

    `hits` by category key; `contacts`: rows that name a host of a known recipient, by its id;
    `shapes`: rows by coarse shape class (`digits`, `hex`, `uuid`, `word`, `text`, `json`, …);
    `times`: rows by day (`YYYY-MM-DD`) for values with a time of day, by month (`YYYY-MM`) for plain
    dates: ages of events, never of people (dropped where the field is a birth date);
    `characters` and `longest`: lengths of the non-null values; `sets`: keyed sketches of the normalised
    values by their kind (`email`, `phone`, `text`, `id`, `digest`), of columns that identify.
    """

    rows: int = 0
    nulls: int = 0
    characters: int = 0
    longest: int = 0
    hits: Mapping[str, Hits] = field(default_factory=dict)
    contacts: Mapping[str, int] = field(default_factory=dict)
    shapes: Mapping[str, int] = field(default_factory=dict)
    times: Mapping[str, int] = field(default_factory=dict)
    sketch: Sketch = field(default_factory=Sketch)
    sets: Mapping[str, ValueSet] = field(default_factory=dict)

    @property
    def values(self) -> int:
        """Rows that are not null."""
        return self.rows - self.nulls

    @property
    def oldest(self) -> str | None:
        """The oldest day or month."""
        return min(self.times, default=None)

    @property
    def newest(self) -> str | None:
        return max(self.times, default=None)

    def merge(self, other: Profile) -> Profile:
        return Profile(
            rows=self.rows + other.rows,
            nulls=self.nulls + other.nulls,
            characters=self.characters + other.characters,
            longest=max(self.longest, other.longest),
            hits=_merge_hits(self.hits, other.hits),
            contacts=_add(self.contacts, other.contacts),
            shapes=_add(self.shapes, other.shapes),
            times=_add(self.times, other.times),
            sketch=self.sketch.merge(other.sketch),
            sets=merged(self.sets, other.sets),
        )

    def to_json(self) -> dict[str, Any]:
        """Plain data for the checkpoint."""
        return {
            "rows": self.rows,
            "nulls": self.nulls,
            "characters": self.characters,
            "longest": self.longest,
            "hits": {k: [h.rows, h.whole, h.detector, list(h.places)] for k, h in self.hits.items()},
            "contacts": dict(self.contacts),
            "shapes": dict(self.shapes),
            "times": dict(self.times),
            "sketch": list(self.sketch.hashes),
            "sets": {kind: [_coded(s.hashes), _coded(s.forms)] for kind, s in self.sets.items()},
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Profile:
        hits = {k: Hits(r, w, d, tuple(p)) for k, (r, w, d, p) in data["hits"].items()}
        plain = {
            k: data[k] for k in ("rows", "nulls", "characters", "longest", "contacts", "shapes", "times")
        }
        packed = data.get("sets", {}).items()
        sets = {kind: ValueSet(*map(base64.b64decode, both)) for kind, both in packed}
        return cls(**plain, hits=hits, sketch=Sketch(tuple(data["sketch"])), sets=sets)


def _coded(packed: bytes) -> str:
    return base64.b64encode(packed).decode("ascii")


EMPTY = Profile()
