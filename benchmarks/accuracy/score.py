"""What was told of columns against their labels: the figures, the confusions, the wrong ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from pii_scan.core.category import Taxonomy

#: Stands for "not personal" among labels and in confusions.
NONE: Final = "-"


@dataclass(frozen=True, slots=True)
class Case:
    """One labelled column: the acceptable categories, and the category told (empty: none).

    `NONE` among other labels tells that opinions differ on whether the column is personal at all:
    silence is right, and so is one of the categories.
    """

    table: str
    column: str
    labels: tuple[str, ...]
    told: str
    confidence: float = 0.0

    @property
    def categories(self) -> tuple[str, ...]:
        return tuple(label for label in self.labels if label != NONE)

    @property
    def personal(self) -> bool:
        """True if it has to be found."""
        return bool(self.categories) and NONE not in self.labels

    @property
    def open(self) -> bool:
        """True if it need not be found, and may be."""
        return bool(self.categories) and NONE in self.labels

    def exact(self, tree: Taxonomy) -> bool:
        """True if what was told is a label or a descendant of one."""
        return any(tree.subsumes(label, self.told) for label in self.categories)

    def top(self, tree: Taxonomy) -> bool:
        """True if it shares the key below the root with a label, or is below one by another parent."""
        return self.exact(tree) or any(tree.top(label) == tree.top(self.told) for label in self.categories)

    def right(self, tree: Taxonomy) -> bool:
        return self.exact(tree) if self.told else not self.personal

    def counted(self, tree: Taxonomy) -> bool:
        """False for a disputed column of which nothing wrong was said: it earns and costs nothing."""
        return not (self.open and self.right(tree))


def figures(cases: Sequence[Case], tree: Taxonomy) -> dict[str, float | int]:
    """Personal or not, right top and exact category among those rightly found; 1 where nothing is asked."""
    counted = [c for c in cases if c.counted(tree)]
    told = [c for c in counted if c.told]
    personal = [c for c in counted if c.personal or c.open]
    both = [c for c in told if c.categories]
    precision = len(both) / len(told) if told else 1.0
    recall = len(both) / len(personal) if personal else 1.0
    return {
        "columns": len(cases),
        "personal": len(personal),
        "told": len(told),
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "F1": round(2 * precision * recall / max(precision + recall, 1e-9), 4),
        "top": round(sum(c.top(tree) for c in both) / len(both) if both else 1.0, 4),
        "exact": round(sum(c.exact(tree) for c in both) / len(both) if both else 1.0, 4),
    }


def bounds(cases: Sequence[Case], tree: Taxonomy) -> dict[str, float | int]:
    """F1 if every disputed column is taken for personal, and if none is."""
    personal = [replace(c, labels=c.categories or c.labels) for c in cases]
    other = [replace(c, labels=(NONE,)) if c.open else c for c in cases]
    return {
        "F1 disputed personal": figures(personal, tree)["F1"],
        "F1 disputed not": figures(other, tree)["F1"],
    }


def by(key: str, cases: Iterable[Case], tree: Taxonomy) -> dict[str, dict[str, float | int]]:
    """The figures by `table`, or found and exact by first label (`type`)."""
    groups: dict[str, list[Case]] = {}
    for case in cases:
        groups.setdefault(case.table if key == "table" else case.labels[0], []).append(case)
    if key == "table":
        return {name: figures(group, tree) for name, group in sorted(groups.items())}
    return {name: _type(group, tree) for name, group in sorted(groups.items())}


def _type(cases: Sequence[Case], tree: Taxonomy) -> dict[str, float | int]:
    found = sum(bool(c.told) for c in cases)
    return {"columns": len(cases), "told": found, "right": sum(c.right(tree) for c in cases)}


def confusions(cases: Iterable[Case], tree: Taxonomy) -> list[tuple[str, str, int]]:
    """Label, category told and how often, of the wrong ones, the most frequent first."""
    wrong = Counter((c.labels[0], c.told or NONE) for c in cases if not c.right(tree))
    return [(label, told, count) for (label, told), count in sorted(wrong.items(), key=lambda w: (-w[1], w))]


def wrong(cases: Iterable[Case], tree: Taxonomy) -> list[Case]:
    """The wrong ones, the surest first: what was told with confidence, then what was missed."""
    return sorted(
        (c for c in cases if not c.right(tree)), key=lambda c: (-c.confidence, c.table, c.column, c.told)
    )


def line(case: Case) -> str:
    told = f"{case.told} ({case.confidence:.2f})" if case.told else "nothing"
    return f"{case.table}.{case.column}: {'|'.join(case.labels)} but told {told}"


def report(cases: Sequence[Case], tree: Taxonomy) -> dict[str, Any]:
    """All of it as plain data."""
    return {
        "figures": {**figures(cases, tree), **bounds(cases, tree)},
        "types": by("type", cases, tree),
        "confusions": [list(entry) for entry in confusions(cases, tree)],
        "wrong": [line(case) for case in wrong(cases, tree)],
    }


def show(title: str, values: Mapping[str, float | int]) -> str:
    """One line of figures."""
    shown = (f"{k} {v:.3f}" if isinstance(v, float) else f"{k} {v}" for k, v in values.items())
    return f"{title:28} " + "  ".join(shown)
