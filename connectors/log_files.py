"""Gathers the files of a walk into logs, and divides a log into shards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from pii_scan.core.cursor import Part
from pii_scan.core.model import Dataset, Plan, Shard

from .content import Entry
from .cutting import divisible, pieces
from .formats import bare, looks_like_log
from .log_names import log_of
from .log_sets import Member
from .walk import Found

Path = tuple[str, ...]
_EXPANDS: Final = 8  # times that a compressed log is expected to grow


@dataclass(slots=True)
class LogFiles:
    """The logs of a walk; with `all_` every plain file may be a part of one."""

    all_: bool
    is_gone: Callable[[str], bool]
    _found: dict[Path, list[Entry]] = field(default_factory=dict)
    _taken: set[Path] = field(default_factory=set)
    _paths: dict[Path, str] = field(default_factory=dict)

    def gone(self, found: Found) -> bool:
        """True for a file that was renamed while the folder was listed: its log has it under another name."""
        name = found.parts[-1]
        if not found.skip or not self.is_gone(found.path) or not (self.all_ or looks_like_log(name)):
            return False
        entry = Entry(found.parts, "gone", skip=found.skip)
        self._found.setdefault((*found.parts[:-1], log_of(name)), []).append(entry)
        self._paths[found.parts] = found.path
        return True

    def take(self, found: Found, entry: Entry) -> bool:
        """True if the entry is kept here: a log on disk, or what may belong to one."""
        name = entry.path[-1]
        maybe = entry.kind in ("empty", "text") and (self.all_ or looks_like_log(name))
        if entry.path != found.parts or not (entry.kind == "log" or maybe):
            self._taken.add(entry.path)
            return False
        self._paths[entry.path] = found.path
        self._found.setdefault((*entry.path[:-1], log_of(name)), []).append(entry)
        return True

    def others(self) -> Iterator[Entry]:
        """What was taken and turns out to be no part of a log."""
        for entries in self._found.values():
            names = {entry.path[-1] for entry in entries if entry.kind == "log"}
            for entry in entries:
                if entry.kind != "log" and not self._belongs(entry, names):
                    self._taken.add(entry.path)
                    yield entry

    def _belongs(self, entry: Entry, names: set[str]) -> bool:
        """True for a log's file that is empty or was renamed, or is just being made by compression."""
        if entry.kind == "empty" or self.is_gone(self._paths[entry.path]):
            return bool(names)
        return bare(entry.path[-1]) in names - {entry.path[-1]}

    def sets(self) -> Iterator[tuple[Path, tuple[Entry, ...]]]:
        """Each log's path and files; the path is the log's own name, a lone file's, or the first free one."""
        for path, entries in self._found.items():
            logs = tuple(entry for entry in entries if entry.kind == "log")
            if not logs:
                continue
            alone = len(logs) == 1 and bare(logs[0].path[-1]) == path[-1]
            names = (*(() if alone else (path,)), *(entry.path for entry in logs))
            yield next((name for name in names if name not in self._taken), path), logs


def log_shards(
    dataset: Dataset,
    plan: Plan,
    members: Sequence[Member],
    size: int,
    starts: Mapping[Part, int | None] | None = None,
) -> tuple[Shard, ...]:
    """A shard for each part of a log, several for one of twice `size` bytes or more in full mode.

    A sample's rows and bytes are shared out by size. `starts` says where to go on reading; None: nowhere.
    """
    parts = [
        (member, share, piece)
        for member, share in zip(members, _shares(plan, members), strict=True)
        for piece in _pieces(member, plan, size, (starts or {}).get(member.part, 0))
    ]
    return tuple(
        Shard(dataset, share, index, len(parts), start, stop, str(member.part))
        for index, (member, share, (start, stop)) in enumerate(parts)
    )


def _pieces(member: Member, plan: Plan, size: int, start: int | None) -> list[tuple[int, int | None]]:
    if start is None:
        return []
    if plan.mode != "full" or not divisible(member.content):
        return [(start, None)]
    return pieces(start, member.part.size, size)


def _shares(plan: Plan, members: Sequence[Member]) -> list[Plan]:
    """The plan for each member: rows and bytes of a sample by its share of the log's bytes."""
    if plan.mode != "sample" or len(members) < 2:
        return [plan] * len(members)
    weights = [m.part.size or _EXPANDS * max(1, len(m.content.head)) for m in members]
    total, rows, used = sum(weights), 0, 0
    shares = []
    for weight in weights:
        used += weight
        upto = plan.rows * used // total
        shares.append(replace(plan, rows=upto - rows, bytes=max(1, plan.bytes * weight // total)))
        rows = upto
    return shares
