"""The small pieces of files and logs that an index of look-ups tells apart, each with its state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pii_scan.core.model import Dataset, Plan, Shard
from pii_scan.core.ports import Block

from .content import Content
from .cutting import divisible, pieces
from .log_sets import HEAD, Member, digest
from .opening import Stamp

BLOCK_BYTES: Final = 1 << 20
_MOST: Final = 100_000  # of one file
_FULL: Final = Plan(mode="full")


def of_log(dataset: Dataset, members: Sequence[Member]) -> tuple[Block, ...]:
    """The blocks of each part; a compressed part is one. Renaming a part changes none of them."""
    found = [(member, start, stop) for member in members for start, stop in _cut(member)]
    return tuple(
        Block(
            Shard(dataset, _FULL, index, len(found), start, stop, str(member.part)),
            f"{member.part}:{member.state if member.fixed else member.state.partition(':')[0]}",
            (member.part.size if stop is None else stop) - start,
        )
        for index, (member, start, stop) in enumerate(found)
    )


def _cut(member: Member) -> list[tuple[int, int | None]]:
    if not divisible(member.content):
        return [(0, None)]
    return pieces(0, member.part.size, BLOCK_BYTES, _MOST)


def of_file(dataset: Dataset, stamp: Stamp, content: Content | None) -> tuple[Block, ...]:
    """The blocks of a file; one for the whole if there is no `content` of which lines can be found."""
    head = digest(content.head[:HEAD]) if content else ""
    state = f"{stamp.device}:{stamp.inode}:{stamp.size}:{stamp.modified}:{head}"
    places = pieces(0, stamp.size, BLOCK_BYTES, _MOST) if content and divisible(content) else [(0, None)]
    return tuple(
        Block(
            Shard(dataset, _FULL, index, len(places), start, stop),
            state,
            (stamp.size if stop is None else stop) - start,
        )
        for index, (start, stop) in enumerate(places)
    )
