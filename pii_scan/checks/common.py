"""What several checks need: names for people, severities, the detections that count."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from ..core.category import Taxonomy
from ..core.declaration import SEVERITIES, Claim, Severity
from ..core.detection import Detection
from ..core.inventory import Inventory
from ..core.model import Dataset
from ..core.urn import dataset_of

#: A detection less sure than this makes no finding.
SURE = 0.5
GOVERNMENT_ID = "user.government_id"
CARD = "user.financial.credit_card"
BANK = "user.financial.bank_account"


def highest(*severities: Severity) -> Severity:
    return max(severities, key=SEVERITIES.index)


def raised(taxonomy: Taxonomy, category: str, base: Severity) -> Severity:
    """The severity with regard to the category: special ones critical, ids, cards and accounts high."""
    if taxonomy.is_special(category):
        return "critical"
    if any(taxonomy.subsumes(grave, category) for grave in (GOVERNMENT_ID, CARD, BANK)):
        return highest(base, "high")
    return base


def claims(inventory: Inventory, *kinds: str) -> Iterator[Claim]:
    """The declared claims of some kinds, in their order; none without a declared list."""
    for claim in inventory.declaration.claims if inventory.declaration else ():
        if claim.kind in kinds:
            yield claim


def complete_list(inventory: Inventory) -> str:
    """The id of the claim that nothing else is collected (kind `collect` without data), if one says so."""
    return next((found.id for found in claims(inventory, "collect") if not found.data), "")


def claim(inventory: Inventory, claim_id: str) -> Claim | None:
    return next((c for c in claims(inventory, *_ALL) if c.id == claim_id), None)


_ALL = ("collect", "allow_share", "prohibit", "locate", "secure", "retain", "right", "notify", "purpose")


def named(inventory: Inventory, recipient: str) -> str:
    """A recipient as people know it."""
    processor = inventory.processor(recipient)
    return processor.name if processor else f"'{recipient}'"


def speaking(detection: Detection) -> tuple[str, ...]:
    """The evidence that speaks for a detection, a line each."""
    return tuple(f"{e.detector}: {e.detail}" for e in detection.evidence if e.weight > 0)


def labels(inventory: Inventory, categories: Iterable[str]) -> str:
    return ", ".join(inventory.taxonomy.label(key) for key in sorted(set(categories)))


def datasets(inventory: Inventory) -> dict[str, Dataset]:
    return {dataset.urn: dataset for dataset in inventory.datasets}


def sure(inventory: Inventory) -> Iterator[Detection]:
    """Detections that count, in a stable order."""
    for detection in sorted(inventory.detections, key=lambda d: (d.field, d.category, d.verdict)):
        if detection.confidence >= SURE:
            yield detection


def covered_by(inventory: Inventory, claim: Claim, category: str) -> bool:
    """True if one of the claim's categories subsumes this one."""
    return any(inventory.taxonomy.subsumes(key, category) for key in claim.categories)


def holding(inventory: Inventory, claim: Claim) -> set[str]:
    """The datasets in which a category of the claim was seen."""
    return {dataset_of(d.field) for d in sure(inventory) if covered_by(inventory, claim, d.category)}


def personal(inventory: Inventory) -> set[str]:
    """The datasets in which personal data was seen."""
    return {dataset_of(d.field) for d in sure(inventory) if inventory.taxonomy.is_personal(d.category)}


def repeats(detection: Detection, told: Container[tuple[str, str]]) -> bool:
    """True for a value inside a value that is told of already: the number in the query of a URL."""
    above = detection.field
    while "#" in above:
        above = above.rpartition("/" if "/" in above.partition("#")[2] else "#")[0]
        if (above, detection.category) in told:
            return True
    return False
