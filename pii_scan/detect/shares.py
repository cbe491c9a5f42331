"""What the shares of names among a column's values say of the column."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from typing import Any, Final

from ..core.detection import Evidence

#: What a value may be.
KINDS: Final = (
    *("person", "given", "family", "city", "country", "region", "street", "address", "company"),
    "other",
)
#: What a column may be; the rest of it is `other`.
COLUMNS: Final = ("person", "given", "family", "city", "country", "region", "street", "address", "other")
_BENT: Final = (
    *("best_person", "known_person", "best_given", "best_family", "best_city", "best_country"),
    *("given", "family", "city", "country", "region"),
)
#: Values are counted in so many heaps, too.
HEAPS: Final = 4
_BENDS: Final = (0.5, 0.8)
_NAMES: Final = frozenset({"person", "given", "family"})
_PLACES: Final = frozenset({"city", "country", "region", "street", "address"})
_SHARES: Final = (
    *(f"best_{kind}" for kind in KINDS),
    *("person", "known_person", "given", "family", "city", "country", "region", "doubtful"),
)
FEATURES: Final = (
    *_SHARES,
    *(f"{key} over {bend}" for key in _BENT for bend in _BENDS),
    "closed",
    *(f"closed {key}" for key in _SHARES[:6]),
    "bias",
)
#: The category of each kind of column, and what its values are called.
CATEGORIES: Final[Mapping[str, tuple[str, str]]] = {
    "person": ("user.name", "full names of people"),
    "given": ("user.name.first", "given names"),
    "family": ("user.name.last", "family names"),
    "city": ("user.contact.address.city", "cities"),
    "country": ("user.contact.address.country", "countries"),
    "region": ("user.contact.address.state", "regions"),
    "street": ("user.contact.address.street", "street addresses"),
    "address": ("user.contact.address", "postal addresses"),
}


def features(counts: Mapping[str, int], distinct: int, rows: int) -> list[float]:
    """The figures that a column is judged by, in the order of `FEATURES`."""
    looked = max(counts.get("looked", 0), 1)
    shares = {key: counts.get(key, 0) / looked for key in _SHARES}
    bent = [max(0.0, shares[key] - bend) for key in _BENT for bend in _BENDS]
    closed = closure(distinct, rows)
    return [*shares.values(), *bent, closed, *(closed * shares[key] for key in _SHARES[:6]), 1.0]


def evened(counts: Mapping[str, int], distinct: int, rows: int) -> Mapping[str, int]:
    """The counts without a heap that has more than half of the values, if values repeat; and without heaps.

    One word over and over (`none`, `nada`) may be somebody's name, too: what stands beside it tells.
    """
    looked = counts.get("looked", 0) if rows >= 2 * distinct else 0
    sizes = {heap: counts.get(f"{heap} looked", 0) for heap in range(HEAPS)}
    large = next((heap for heap, size in sizes.items() if looked < size * 2 < looked * 2), None)
    return {key: n - counts.get(f"{large} {key}", 0) for key, n in counts.items() if " " not in key}


def closure(distinct: int, rows: int) -> float:
    """From 0 to 1: how much a column is a small vocabulary used over and over."""
    few = max(0.0, 1 - math.log10(max(distinct, 1)) / 2)
    often = min(1.0, math.log10(max(rows / max(distinct, 1), 1)) / 2)
    return few * often


def chances(found: Sequence[float], weights: Sequence[Sequence[float]]) -> dict[str, float]:
    """The probability of each kind of column; `weights` has a row a feature."""
    rows = list(zip(found, weights, strict=True))
    raw = [sum(figure * row[kind] for figure, row in rows) for kind in range(len(COLUMNS))]
    top = max(raw)
    parts = [math.exp(r - top) for r in raw]
    return {kind: part / sum(parts) for kind, part in zip(COLUMNS, parts, strict=True)}


def evidence(
    counts: Mapping[str, int], distinct: int, rows: int, fitted: Mapping[str, Any] | None = None
) -> Iterator[Evidence]:
    """What counts of `People.look` say for, and against, each category of names and places.

    `distinct` and `rows` are the column's; few values weigh little, and so do few distinct ones over
    many rows, unless they are full names. A column of given names says nothing against `user.name`, which
    they are part of.
    `fitted`: other figures than the shipped ones.
    """
    counts = evened(counts, distinct, rows)
    looked = counts.get("looked", 0)
    if not looked:
        return
    fitted = fitted or shipped()
    found = chances(features(counts, distinct, rows), [fitted["weights"][name] for name in FEATURES])
    seen = min(looked, distinct)  # values that several batches had were looked at as often
    trust = seen / (seen + fitted["few"])
    for kind, (category, words) in CATEGORIES.items():
        weight = trust * _weight(kind, found, fitted)
        if weight > 0 and kind != "person":
            weight *= 1 - fitted["closed"] * closure(distinct, rows)
        if abs(weight) >= fitted["silent"]:
            told = _told(kind, counts, words)
            yield Evidence("people", _detector(kind, counts), category, round(weight, 3), told)


def _weight(kind: str, found: Mapping[str, float], fitted: Mapping[str, Any]) -> float:
    """The log-odds of a kind against what it was fitted on, within its bounds; 0 for a near relative."""
    own = _odds(found[kind]) - _odds(fitted["shares"][kind])
    if own > 0:
        return min(own, float(fitted["most"][kind]))
    family = _NAMES if kind in _NAMES else _PLACES
    near = sum(found[k] for k in family)
    against = _odds(near) - _odds(sum(fitted["shares"][k] for k in family))
    return max(min(against, 0.0), float(fitted["least"]))


def _odds(chance: float) -> float:
    bounded = min(max(chance, 1e-6), 1 - 1e-6)
    return math.log(bounded / (1 - bounded))


def _told(kind: str, counts: Mapping[str, int], words: str) -> str:
    """The reason in words, without any value."""
    known = counts.get(kind, 0)
    best = counts.get(f"best_{kind}", 0)
    return f"{max(known, best)} of {counts['looked']} values looked at are {words}"


def _detector(kind: str, counts: Mapping[str, int]) -> str:
    """`gazetteer` if most of the names are known ones, else `ngrams`."""
    known = counts.get(f"known_{kind}", 0)
    return "gazetteer" if known and known * 2 >= counts.get(kind, 0) else "ngrams"


def shipped() -> dict[str, Any]:
    path = resources.files("pii_scan.data").joinpath("people", "columns.json")
    fitted: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return fitted
