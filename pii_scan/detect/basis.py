"""What a decision was accepted for, in figures, and whether a later scan shows something else."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ..core.decision import Decision
from ..core.urn import split
from .decisions import Reach

#: A count that grows so many times is another matter.
GROWTH: Final = 10
#: So large a change of the share that a type verdict rests on is one, too.
DRIFT: Final = 0.25
#: The share that a growth is counted from where less was seen.
LEAST: Final = 0.001


@dataclass(frozen=True, slots=True)
class Basis:
    """The verdicts in a decision's reach: by `verdict category` the rows and the largest share.

    `stores` are the URNs in which its fields lie, `types` the types of the fields, `mode` how the
    run read them.
    """

    mode: str = "sample"
    fields: int = 0
    stores: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    verdicts: Mapping[str, tuple[int, float]] = field(default_factory=dict)

    @classmethod
    def of(cls, decision: Decision, reach: Reach, mode: str) -> Basis:
        verdicts: dict[str, tuple[int, float]] = {}
        for d in reach.detections:
            key = f"{d.verdict} {d.category}"
            count, share = verdicts.get(key, (0, 0.0))
            verdicts[key] = (count + d.count, max(share, d.share or 0.0))
        urns = {d.field for d in reach.detections} if decision.kind == "suppress" else None
        fields = [f for f in reach.fields if urns is None or f.urn in urns]
        return cls(
            mode,
            len(fields),
            tuple(sorted({split(f.dataset)[0] for f in fields})),
            tuple(sorted({f.type for f in fields})),
            dict(sorted(verdicts.items())),
        )

    @classmethod
    def parse(cls, text: str) -> Basis:
        told: dict[str, Any] = json.loads(text)
        verdicts = {key: (int(count), float(share)) for key, (count, share) in told["verdicts"].items()}
        return cls(told["mode"], told["fields"], tuple(told["stores"]), tuple(told["types"]), verdicts)

    def text(self) -> str:
        told = {
            "mode": self.mode,
            "fields": self.fields,
            "stores": list(self.stores),
            "types": list(self.types),
            "verdicts": {key: list(value) for key, value in self.verdicts.items()},
        }
        return json.dumps(told, sort_keys=True)


def changes(before: Basis, after: Basis, day: str) -> Iterator[str]:
    """What is materially different from `day`, in words; nothing if the decision still fits."""
    old, new = set(before.types) - {"unknown"}, set(after.types) - {"unknown"}
    if old != new and len(old) == len(new) == 1:
        yield f"the field's type is {min(new)}, on {day} it was {min(old)}"
    for key, now in after.verdicts.items():
        if key not in before.verdicts:
            yield f"new since {day}: the field {_worded(key)}"
        else:
            yield from _moved(key, before.verdicts[key], now, before.mode == after.mode, day)
    for key in before.verdicts:
        if key not in after.verdicts and (key.startswith("type ") or not after.verdicts):
            yield f"it is no longer said that the field {_worded(key)}, as on {day}"


def _moved(
    key: str, before: tuple[int, float], now: tuple[int, float], same_mode: bool, day: str
) -> Iterator[str]:
    """A type verdict lives by its share, a `contains` verdict by its rows.

    Between a sample and a whole reading rows can't be compared, so their share stands for them.
    """
    if key.startswith("type "):
        if abs(now[1] - before[1]) > DRIFT:
            yield f"the field {_worded(key)} in {now[1]:.0%} of its rows, on {day} in {before[1]:.0%}"
        return
    grown = now[0] >= GROWTH * max(before[0], 1) if same_mode else now[1] >= GROWTH * max(before[1], LEAST)
    if grown:
        yield f"the field {_worded(key)} in {now[0]} rows, on {day} in {before[0]}"


def _worded(key: str) -> str:
    verdict, _, category = key.partition(" ")
    return f"is {category}" if verdict == "type" else f"contains {category}"
