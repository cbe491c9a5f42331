"""Members of cohorts and counts of their rows, as rows of the inventory."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from ..core.cohort import Roll, Tally
from .codec import Row, dump

_ROLL, _TALLY = "roll", "tally"
_DAYS: Final = ("over", "after")


def rows(rolls: Iterable[Roll], tallies: Iterable[Tally]) -> list[Row]:
    listed = [(_ROLL, asdict(roll)) for roll in rolls] + [(_TALLY, asdict(tally)) for tally in tallies]
    return [
        {"position": position, "kind": kind, "body": dump(body)}
        for position, (kind, body) in enumerate(listed)
    ]


def read(stored: Sequence[Mapping[str, Any]]) -> tuple[tuple[Roll, ...], tuple[Tally, ...]]:
    """What `rows` made of them, in their order."""
    bodies = [(row["kind"], json.loads(row["body"])) for row in stored]
    rolls = tuple(Roll(**body) for kind, body in bodies if kind == _ROLL)
    return rolls, tuple(_tally(body) for kind, body in bodies if kind == _TALLY)


def _tally(body: dict[str, Any]) -> Tally:
    counts = {
        name: {label: {int(day): rows for day, rows in days.items()} for label, days in body[name].items()}
        for name in _DAYS
    }
    return Tally(**body | counts | {"via": tuple(body["via"])})
