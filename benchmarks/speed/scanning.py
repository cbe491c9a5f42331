"""What a scan does with one dataset: reads it through its connector and profiles every batch."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Any

from pii_scan import plugins
from pii_scan.core.model import Batch, Plan
from pii_scan.core.ports import Connector

FULL = Plan(mode="full")


def connected(name: str, target: str) -> closing[Any]:
    """The connector of this name, open on a target as the command line takes it; closed at the end."""
    kind = plugins.get("connectors", name)
    return closing(kind.open(kind.config(**kind.config_of(target))))


def scan(connector: Connector, name: str, use: Callable[[Batch], object], plan: Plan = FULL) -> int:
    """Reads the dataset with this name and gives each batch to `use`; the number of rows."""
    rows = 0
    for dataset in connector.datasets():
        if dataset.name == name:
            for shard in connector.shards(dataset, plan):
                for item in connector.read(shard):
                    if isinstance(item, Batch):
                        rows += item.table.num_rows
                        use(item)
    return rows
