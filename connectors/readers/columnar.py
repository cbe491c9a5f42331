"""Parquet, ORC, Arrow, Avro and the pages of PDF documents, through the child process.

Columns come as strings, nested ones as JSON text; of a document a row is a page.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from pii_scan.core.model import LOCATOR, Batch, Dataset, Note, Shard

from ..content import Content
from ..parser import Parser
from .naming import distinct


def read(content: Content, shard: Shard, parser: Parser) -> Iterator[Batch | Note]:
    """Raises SourceError for a file that can't be read, after what came before."""
    plan = shard.plan
    request = {
        "sample": plan.mode == "sample",
        "rows": plan.rows,
        "bytes": plan.bytes,
        "seed": plan.seed,
        "batch": plan.batch_rows,
    }
    names: tuple[str, ...] = ()
    facts: dict[str, Any] = {}
    for item in parser.columns(content.format.detail or content.format.kind, content.blob.seekable, request):
        if isinstance(item, dict):
            facts |= item
            names = _names(facts["names"])
        else:
            yield _batch(shard.dataset, names, item)
            del item  # nothing here holds it while the next is read
    if facts.get("sampled"):
        yield Note(sampled=True, total=facts["total"])
    if facts.get("blank"):
        yield Note(
            f"no text on {facts['blank']} of {facts['total']} pages: pictures are not read", facts["blank"]
        )


def _names(names: list[str]) -> tuple[str, ...]:
    """Field names from those of the columns, which may repeat or be empty."""
    return distinct([name or f"column_{position}" for position, name in enumerate(names, 1)])


def _batch(dataset: Dataset, names: tuple[str, ...], table: pa.RecordBatch) -> Batch:
    """Names the columns by position; the last column is the locator."""
    labels = [str(index) for index in range(len(names))]
    renamed = pa.RecordBatch.from_arrays(table.columns, names=[*labels, LOCATOR])
    return Batch(dataset, renamed, tuple((name,) for name in names), table.nbytes)
