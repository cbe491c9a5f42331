"""Applies the user's decisions to verdicts: overrides first, then suppressions of what they left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from ..core.decision import NONE, Decision, Suppressed
from ..core.detection import Detection, Evidence
from ..core.globs import divided, fits, holds, path_fits
from ..core.model import Dataset, Field

Verdicts = dict[str, list[Detection]]
#: The log-odds of a person's word: with the prior it outweighs every evidence.
LABEL: Final = 10.0
#: As sure as any verdict gets.
SURE: Final = 0.999


@dataclass(frozen=True, slots=True)
class Reach:
    """The fields that a decision concerns and the detector's own verdicts on them that it speaks of."""

    fields: tuple[Field, ...] = ()
    detections: tuple[Detection, ...] = ()


@dataclass(frozen=True, slots=True)
class Decided:
    """What counts after the decisions, what they suppressed, and the reach of each by its id."""

    detections: tuple[Detection, ...]
    suppressed: tuple[Suppressed, ...] = ()
    reach: Mapping[str, Reach] = field(default_factory=dict)


def decide(
    decisions: Sequence[Decision],
    datasets: Iterable[Dataset],
    fields: Iterable[Field],
    detections: Sequence[Detection],
    today: date,
) -> Decided:
    """The verdicts after the decisions that are in force on `today`; names as globs see them."""
    if not decisions:
        return Decided(tuple(detections))
    places = _Places.of(datasets, fields)
    found: Verdicts = {}
    for detection in detections:
        found.setdefault(detection.field, []).append(detection)
    forced = [d for d in decisions if not d.expired(today) and not d.pending(today)]
    reach: dict[str, Reach] = {}
    _override_all([d for d in forced if d.kind == "override"], places, found, reach)
    taken = _suppress_all([d for d in forced if d.kind == "suppress"], places, found, reach)
    kept = sorted((d for own in found.values() for d in own), key=_order)
    return Decided(tuple(kept), tuple(sorted(taken, key=lambda s: _order(s.detection))), reach)


def _order(detection: Detection) -> tuple[str, str, str]:
    return detection.field, detection.category, detection.verdict


def _override_all(
    decisions: Iterable[Decision], places: _Places, found: Verdicts, reach: dict[str, Reach]
) -> None:
    """Puts the user's word into `found`; of several overrides of a field the first decides."""
    claimed: set[str] = set()
    for decision in decisions:
        mine = _overridden(decision, places, found, claimed)
        reach[decision.id] = Reach(mine, tuple(d for f in mine for d in found.get(f.urn, ())))
        claimed.update(f.urn for f in mine)
        for chosen in mine:
            found[chosen.urn] = list(override(decision, chosen.urn, found.get(chosen.urn, ())))


def _suppress_all(
    decisions: Iterable[Decision], places: _Places, found: Verdicts, reach: dict[str, Reach]
) -> list[Suppressed]:
    """Takes what is suppressed out of `found`; of several suppressions of a detection the first counts."""
    taken: list[Suppressed] = []
    for decision in decisions:
        mine = places.fields(decision.match)
        hits = [d for f in mine for d in found.get(f.urn, ()) if suppresses(decision, d)]
        reach[decision.id] = Reach(tuple(mine), tuple(hits))
        taken += (Suppressed(d, decision) for d in hits)
        for urn in {d.field for d in hits}:
            found[urn] = [d for d in found[urn] if not suppresses(decision, d)]
    return taken


def _overridden(
    decision: Decision, places: _Places, found: Mapping[str, Sequence[Detection]], claimed: set[str]
) -> tuple[Field, ...]:
    """The fields that an override decides on: no earlier one does, and its detector spoke."""
    return tuple(
        f
        for f in places.fields(decision.match)
        if f.urn not in claimed and (not decision.detector or _spoke(decision, found.get(f.urn, ())))
    )


def _spoke(decision: Decision, detections: Iterable[Detection]) -> bool:
    """True if one of the detectors that the override names gave a verdict that it takes away."""
    return any(
        fits(name, decision.detector)
        for d in detections
        if d.verdict == "type" or any(fits(d.category, glob) for glob in decision.contains)
        for e in d.evidence
        for name in e.detector.split("+")
    )


def override(decision: Decision, field_urn: str, detections: Sequence[Detection]) -> Iterator[Detection]:
    """The verdicts on one field with the user's word in the place of the type verdict."""
    types = [d for d in detections if d.verdict == "type"]
    for detection in detections:
        same = detection.category == decision.category
        if detection.verdict == "contains" and not same and not _listed(decision, detection):
            yield detection
    if decision.category != NONE:
        yield _labelled(decision, field_urn, [*types, *detections])


def _listed(decision: Decision, detection: Detection) -> bool:
    return any(fits(detection.category, glob) for glob in decision.contains)


def _labelled(decision: Decision, field_urn: str, ranked: Sequence[Detection]) -> Detection:
    """The type verdict that the user gives, with the counts of the detector's own if it said the same."""
    category = decision.category
    label = Evidence("label", decision.id, category, LABEL, f"overridden by {decision.said}")
    own = next((d for d in ranked if d.category == category), None)
    if own is not None:
        return replace(own, verdict="type", confidence=SURE, evidence=(label, *own.evidence))
    other = next((d for d in ranked if d.verdict == "type"), None)
    said = f"{other.category} with confidence {other.confidence:.2f}" if other else "no type"
    detector = Evidence("label", decision.id, category, 0.0, f"the detector itself said {said}")
    return Detection(field_urn, category, "type", SURE, evidence=(label, detector))


def suppresses(decision: Decision, detection: Detection) -> bool:
    """True for a detection of the verdict and category that a suppression names."""
    return decision.verdict in ("both", detection.verdict) and fits(detection.category, decision.category)


@dataclass(frozen=True, slots=True)
class _Places:
    """Datasets with their fields, so that a glob looks at the fields of fitting datasets alone."""

    datasets: tuple[tuple[Dataset, tuple[Field, ...]], ...]

    @classmethod
    def of(cls, datasets: Iterable[Dataset], fields: Iterable[Field]) -> _Places:
        grouped: dict[str, list[Field]] = defaultdict(list)
        for one in fields:
            grouped[one.dataset].append(one)
        return cls(tuple((d, tuple(grouped.get(d.urn, ()))) for d in datasets))

    def fields(self, pattern: str) -> list[Field]:
        """The fields that fit `dataset#field`, or whose URN it is."""
        dataset, path = divided(pattern)
        return [
            f
            for place, fields in self.datasets
            if holds(place, dataset)
            for f in fields
            if path_fits(f.path, path) or f.urn == pattern
        ]
