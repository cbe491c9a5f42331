"""What a scan does with one dataset: reads it through its connector and profiles every batch."""

from __future__ import annotations

from pii_scan.core.model import Batch, Plan
from pii_scan.core.ports import Connector
from pii_scan.detect.engine import Engine

FULL = Plan(mode="full", batch_rows=50_000)


def scan(connector: Connector, engine: Engine, name: str, plan: Plan = FULL) -> int:
    """Reads the dataset with this name and profiles it; the number of rows."""
    rows = 0
    for dataset in connector.datasets():
        if dataset.name == name:
            for shard in connector.shards(dataset, plan):
                for item in connector.read(shard):
                    if isinstance(item, Batch):
                        rows += item.table.num_rows
                        engine.profile(item)
    return rows
