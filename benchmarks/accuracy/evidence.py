"""The evidence on every labelled column, told apart by the settings whose weights it has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pii_scan.core.detection import Evidence
from pii_scan.detect.options import Options
from pii_scan.detect.verdict import Judge

from .development import Table
from .score import NONE, Case

Settings = Mapping[str, float]


class Weight(float):
    """A setting's weight that keeps its name, and how often it counts, through what a verdict does to it."""

    name: str
    times: float

    def __new__(cls, value: float, name: str, times: float = 1.0) -> Weight:
        made = super().__new__(cls, value)
        made.name, made.times = name, times
        return made

    def __mul__(self, factor: float) -> Weight:
        return Weight(float(self) * factor, self.name, self.times * factor)


@dataclass(frozen=True, slots=True)
class Traced(Options):
    """Options whose weights can be traced in the evidence."""

    def weight(self, name: str) -> float:
        return Weight(Options.weight(self, name), name)


@dataclass(frozen=True, slots=True)
class Example:
    """One category that speaks for a column.

    `counts` says how often each weight counts, `prior` the one of its group; `base` is what is not fitted
    here: clues of names, and names among the values. `share`: of the categories of the same column.
    """

    group: str
    counts: Mapping[str, float]
    prior: str
    base: float
    share: float
    right: bool


def settings(shipped: Mapping[str, Mapping[str, Mapping[str, float]]], key: str = "prior") -> Settings:
    """All that is fitted, by `part name`; `key` tells which figure of the file."""
    return {
        f"{part} {name}": float(entry[key])
        for part in ("weights", "priors")
        for name, entry in shipped[part].items()
    }


def options(fitted: Settings, *, traced: bool = False) -> Options:
    """Options with these settings in the place of the shipped ones."""
    base = Options()
    parts: dict[str, dict[str, float]] = {}
    for key, value in fitted.items():
        part, name = key.split(" ")
        parts.setdefault(part, {})[name] = value
    return (Traced if traced else Options)(defaults={**base.defaults, **parts})


def examples(judge: Judge, tables: Iterable[Table]) -> list[Example]:
    """All that the columns of the tables may be; `judge` has traced options."""
    found: list[Example] = []
    for table in tables:
        for field, evidence in judge.evidence(table.dataset, table.fields, table.profiles):
            found += _of(judge, table, table.labels.get(field.path, ()), evidence)
    return found


def _of(
    judge: Judge, table: Table, marked: Sequence[str], evidence: Mapping[str, Sequence[Evidence]]
) -> Iterator[Example]:
    """Of a column whose being personal is disputed, the wrong categories alone."""
    for category, items in evidence.items():
        right = Case("", "", tuple(marked), category).exact(judge.names.taxonomy)
        if not marked or (right and NONE in marked):
            continue
        counts: Counter[str] = Counter()
        for item in items:
            if isinstance(item.weight, Weight):
                counts[f"weights {item.weight.name}"] += item.weight.times
        base = sum(float(i.weight) for i in items if not isinstance(i.weight, Weight))
        prior = f"priors {judge.names.taxonomy.top(category)}"
        yield Example(table.group, dict(counts), prior, base, 1 / len(evidence), right)


def judged(judge: Judge, tables: Iterable[Table]) -> Iterator[tuple[str, str, Case]]:
    """Group, view and case of every labelled column, as the judge tells it.

    Like `database.compare`: what a column holds inside is judged with it unless it has labels of its own.
    """
    for table in tables:
        told: dict[str, tuple[str, float]] = {}
        for one in judge.judge(table.dataset, table.fields, table.profiles):
            if one.verdict == "type":
                told.setdefault(one.field, (one.category, one.confidence))
        for field in table.fields:
            marked = table.labels.get(field.path, ())
            if marked:
                name = f"{table.dataset.name} ({table.view})"
                case = Case(name, "/".join(field.path), marked, *told.get(field.urn, ("", 0.0)))
                yield table.group, table.view, case


def judge_of(like: Judge, fitted: Settings, *, traced: bool = False) -> Judge:
    """A judge with other settings, and the same names and rules."""
    chosen = options(fitted, traced=traced)
    return Judge(replace(like.names, options=chosen), chosen, like.rules)
