"""No more than is needed: what recipients get, and what is kept for nothing."""

from __future__ import annotations

from collections.abc import Iterator

from ..core.declaration import Claim
from ..core.finding import Examined, Finding
from ..core.inventory import Inventory
from . import common
from .contracts import observed
from .promised import concluded, promised


def more_than_needed(inventory: Inventory, claim: Claim) -> Examined:
    """A recipient gets more than it needs, or a column for personal data is never filled.

    What it means: a declared recipient was seen to get a category that is under none of its `needs`;
    or every row that was read has nothing in a column whose name says that it is for personal data.

    What to do: leave the category out of what is sent, or add it to `needs` with a reason; drop the
    column.
    """
    declared = inventory.declaration.recipients if inventory.declaration else ()
    needs = {recipient.id: recipient.needs for recipient in declared}
    receiving = observed(inventory)
    judged = [name for name in receiving if needs.get(name)]
    if not judged:
        return Examined(because="no recipient with `needs` was seen to receive data", needs=("flows",))
    findings = []
    for recipient in judged:
        surplus = [
            c for c in sorted(receiving[recipient]) if c and not _needed(inventory, needs[recipient], c)
        ]
        findings += [_surplus(inventory, claim, recipient, category) for category in surplus]
    findings += _unused(inventory, claim)
    silent = [name for name in receiving if name in needs and not needs[name]]
    return concluded(findings, f"{len(judged)} recipients get what they need", silent, ("text",))


def _needed(inventory: Inventory, needs: tuple[str, ...], category: str) -> bool:
    """True for a category under one of the needs; what is not personal is no matter."""
    taxonomy = inventory.taxonomy
    return not taxonomy.is_personal(category) or any(taxonomy.subsumes(key, category) for key in needs)


def _surplus(inventory: Inventory, claim: Claim, recipient: str, category: str) -> Finding:
    label = inventory.taxonomy.label(category)
    message = f"{common.named(inventory, recipient)} receives {label}, which is none of its declared needs."
    severity = common.raised(inventory.taxonomy, category, claim.severity)
    return Finding("more-than-needed", severity, recipient, message, claim.id, recipient, category)


def _unused(inventory: Inventory, claim: Claim) -> Iterator[Finding]:
    """Columns of our own tables for personal data without a value in any row read."""
    tables = {d.urn for d in inventory.datasets if d.kind == "table"}
    told: set[str] = set()
    for detection in common.sure(inventory):
        profile = inventory.profiles.get(detection.field)
        dataset, _, nested = detection.field.partition("#")
        empty = profile is not None and profile.rows > 0 and not profile.values
        if not empty or dataset not in tables or "/" in nested or detection.field in told:
            continue
        told.add(detection.field)
        label = inventory.taxonomy.label(detection.category)
        message = f"{detection.field} is for {label} and empty in all rows that were read."
        yield Finding(
            "more-than-needed", "low", detection.field, message, claim.id, "", detection.category, "warn"
        )


MORE_THAN_NEEDED = promised("more-than-needed", "medium", "minimum", more_than_needed)
