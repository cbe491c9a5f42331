"""The inventory: an immutable snapshot of one run, the one argument of checks and reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from .category import Taxonomy
from .cohort import Roll, Tally
from .decision import Standing, Suppressed
from .declaration import Declaration
from .detection import Detection
from .finding import ClaimVerdict, Disclosure, Finding
from .lineage import Flow, Link, Processor
from .mapping import Mapping as Mapped
from .model import Dataset, Field, Store
from .profile import Profile
from .query import Edge
from .register import Entry
from .setting import Setting

if TYPE_CHECKING:
    import pandas as pd

CoverageState = Literal["scanned", "sampled", "skipped", "failed", "empty", "changed"]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What happened to one object: "not looked" is never taken for "clean".

    `rows` and `bytes` were seen; `total` is the number of rows it has, where known; `planned` marks
    a skip that loses nothing (a view whose tables are read, an exclusion that the user wrote).
    """

    dataset: str
    state: CoverageState
    rows: int = 0
    bytes: int = 0
    total: int | None = None
    reason: str = ""
    planned: bool = False

    def because(self, reason: str) -> Coverage:
        """The same with a further reason, unless it is among them already."""
        reasons = dict.fromkeys(filter(None, (*self.reason.split("; "), reason)))
        return replace(self, reason="; ".join(reasons))

    @property
    def missed(self) -> bool:
        """True if something was not looked at that should have been: exit code 3."""
        return self.state in ("failed", "changed") or (self.state == "skipped" and not self.planned)


@dataclass(frozen=True, slots=True)
class ScanRun:
    """One run: `as_of` (ISO date) is the clock of every age, so that reports need none.

    `detector` is the fingerprint of the rules and weights that it used.
    """

    id: str
    started: str
    as_of: str
    mode: str = "sample"
    seed: int = 0
    version: str = ""
    finished: str = ""
    state: Literal["running", "complete", "interrupted"] = "running"
    detector: str = ""


@dataclass(frozen=True, slots=True)
class Inventory:
    """Everything known after a run. Nothing in here can hold a raw value.

    `detections` are those that count: what the user suppressed is in `suppressed` alone.
    """

    run: ScanRun
    taxonomy: Taxonomy = field(repr=False)
    stores: tuple[Store, ...] = ()
    datasets: tuple[Dataset, ...] = ()
    fields: tuple[Field, ...] = ()
    profiles: Mapping[str, Profile] = field(default_factory=dict, repr=False)
    detections: tuple[Detection, ...] = ()
    processors: tuple[Processor, ...] = ()
    flows: tuple[Flow, ...] = ()
    declaration: Declaration | None = None
    disclosures: tuple[Disclosure, ...] = ()
    findings: tuple[Finding, ...] = ()
    claims: tuple[ClaimVerdict, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    decisions: tuple[Standing, ...] = ()
    settings: tuple[Setting, ...] = ()
    entries: tuple[Entry, ...] = ()
    edges: tuple[Edge, ...] = ()
    mappings: tuple[Mapped, ...] = ()
    links: tuple[Link, ...] = ()
    rolls: tuple[Roll, ...] = ()
    tallies: tuple[Tally, ...] = ()

    @property
    def complete(self) -> bool:
        return not any(c.missed for c in self.coverage)

    def coverage_counts(self) -> dict[str, int]:
        return dict(sorted(Counter(c.state for c in self.coverage).items()))

    def by_field(self) -> dict[str, tuple[Detection, ...]]:
        """Detections by field URN, the surest first."""
        grouped: dict[str, list[Detection]] = {}
        for detection in self.detections:
            grouped.setdefault(detection.field, []).append(detection)
        return {k: tuple(sorted(v, key=lambda d: (-d.confidence, d.category))) for k, v in grouped.items()}

    def processor(self, recipient_id: str) -> Processor | None:
        """The recipient as declared, else as we know it."""
        declared = self.declaration.recipient(recipient_id) if self.declaration else None
        if declared:
            return declared.processor
        return next((p for p in self.processors if p.id == recipient_id), None)

    def frame(self) -> pd.DataFrame:
        """One row a detection, as pandas; the columns are those named below."""
        import pandas as pd

        from . import urn as urns

        rows = []
        for d in self.detections:
            store, dataset, path = urns.split(d.field)
            rows.append(
                (
                    store,
                    "/".join(dataset),
                    "/".join(path),
                    d.category,
                    d.verdict,
                    d.confidence,
                    d.share,
                    d.count,
                )
            )
        columns = ["store", "dataset", "field", "category", "verdict", "confidence", "share", "count"]
        return pd.DataFrame(rows, columns=columns)
