"""The coverage ledger: what one shard and one dataset amount to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import reduce

from ..core.inventory import Coverage, CoverageState
from ..core.model import Dataset
from ..detect.hits import LEFT
from .reading import ShardResult

_WORST: tuple[CoverageState, ...] = ("empty", "scanned", "sampled", "skipped", "changed", "failed")


def of_listing(dataset: Dataset) -> Coverage | None:
    """The coverage of a dataset that is listed but not read, None for one to be read."""
    if not dataset.skip:
        return None
    return Coverage(dataset.urn, "skipped", reason=dataset.skip, planned=dataset.planned)


def of_shard(urn: str, result: ShardResult) -> Coverage:
    """What was seen of one shard, with everything that its reader had to say."""
    reasons = [note.reason for note in result.notes if note.reason]
    lost = sum(note.lost for note in result.notes)
    totals = [note.total for note in result.notes if note.total is not None]
    state: CoverageState = "scanned" if result.rows else "empty"
    if any(note.sampled for note in result.notes):
        state = "sampled"
    if any(LEFT in profile.hits for profile in result.profiles.values()):
        state = "sampled"
        reasons.append("of its texts a sample was read for names")
    if any(note.changed for note in result.notes):
        state = "changed"
        reasons.append("it was changed while it was read")
    if result.error or lost:
        state = "failed"
    if result.error:
        reasons.insert(0, result.error)
    if lost and not any(note.reason for note in result.notes if note.lost):
        reasons.append(f"{lost} rows could not be read")
    total = max(totals) if totals else None
    return Coverage(urn, state, result.rows, result.bytes, total, "; ".join(dict.fromkeys(reasons)))


def combine(left: Coverage, right: Coverage) -> Coverage:
    """Two parts of one dataset: counts add up, the worse state stays. Order does not matter."""
    state = max(left.state, right.state, key=_WORST.index)
    reasons = sorted({*left.reason.split("; "), *right.reason.split("; ")} - {""})
    totals = [part.total for part in (left, right) if part.total is not None]
    return Coverage(
        left.dataset,
        state,
        left.rows + right.rows,
        left.bytes + right.bytes,
        max(totals) if totals else None,
        "; ".join(reasons),
        left.planned and right.planned,
    )


def of_parts(parts: Sequence[Coverage], expected: int) -> Coverage:
    """A dataset's coverage from the parts that are done; an unfinished one is `failed`."""
    whole = reduce(combine, parts)
    if len(parts) >= expected:
        return whole
    reason = f"unfinished: {len(parts)} of {expected} parts were read"
    reasons = "; ".join(filter(None, (reason, whole.reason)))
    return Coverage(whole.dataset, "failed", whole.rows, whole.bytes, whole.total, reasons)


def cut(coverage: Coverage, why: str) -> Coverage:
    """A dataset of which parts were left out for `why`: what was read of it is a sample."""
    state: CoverageState = "sampled" if coverage.state in ("scanned", "empty") else coverage.state
    return replace(coverage.because(why), state=state)


def missed(coverage: Iterable[Coverage]) -> int:
    return sum(1 for part in coverage if part.missed)
