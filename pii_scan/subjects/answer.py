"""The answer to "where is this person's data": places, who received it, and what was not looked at."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from ..core.lineage import FlowEvidence
from ..core.model import Store

#: own: the row is the person's; mentioned: it speaks of them; shared: others have a part in it.
Relation = Literal["own", "mentioned", "shared"]
Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A field that holds the person's identifier, or, without a path, rows that hang on such a row.

    Names are masked; `rows` are those of the person, `why` says how each was come by.
    """

    store: Store
    dataset: str  # URN
    dataset_path: Path
    path: Path
    rows: int
    categories: tuple[str, ...]
    relation: Relation
    why: tuple[str, ...]

    @property
    def order(self) -> tuple[str, Path, str]:
        return (self.dataset, self.path, self.relation)


@dataclass(frozen=True, slots=True)
class Receipt:
    """Who holds or received these fields, by which evidence."""

    recipient: str
    categories: tuple[str, ...]
    evidence: tuple[FlowEvidence, ...]


@dataclass(frozen=True, slots=True)
class NotSearched:
    """A dataset that was not looked at, or not wholly, and why."""

    dataset: str
    reason: str


@dataclass(frozen=True, slots=True)
class Hint:
    """A field of the person's own rows that holds an identifier which was not asked with."""

    dataset: str
    path: Path
    category: str


@dataclass(frozen=True, slots=True)
class Consulted:
    """What the index said of a dataset: its blocks and bytes, those read, and those that it did not know."""

    dataset: str
    blocks: int
    read: int
    bytes: int
    bytes_read: int
    unknown: int = 0
    told: str = ""  # why more was read than the index asked for


@dataclass(frozen=True, slots=True)
class Answer:
    """All of it; `searched` are URNs of datasets that were looked at to their ends."""

    places: tuple[Place, ...]
    recipients: tuple[Receipt, ...] = ()
    searched: tuple[str, ...] = ()
    not_searched: tuple[NotSearched, ...] = ()
    consulted: tuple[Consulted, ...] = ()
    hints: tuple[Hint, ...] = ()

    @property
    def rows(self) -> int:
        return sum(place.rows for place in self.places)


@dataclass(slots=True)
class Ledger:
    """What was looked at, filled in while looking."""

    searched: list[str] = field(default_factory=list)
    gaps: dict[str, list[str]] = field(default_factory=dict)
    consulted: dict[str, Consulted] = field(default_factory=dict)

    def gap(self, dataset: str, reason: str) -> None:
        reasons = self.gaps.setdefault(dataset, [])
        if reason not in reasons:
            reasons.append(reason)

    def consult(self, one: Consulted) -> None:
        """Adds what was read of a dataset to what was read of it before."""
        old = self.consulted.get(one.dataset)
        if old is not None:
            read, size = old.read + one.read, old.bytes_read + one.bytes_read
            one = replace(one, read=read, bytes_read=size, told=old.told or one.told)
        self.consulted[one.dataset] = one

    def not_searched(self) -> tuple[NotSearched, ...]:
        return tuple(NotSearched(urn, "; ".join(reasons)) for urn, reasons in sorted(self.gaps.items()))

    def whole(self) -> tuple[str, ...]:
        return tuple(sorted(set(self.searched) - set(self.gaps)))
