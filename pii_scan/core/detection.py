"""What a field holds: the two verdicts, each with its evidence."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

#: The detector of evidence that a check looked at a sample of the values.
LIMITED: Final = "limit"
EvidenceKind = Literal["name", "pattern", "checksum", "people", "profile", "neighbour", "label"]
Verdict = Literal["type", "contains"]
#: How the values are kept; empty for plain ones, and where that is not known.
Protection = Literal["", "encrypted", "hashed", "password hash", "masked", "tokenised"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason, such as "412 of 500 values pass Luhn"; `detail` never quotes a value.

    `weight` is in log-odds (natural logarithm); negative speaks against the category.
    """

    kind: EvidenceKind
    detector: str
    category: str
    weight: float
    detail: str


@dataclass(frozen=True, slots=True)
class Detection:
    """A verdict on one field: it *is* of the category (`type`), or it *contains* some of it.

    `share` is the share of non-null rows with a hit, estimated where checks saw a sample of the values,
    `low` and `high` its 95% interval; `count` the rows with a validated hit that were seen; `places` a few
    row ordinals where; `protection` how the values of a field that is of the category are kept.
    """

    field: str
    category: str
    verdict: Verdict
    confidence: float
    share: float | None = None
    low: float | None = None
    high: float | None = None
    count: int = 0
    places: tuple[int, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    protection: Protection = ""

    @property
    def estimated(self) -> bool:
        """True if a check looked at a sample of the values: the count is then the least there are."""
        return any(evidence.detector == LIMITED for evidence in self.evidence)


def wilson(hits: float, total: float, z: float = 1.96) -> tuple[float, float]:
    """The Wilson score interval of a proportion (Wilson, 1927); (0, 1) without data."""
    if total <= 0:
        return 0.0, 1.0
    share = hits / total
    scale = 1 + z * z / total
    middle = (share + z * z / (2 * total)) / scale
    half = z / scale * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return max(0.0, middle - half), min(1.0, middle + half)


def unseen_bound(sampled: int, confidence: float = 0.95) -> float:
    """The largest share of rows that a sample without a hit may have missed.

    Exact binomial bound 1 - (1-c)^(1/n), about 3/n (the "rule of three").
    """
    if sampled <= 0:
        return 1.0
    return float(1 - (1 - confidence) ** (1 / sampled))
