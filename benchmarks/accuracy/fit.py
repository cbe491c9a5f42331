"""Fits what each clue of a name weighs, and says how it does on processors that it did not see.

A logistic model over the clues of every meaning that a name may have. Its weights are drawn to their
priors (a normal distribution around each), so that what the labelled fields don't tell stays as it
was. Processors count by the square root of their fields: one of them has a third of all.
"""

from __future__ import annotations

import argparse
from collections.abc import Collection as Items
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pii_scan.core.category import ROOT
from pii_scan.data import load
from pii_scan.data.load import taxonomy
from pii_scan.detect import vocabulary
from pii_scan.detect.names import NameHit, Names
from pii_scan.detect.neighbours import Neighbours
from pii_scan.detect.options import Options
from pii_scan.detect.verdict import Judge

from . import labelled, names, posterior, verdicts

#: How strongly weights are drawn to their priors; chosen by the figure on processors left out.
DRAW: Final = 2.0
#: No weight goes further from its prior than this, in log-odds.
FURTHEST: Final = 1.0
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """One meaning of one field's name. `base` is what the model does not weigh, in log-odds."""

    processor: str
    clues: tuple[str, ...]
    base: float
    share: float  # of the meanings of the same name
    personal: bool


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, required=True, help="labelled fields, one JSON object a line")
    parser.add_argument("--check", action="store_true", help="fail if the shipped weights are not these")
    parser.add_argument("--chinook", type=Path, help="Chinook as gzipped SQLite: fit verdicts, too")
    parser.add_argument("--errors", action="store_true", help="print every column that is wrong, left out")
    parser.add_argument("--draw", type=float, default=DRAW, help="how strongly weights keep to their priors")


def run(options: argparse.Namespace) -> int:
    """The weights of names, then those of verdicts, for which names are given."""
    of_names = run_names(options)
    return max(of_names, verdicts.run(options)) if options.chinook else of_names


def run_names(options: argparse.Namespace) -> int:
    reader, collections = Names(taxonomy(), vocabulary.shipped(), Options()), labelled.read(options.data)
    shipped = load.read("names", "weights.yaml")
    priors = {name: float(entry["prior"]) for name, entry in shipped["clues"].items()}
    found = examples(collections, reader)
    fitted = fit(found, priors, options.draw)
    if options.check:
        stale = sorted(n for n, w in fitted.items() if abs(w - float(shipped["clues"][n]["weight"])) > 0.005)
        print(f"not as fitted: {', '.join(stale)}" if stale else "the shipped weights are as fitted")
        return int(bool(stale))
    write(fitted)
    inside = judged(collections, fitted, reader)
    outside = left_out(collections, found, priors, reader, options.draw)
    for name, cases in (("as fitted", inside), ("left out", outside)):
        figures = names.measure(cases, reader.taxonomy)
        print(f"{name:10}", *(f"{k} {figures[k]:.3f}" for k in ("precision", "recall", "F1")))
        print(f"{'':10}", f"right category among found {figures['right category among found']:.3f}")
    for name in sorted({c.field.processor for c in outside}):
        own = names.scores([c for c in outside if c.field.processor == name])
        print(f"  {name:20} {own['fields']:5} F1 {own['F1']:.3f} left out")
    return 0


def examples(collections: Sequence[labelled.Collection], reader: Names) -> list[Example]:
    """All that the names of all fields may mean."""
    options = reader.options
    prior, sibling = options.prior(ROOT), options.weight("sibling")
    found: list[Example] = []
    for collection in collections:
        dataset = collection.dataset
        beside = Neighbours(reader, dataset, dataset.fields, {}, {})
        for one in collection.fields:
            hits = beside.candidates(one.field)
            base = prior + sibling * min(len(beside.siblings(one.field)), 2)
            found += [_example(one, hit, base, len(hits)) for hit in hits]
    return found


def _example(one: labelled.Labelled, hit: NameHit, base: float, meanings: int) -> Example:
    return Example(one.processor, hit.clues, base, 1 / meanings, one.personal)


def fit(found: Sequence[Example], priors: Mapping[str, float], draw: float = DRAW) -> dict[str, float]:
    """The weights of highest posterior, by Newton's method; the same for the same fields."""
    clues = sorted(priors)
    matrix, base = _matrix(found, clues), np.array([e.base for e in found])
    target = np.array([float(e.personal) for e in found])
    counts = posterior.counts([e.processor for e in found], [e.share for e in found])
    mean = np.array([priors[c] for c in clues])
    low, high = mean - FURTHEST, mean + FURTHEST
    return posterior.rounded(clues, posterior.newton(matrix, target, counts, mean, draw, low, high, base))


def _matrix(found: Sequence[Example], clues: Sequence[str]) -> Array:
    column = {clue: number for number, clue in enumerate(clues)}
    matrix = np.zeros((len(found), len(clues)))
    for row, example in enumerate(found):
        for clue in example.clues:
            matrix[row, column[clue]] += 1
    return matrix


def judged(
    collections: Sequence[labelled.Collection], clues: Mapping[str, float], reader: Names
) -> list[names.Case]:
    """What is told of every field with these weights."""
    weights = replace(reader.weights, clues=clues)
    judge = Judge(replace(reader, weights=weights), reader.options, ())
    return [case for one in collections for case in _cases(one, judge)]


def _cases(collection: labelled.Collection, judge: Judge) -> Iterator[names.Case]:
    detections = judge.judge(collection.dataset, collection.dataset.fields, {})
    told = {d.field: d.category for d in reversed(detections) if d.verdict == "type"}
    for one in collection.fields:
        yield names.Case(one, told.get(one.field.urn, ""))


def left_out(
    collections: Sequence[labelled.Collection],
    found: Sequence[Example],
    priors: Mapping[str, float],
    reader: Names,
    draw: float = DRAW,
) -> list[names.Case]:
    """Each processor's fields, judged with weights fitted on all the others."""
    cases: list[names.Case] = []
    for name in dict.fromkeys(one.fields[0].processor for one in collections):
        weights = fit([e for e in found if e.processor != name], priors, draw)
        own = [one for one in collections if one.fields[0].processor == name]
        cases += judged(own, weights, reader)
    return cases


def write(weights: Mapping[str, float]) -> None:
    """Writes the weights into the shipped file, whose other parts stay as they are."""
    posterior.write(("names", "weights.yaml"), {("clues", name): weight for name, weight in weights.items()})


def unused(found: Items[Example], priors: Mapping[str, float]) -> list[str]:
    """Clues that no field shows, whose weights are their priors."""
    return sorted(set(priors) - {clue for example in found for clue in example.clues})
