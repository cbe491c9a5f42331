"""The members of one cohort while rows are counted: their times, and the hashes by which they are known."""

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
    """`by_value` are addresses and keys that tell a member anywhere; `by_key` what foreign keys point at.

    `rivals` are the keys of rows in which somebody has a part who is no member; only a cohort with `sole`
    needs them.
    """

    name: str
    sole: bool = False
    members: list[Member] = field(default_factory=list, repr=False)
    by_value: dict[bytes, set[int]] = field(default_factory=lambda: defaultdict(set), repr=False)
    by_key: dict[Column, dict[bytes, list[Mark]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list)), repr=False
    )
    roots: dict[str, Column] = field(default_factory=dict, repr=False)
    rivals: dict[Column, set[bytes]] = field(default_factory=lambda: defaultdict(set), repr=False)

    def add(self, member: Member) -> int:
        self.members.append(member)
        return len(self.members) - 1
