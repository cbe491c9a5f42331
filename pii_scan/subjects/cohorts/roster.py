"""The members of cohorts while rows are counted: their times, and the hashes by which they are known."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from ..answer import Path

#: A key column: the raw URN of its dataset and its masked path.
Column = tuple[str, Path]


@dataclass(frozen=True, slots=True)
class Member:
    """`since` when somebody belongs to it; `days` is a period of their own."""

    since: datetime | None = None
    days: int | None = None
    group: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A row that belongs to a member, `steps` keys away, and its time where it counts for rows below."""

    member: int
    steps: int
    when: datetime | None = None


@dataclass(slots=True)
class Roster:
    """One cohort; `roots` are the keys of the datasets in which its members stand, by these datasets' URNs.

    With `sole` it matters who else has a part in a row.
    """

    name: str
    sole: bool = False
    members: list[Member] = field(default_factory=list, repr=False)
    roots: dict[str, Column] = field(default_factory=dict, repr=False)

    def add(self, member: Member) -> int:
        self.members.append(member)
        return len(self.members) - 1


@dataclass(slots=True)
class Index:
    """What leads to members of all rosters, by the roster's name.

    `by_value` are addresses and keys that tell a member anywhere, with the keys between; `by_key` what
    foreign keys point at. `rivals` are keys of rows in which somebody has a part who is no member.
    """

    by_value: dict[bytes, dict[tuple[str, int], int]] = field(default_factory=dict, repr=False)
    by_key: dict[Column, dict[bytes, list[tuple[str, Mark]]]] = field(
        default_factory=lambda: defaultdict(dict), repr=False
    )
    rivals: dict[tuple[str, Column], set[bytes]] = field(default_factory=lambda: defaultdict(set), repr=False)

    def know(self, hashed: bytes, roster: str, member: int, steps: int) -> None:
        known = self.by_value.setdefault(hashed, {})
        known[roster, member] = min(steps, known.get((roster, member), steps))

    def point(self, column: Column, hashed: bytes, roster: str, mark: Mark) -> None:
        self.by_key[column].setdefault(hashed, []).append((roster, mark))
