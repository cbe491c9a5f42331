"""What changed in the flows from one run to another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..core.inventory import Inventory
from ..core.lineage import Flow
from ..core.urn import dataset_of, split


@dataclass(frozen=True, slots=True)
class Drift:
    """Flows that are new, gone, of another status (before, after), or not looked for this time."""

    gained: tuple[Flow, ...] = ()
    lost: tuple[Flow, ...] = ()
    changed: tuple[tuple[Flow, Flow], ...] = ()
    unseen: tuple[Flow, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.gained or self.lost or self.changed or self.unseen)


def drift(new: Inventory, old_flows: Iterable[Flow], new_flows: Iterable[Flow]) -> Drift:
    """The differences; a flow from a place that `new` did not look at is unseen, not lost."""
    before = {(f.field, f.recipient, f.category): f for f in old_flows}
    after = {(f.field, f.recipient, f.category): f for f in new_flows}
    gone = [before[key] for key in sorted(before.keys() - after.keys())]
    both = [(before[key], after[key]) for key in sorted(before.keys() & after.keys())]
    looked = _Looked(new)
    return Drift(
        gained=tuple(after[key] for key in sorted(after.keys() - before.keys())),
        lost=tuple(flow for flow in gone if looked.at(flow)),
        changed=tuple((old, now) for old, now in both if old.status != now.status),
        unseen=tuple(flow for flow in gone if not looked.at(flow)),
    )


class _Looked:
    """What a run looked at: a dataset that it lists no more is gone, one that it could not read is not."""

    def __init__(self, inventory: Inventory) -> None:
        missed = {c.dataset for c in inventory.coverage if c.missed}
        self._stores = {store.urn for store in inventory.stores} - missed
        self._stores |= {dataset.store.urn for dataset in inventory.datasets} - missed
        self._missed = missed

    def at(self, flow: Flow) -> bool:
        if not flow.field:
            return True
        return dataset_of(flow.field) not in self._missed and split(flow.field)[0] in self._stores
