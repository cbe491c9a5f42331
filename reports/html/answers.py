"""The first screen: what is held, who receives it, does it match what is declared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pii_scan.core import urn as urns
from pii_scan.core.finding import Finding
from pii_scan.core.inventory import Inventory

from .. import overview, ranking
from ..overview import Holding, Receiver
from .cutting import Cut, cut_at

TILES: Final = 200
RECEIVERS: Final = 200
TOP: Final = 6


@dataclass(frozen=True, slots=True)
class Group:
    """The findings of one check: the gravest of them, and how many there are."""

    gravest: Finding
    count: int


@dataclass(frozen=True, slots=True)
class Answers:
    """The figures of the first screen; counts by severity and verdict include the zeros."""

    fields: int
    datasets: int
    stores: int
    special: int
    holdings: Cut[Holding]
    receivers: Cut[Receiver]
    observed: int
    undeclared: int
    severities: tuple[tuple[str, int], ...]
    verdicts: tuple[tuple[str, int], ...]
    top: Cut[Group]
    missed: int
    suppressed: str
    aside: str


def answers(inventory: Inventory) -> Answers:
    fields = {d.field for d in inventory.detections}
    datasets = {urns.dataset_of(field) for field in fields}
    taxonomy = inventory.taxonomy
    receivers = overview.receivers(inventory)
    ranked = ranking.findings(inventory.findings)
    return Answers(
        fields=len(fields),
        datasets=len(datasets),
        stores=len({d.partition("://")[2].partition("/")[0] for d in datasets}),
        special=len({d.field for d in inventory.detections if taxonomy.is_special(d.category)}),
        holdings=cut_at(overview.holdings(inventory), TILES),
        receivers=cut_at(receivers, RECEIVERS),
        observed=sum(r.observed for r in receivers),
        undeclared=sum(r.observed and r.declared is False for r in receivers),
        severities=tuple(ranking.severities(ranked).items()),
        verdicts=tuple(ranking.verdicts(inventory.claims).items()),
        top=cut_at(_groups(ranked), TOP),
        missed=len(overview.gaps(inventory)),
        suppressed="".join(overview.suppressed(inventory)),
        aside="; ".join(overview.aside(inventory)),
    )


def _groups(ranked: Sequence[Finding]) -> list[Group]:
    """One a check, in the order of their gravest findings."""
    counted = Counter(finding.check for finding in ranked)
    gravest: dict[str, Finding] = {}
    for finding in ranked:
        gravest.setdefault(finding.check, finding)
    return [Group(finding, counted[check]) for check, finding in gravest.items()]
