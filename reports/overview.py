"""The three answers at a glance: what is held, who receives it, what was not looked at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pii_scan.core import urn as urns
from pii_scan.core.finding import DisclosureClass
from pii_scan.core.inventory import Coverage, Inventory
from pii_scan.core.lineage import UNKNOWN, Flow, FlowStatus, Processor

from . import ranking
from .wording import count


@dataclass(frozen=True, slots=True)
class Holding:
    """One family of categories that was found, such as `user.contact`, with the exact ones in it.

    `special` counts the fields with special categories (GDPR articles 9 and 10).
    """

    key: str
    label: str
    categories: tuple[str, ...]
    fields: int
    datasets: int
    special: int


@dataclass(frozen=True, slots=True)
class Receiver:
    """One recipient with what reaches it. `declared` is None where nothing is declared at all."""

    processor: Processor
    declared: bool | None
    categories: tuple[str, ...]
    fields: int
    status: FlowStatus | None
    worst: DisclosureClass | None
    evidence: int

    @property
    def observed(self) -> bool:
        return self.status is not None and self.status != "declared only"


def holdings(inventory: Inventory) -> list[Holding]:
    """What personal data is held, special categories first, then by the number of fields."""
    grouped: dict[str, dict[str, set[str]]] = {}
    for detection in inventory.detections:
        family = grouped.setdefault(inventory.taxonomy.top(detection.category), {})
        family.setdefault(detection.category, set()).add(detection.field)
    found = [_holding(inventory, key, family) for key, family in grouped.items()]
    return sorted(found, key=lambda h: (h.special == 0, -h.fields, h.key))


def _holding(inventory: Inventory, key: str, family: dict[str, set[str]]) -> Holding:
    fields = set().union(*family.values())
    return Holding(
        key=key,
        label=inventory.taxonomy.label(key),
        categories=tuple(sorted(family, key=lambda c: (-len(family[c]), c))),
        fields=len(fields),
        datasets=len({urns.dataset_of(field) for field in fields}),
        special=len(set().union(*(f for c, f in family.items() if inventory.taxonomy.is_special(c)))),
    )


def receivers(inventory: Inventory) -> list[Receiver]:
    """Every recipient that was observed or declared: undeclared first, then by fields."""
    flows: dict[str, list[Flow]] = {}
    for flow in inventory.flows:
        flows.setdefault(flow.recipient, []).append(flow)
    classes: dict[str, list[DisclosureClass]] = {}
    for disclosure in inventory.disclosures:
        classes.setdefault(disclosure.recipient, []).append(disclosure.cls)
    declared = {r.id for r in inventory.declaration.recipients} if inventory.declaration else set()
    found = [
        _receiver(inventory, name, flows.get(name, []), classes.get(name, ()), declared)
        for name in {*flows, *declared}
    ]
    return sorted(found, key=lambda r: (r.declared is not False, -r.fields, r.processor.id))


def _receiver(
    inventory: Inventory,
    name: str,
    flows: list[Flow],
    classes: Iterable[DisclosureClass],
    declared: set[str],
) -> Receiver:
    real = [f for f in flows if f.status != "declared only"]
    return Receiver(
        processor=inventory.processor(name) or Processor(name, _unnamed(name)),
        declared=name in declared if inventory.declaration else None,
        categories=tuple(sorted({f.category for f in real if f.category})),
        fields=len({f.field for f in real}),
        status=ranking.surest(f.status for f in flows),
        worst=ranking.worst(classes),
        evidence=sum(len(f.evidence) for f in real),
    )


def _unnamed(name: str) -> str:
    return "Recipient not identified" if name == UNKNOWN else name


def gaps(inventory: Inventory) -> list[Coverage]:
    """What was not looked at though it should have been."""
    return sorted((c for c in inventory.coverage if c.missed), key=lambda c: (c.state, c.dataset))


def sampled(inventory: Inventory) -> list[Coverage]:
    """What was looked at in part, by plan; the smallest sample (so the largest bound) first."""
    return sorted((c for c in inventory.coverage if c.state == "sampled"), key=lambda c: (c.rows, c.dataset))


def kinds(inventory: Inventory) -> dict[str, str]:
    """The kind of each dataset by its URN."""
    return {dataset.urn: dataset.kind for dataset in inventory.datasets}


def suppressed(inventory: Inventory) -> list[str]:
    """How many detections the user's decisions leave out; nothing if none."""
    hidden = len(inventory.suppressed)
    return [f"{count(hidden, 'detection')} suppressed by decision"] if hidden else []


def aside(inventory: Inventory) -> list[str]:
    """How many findings fail nothing, and why; nothing if none."""
    accepted, known = len(inventory.accepted), len(inventory.known)
    told = [f"{count(accepted, 'finding')} accepted"] if accepted else []
    return told + ([f"{count(known, 'finding')} known from the baseline"] if known else [])
