"""What changed between two runs: datasets, categories of fields, flows, coverage."""

from __future__ import annotations

from collections.abc import Iterator

from ..core.inventory import Inventory


def _facts(inventory: Inventory) -> dict[str, set[str]]:
    label = inventory.taxonomy.label
    return {
        "dataset": {dataset.urn for dataset in inventory.datasets},
        "category": {
            f"{d.field}  {d.category} ({label(d.category)}, {d.verdict})" for d in inventory.detections
        },
        "flow": {f"{f.field} → {f.recipient}  {f.category} ({f.status})" for f in inventory.flows},
        "coverage": {f"{c.dataset}  {c.state}" for c in inventory.coverage},
    }


def lines(old: Inventory, new: Inventory) -> Iterator[str]:
    """`+` or `-`, the kind of fact and the fact; sorted within each kind."""
    before, after = _facts(old), _facts(new)
    for kind, facts in after.items():
        yield from (f"- {kind}: {fact}" for fact in sorted(before[kind] - facts))
        yield from (f"+ {kind}: {fact}" for fact in sorted(facts - before[kind]))
