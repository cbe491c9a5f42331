"""Holds drafted statements against marked ones: found, missed, wrong, and spurious."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pii_scan.policy.draft.statement import Statement

from .marks import Mark

_ROOT = "user"


@dataclass(frozen=True, slots=True)
class Score:
    """`right`: kind and category; `wrong`: a statement overlaps, but says something else.

    A drafted statement counts for one mark only. `beside` overlap a mark that another one has taken;
    `spurious` overlap no mark at all.
    """

    right: tuple[tuple[Mark, Statement], ...]
    wrong: tuple[tuple[Mark, Statement], ...]
    missed: tuple[Mark, ...]
    beside: tuple[Statement, ...]
    spurious: tuple[Statement, ...]

    @property
    def recall(self) -> float:
        return len(self.right) / max(1, len(self.right) + len(self.wrong) + len(self.missed))

    @property
    def precision(self) -> float:
        """Right ones of all drafted."""
        drafted = len(self.right) + len(self.wrong) + len(self.beside) + len(self.spurious)
        return len(self.right) / max(1, drafted)

    def figures(self) -> dict[str, Any]:
        """Counts and rates, in all and by kind of the marked statement."""
        return {
            "marked": len(self.right) + len(self.wrong) + len(self.missed),
            "right": len(self.right),
            "wrong": len(self.wrong),
            "missed": len(self.missed),
            "beside": len(self.beside),
            "spurious": len(self.spurious),
            "recall": round(self.recall, 3),
            "precision": round(self.precision, 3),
            "by_kind": {kind: self._kind(kind) for kind in sorted(self._kinds())},
        }

    def _kinds(self) -> set[str]:
        marked = {m.kinds[0] for m, _ in (*self.right, *self.wrong)} | {m.kinds[0] for m in self.missed}
        return marked | {s.kind for s in self.spurious}

    def _kind(self, kind: str) -> dict[str, int]:
        counts: Counter[str] = Counter()
        counts["right"] = sum(m.kinds[0] == kind for m, _ in self.right)
        counts["wrong"] = sum(m.kinds[0] == kind for m, _ in self.wrong)
        counts["missed"] = sum(m.kinds[0] == kind for m in self.missed)
        counts["spurious"] = sum(s.kind == kind for s in self.spurious)
        return dict(counts)


def score(marks: Sequence[Mark], drafted: Sequence[Statement]) -> Score:
    """The score of the pairing with the most agreeing pairs, filled up with others that overlap."""
    touching = {
        (m, d) for m, mark in enumerate(marks) for d, s in enumerate(drafted) if _overlap(mark, s) > 0
    }
    right = _paired({pair for pair in touching if agrees(marks[pair[0]], drafted[pair[1]])})
    free = {(m, d) for m, d in touching if m not in right and d not in right.values()}
    wrong = _paired(free)
    used = {*right.values(), *wrong.values()}
    reached = {d for _, d in touching}
    rest = [(d, s) for d, s in enumerate(drafted) if d not in used]
    return Score(
        right=tuple((marks[m], drafted[d]) for m, d in sorted(right.items())),
        wrong=tuple((marks[m], drafted[d]) for m, d in sorted(wrong.items())),
        missed=tuple(mark for m, mark in enumerate(marks) if m not in right and m not in wrong),
        beside=tuple(s for d, s in rest if d in reached),
        spurious=tuple(s for d, s in rest if d not in reached),
    )


def _paired(pairs: set[tuple[int, int]]) -> dict[int, int]:
    """A largest matching: each mark with one statement at most (augmenting paths)."""
    holder: dict[int, int] = {}

    def place(mark: int, seen: set[int]) -> bool:
        for statement in sorted(d for m, d in pairs if m == mark):
            if statement not in seen:
                seen.add(statement)
                if statement not in holder or place(holder[statement], seen):
                    holder[statement] = mark
                    return True
        return False

    for mark in sorted({m for m, _ in pairs}):
        place(mark, set())
    return {mark: statement for statement, mark in holder.items()}


def agrees(mark: Mark, statement: Statement) -> bool:
    """The kind is an accepted one, and the categories meet.

    Categories meet if one is the same, above or below; all personal data (`user`) meets itself alone.
    """
    if statement.kind not in mark.kinds:
        return False
    if not mark.data or not statement.data:
        return not mark.data and not statement.data
    return any(_meet(a, b) for a in mark.data for b in statement.data)


def _meet(one: str, other: str) -> bool:
    if one == other:
        return True
    return _ROOT not in (one, other) and (one.startswith(other + ".") or other.startswith(one + "."))


def _overlap(mark: Mark, statement: Statement) -> int:
    return min(mark.end, statement.end) - max(mark.start, statement.start)
