"""Fits what the evidence on columns weighs, and what each kind of category takes to be told.

A logistic model over the categories that speak for each column with values. Weights and priors are drawn to
their prior values (a normal distribution around each) and never go further from them than a bound. Databases
and processors count by the square root of their examples.
"""

from __future__ import annotations

import argparse
import gzip
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.schemas import resources as own
from pii_scan.core.category import ROOT
from pii_scan.data import load
from pii_scan.data.load import taxonomy
from pii_scan.detect.verdict import Judge

from . import evidence, labels, posterior, schemas, score, things
from .development import BARE, Development, Table
from .evidence import Example, Settings
from .score import Case

#: How strongly weights are drawn to their priors; chosen by the figure on groups left out.
DRAW: Final = 20.0
#: No weight goes further from its prior than this, in log-odds.
FURTHEST: Final = 1.0
FILE: Final = "verdict.yaml"
#: The prior of the categories that have none of their own.
EVERY: Final = f"priors {ROOT}"
#: What clues of names were fitted beside, and stays as it is.
FIXED: Final = (EVERY, "weights sibling")
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Fitting:
    """The tables that verdicts are fitted on. Names alone are for the figures: `fit` fits what they weigh."""

    like: Judge
    tables: Sequence[Table]
    priors: Settings
    draw: float = DRAW

    @property
    def groups(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(table.group for table in self.tables))

    @cached_property
    def examples(self) -> list[Example]:
        """All examples with values."""
        judge = evidence.judge_of(self.like, self.priors, traced=True)
        return evidence.examples(judge, [table for table in self.tables if table.view != BARE])

    def fit(self, without: str = "") -> Settings:
        """The settings of highest posterior, fitted without a group."""
        return fit([e for e in self.examples if e.group != without], self.priors, self.draw)

    def judged(self, fitted: Settings, group: str = "") -> Iterator[tuple[str, str, Case]]:
        tables = [table for table in self.tables if group in ("", table.group)]
        return evidence.judged(evidence.judge_of(self.like, fitted), tables)

    def left_out(self) -> Iterator[tuple[str, str, Case]]:
        """Each group judged with what all the others give."""
        for group in self.groups:
            yield from self.judged(self.fit(group), group)


def development(fields: Path, chinook: Path, folder: Path) -> tuple[Judge, list[Table]]:
    """All labelled columns: our schemas and the demo company, Chinook, and the processors' fields."""
    made = Development.make()
    tables = list(made.databases((schemas.DEMO, *own.names()), folder))
    copy = folder / "chinook.db"
    copy.write_bytes(gzip.decompress(chinook.read_bytes()))
    marked = labels.read(schemas.LABELS / "chinook.csv", taxonomy())
    tables += made.database("chinook", str(copy), marked)
    return made.judge, [*tables, *made.processors(fields)]


def fit(found: Sequence[Example], priors: Settings, draw: float = DRAW) -> Settings:
    """The weights and priors of highest posterior, by Newton's method; the same for the same examples."""
    names = sorted(priors)
    mean = np.array([priors[name] for name in names])
    low, high = _bounds(names, mean)
    matrix, base = _matrix(found, names), np.array([e.base for e in found])
    target = np.array([float(e.right) for e in found])
    counts = posterior.counts([e.group for e in found], [e.share for e in found])
    return posterior.rounded(names, posterior.newton(matrix, target, counts, mean, draw, low, high, base))


def _bounds(names: Sequence[str], mean: Array) -> tuple[Array, Array]:
    """No weight crosses zero; no category takes less evidence than its prior asks; `FIXED` ones stay."""
    low = np.where(mean > 0, np.maximum(mean - FURTHEST, 0), mean - FURTHEST)
    high = np.where(mean < 0, np.minimum(mean + FURTHEST, 0), mean + FURTHEST)
    prior = np.array([name.startswith("priors ") for name in names])
    fixed = np.array([name in FIXED for name in names])
    return np.where(fixed, mean, low), np.where(prior | fixed, mean, high)


def _matrix(found: Sequence[Example], names: Sequence[str]) -> Array:
    column = {name: number for number, name in enumerate(names)}
    matrix = np.zeros((len(found), len(names)))
    for row, example in enumerate(found):
        matrix[row, column.get(example.prior, column[EVERY])] = 1
        for name, count in example.counts.items():
            matrix[row, column[name]] = count
    return matrix


def figures(judged: Iterable[tuple[str, str, Case]]) -> dict[str, dict[str, Any]]:
    """By view, and by group and view: what `score.figures` says, and how many things are called a person."""
    cases: dict[str, list[Case]] = defaultdict(list)
    for group, view, case in judged:
        cases[view].append(case)
        cases[f"{group}, {view}"].append(case)
    tree = taxonomy()
    return {
        name: score.figures(found, tree)
        | {"things": sum(len(c) for c in things.called_persons(found, tree).values())}
        for name, found in cases.items()
    }


def run(options: argparse.Namespace) -> int:
    """Fits, writes or checks, and prints how it does."""
    with tempfile.TemporaryDirectory(prefix="pii-scan-fit-") as folder:
        like, tables = development(options.data, options.chinook, Path(folder))
    shipped = load.read(FILE)
    fitting = Fitting(like, tables, evidence.settings(shipped))
    fitted = fitting.fit()
    if options.check:
        stale = stale_in(shipped, fitted)
        print(f"not as fitted: {', '.join(stale)}" if stale else "the shipped verdict is as fitted")
        return int(bool(stale))
    write(fitted)
    inside, outside = figures(fitting.judged(fitted)), list(fitting.left_out())
    for title, shown in (("as fitted", inside), ("left out", figures(outside))):
        print(*(score.show(f"{title}: {name}", values) for name, values in shown.items()), sep="\n")
    if options.errors:
        wrong = [(g, score.line(c)) for g, _, c in outside if not c.right(taxonomy())]
        print(*(f"  {group}: {line}" for group, line in wrong), sep="\n")
    return 0


def stale_in(shipped: Mapping[str, Any], fitted: Settings) -> list[str]:
    """The settings whose shipped figure is not the fitted one."""
    now = evidence.settings(shipped, "weight")
    return sorted(name for name, value in fitted.items() if abs(now[name] - value) > 0.005)


def write(fitted: Settings) -> None:
    """Writes the settings into the shipped file, whose other parts stay as they are."""
    split = {(part, name): value for key, value in fitted.items() for part, name in [key.split(" ")]}
    posterior.write((FILE,), split)
