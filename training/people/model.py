"""Fits what a value is and what a column is, on development columns."""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pii_scan.detect import gazetteer, shares
from pii_scan.detect.anatomy import LONGEST, MARKS
from pii_scan.detect.ngrams import CLASSES, Ngrams
from pii_scan.detect.people import KINDS, Model, People, features

from . import columns, fit
from .columns import BLANKS, Column
from .pools import Pool

VALUES, VALUE_DECAY, COLUMN_DECAY = 70_000, 1e-5, 1e-4
#: Of values that are no person the share that may be told as one.
FALSE_PERSONS = 0.01
#: Places alone are nobody's: what they may weigh stays below what makes a type.
PLACES_MOST, LEAST, SILENT = 2.5, -4.0, 0.3
#: Caution for columns unlike those fitted on: so many values are half believed, and a small vocabulary over
#: very many rows loses this share.
FEW, CLOSED = 3.0, 0.5
#: The log-odds that the values alone must give for a type, and from which a table counts a place.
TYPE, PLACE = 3.0, 1.0
ROWS = [*MARKS, *(f"letters of {c}" for c in CLASSES), "bias"]


def is_test(pool: Pool) -> bool:
    """True for the fifth of the pools that nothing is fitted on.

    All pools of a locale's names go together, and so do copies and languages of one list. English names
    are always learnt from.
    """
    words = pool[0].split()
    unit = words[-1] if pool[1] in ("person", "given", "family") else pool[0]
    if unit in ("en", "census"):
        return False
    if pool[1] in ("company", "other") and len(words) > 1 and len(words[-1]) < 3:
        unit = " ".join(words[:-1])
    return zlib.crc32(f"pool {unit}".encode()) % 5 == 1


@dataclass
class Fitted:
    """What is shipped, but for the gazetteer."""

    people: People
    values: dict[str, Any]
    columns: dict[str, Any]


def of(book: gazetteer.Gazetteer, letters: Ngrams, learnt: Sequence[Pool], seed: int) -> Fitted:
    """Both fits: of values on one drawing of columns, of columns on another."""
    model = _value_model(book, letters, columns.drawn(learnt, seed), seed)
    people = People(book, model)
    judged = _column_model(people, columns.drawn(learnt, seed + 1))
    weights = {name: [round(float(w), 4) for w in row] for name, row in zip(ROWS, model.weights, strict=True)}
    plain = {"scale": letters.scale, "bias": [float(b) for b in letters.bias]}
    values = {"kinds": list(KINDS), "ngrams": plain, "reject": model.reject, "weights": weights}
    return Fitted(people, values, judged)


def _value_model(book: gazetteer.Gazetteer, letters: Ngrams, drawn: Sequence[Column], seed: int) -> Model:
    texts, labels = _values(drawn)
    chosen = np.random.default_rng(seed).permutation(len(texts))
    bare = People(book, Model(letters, np.zeros((len(ROWS), len(KINDS))), 0.0))
    learn, check = chosen[:VALUES], chosen[VALUES : VALUES + 40_000]
    rows = features(bare.parts([texts[i] for i in learn]), letters)
    share = np.bincount(labels[learn], minlength=len(KINDS)) / len(learn)
    weights = fit.fitted(rows, labels[learn], len(KINDS), VALUE_DECAY, (1 / np.sqrt(share))[labels[learn]])
    chances = fit.softmax(features(bare.parts([texts[i] for i in check]), letters) @ weights)
    return Model(letters, np.round(weights, 4), _reject(chances, labels[check]))


def _values(drawn: Sequence[Column]) -> tuple[list[str], np.ndarray]:
    blank = {b for word in BLANKS for b in (word, word.lower(), word.upper(), word.title())}
    pairs = [
        (text.strip(), "other" if text in blank else column.kind)
        for column in drawn
        for text in column.values
        if text.strip() and len(text.strip()) <= LONGEST
    ]
    return [text for text, _ in pairs], np.array([KINDS.index(kind) for _, kind in pairs])


def _reject(chances: np.ndarray, labels: np.ndarray) -> float:
    """The lowest threshold at which few enough values of other kinds are told as persons."""
    best, top = chances.argmax(axis=1), chances.max(axis=1)
    strange = np.isin(labels, [KINDS.index("other"), KINDS.index("company")])
    for threshold in np.arange(0.3, 0.95, 0.05):
        if ((best == 0) & (top >= threshold))[strange].mean() <= FALSE_PERSONS:
            return round(float(threshold), 2)
    return 0.95


def counted(people: People, drawn: Sequence[Column]) -> list[dict[str, int]]:
    return [people.look(column.values) for column in drawn]


def _column_model(people: People, drawn: Sequence[Column]) -> dict[str, Any]:
    counts = counted(people, drawn)
    rows = np.array([shares.features(c, len(d.values), d.rows) for c, d in zip(counts, drawn, strict=True)])
    kinds = [d.kind if d.kind in shares.COLUMNS else "other" for d in drawn]
    labels = np.array([shares.COLUMNS.index(kind) for kind in kinds])
    share = np.bincount(labels, minlength=len(shares.COLUMNS)) / len(labels)
    weights = np.round(fit.fitted(rows, labels, len(shares.COLUMNS), COLUMN_DECAY, np.ones(len(labels))), 4)
    chances = fit.softmax(rows @ weights)
    return {
        "kinds": list(shares.COLUMNS),
        "shares": {kind: round(float(s), 4) for kind, s in zip(shares.COLUMNS, share, strict=True)},
        "few": FEW,
        "closed": CLOSED,
        "most": _most(chances.argmax(axis=1), labels),
        "least": LEAST,
        "silent": SILENT,
        "weights": {n: [float(w) for w in row] for n, row in zip(shares.FEATURES, weights, strict=True)},
    }


def _most(best: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """The largest log-odds that so many columns can show: recall over the 95% bound of false alarms."""
    found: dict[str, float] = {}
    for number, kind in enumerate(shares.COLUMNS[:-1]):
        mine = labels == number
        recall = float((best[mine] == number).mean())
        alarms = (float((best[~mine] == number).sum()) + 3) / float((~mine).sum())
        bound = round(math.log(max(recall, 1e-3) / alarms), 2)
        found[kind] = bound if kind in ("person", "given", "family") else min(bound, PLACES_MOST)
    return found


def table(people: People, fitted: Mapping[str, Any], drawn: Sequence[Column]) -> dict[str, dict[str, int]]:
    """Columns of each kind by what they are told to be; `other` where no odds are for anything."""
    found: dict[str, dict[str, int]] = {}
    for column, counts in zip(drawn, counted(people, drawn), strict=True):
        said = told(counts, column, fitted)
        row = found.setdefault(column.kind, {})
        row[said] = row.get(said, 0) + 1
    return found


def told(counts: Mapping[str, int], column: Column, fitted: Mapping[str, Any]) -> str:
    """The kind of the heaviest evidence; `other` if it makes no type, or tells of no place."""
    kinds = {category: kind for kind, (category, _) in shares.CATEGORIES.items()}
    found = [e for e in shares.evidence(counts, len(column.values), column.rows, fitted) if e.weight > 0]
    best = max(found, key=lambda e: e.weight, default=None)
    if best is None:
        return "other"
    kind = kinds[best.category]
    return kind if best.weight >= (TYPE if kind in ("person", "given", "family") else PLACE) else "other"
