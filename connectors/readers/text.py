"""Plain text: one column, a line a row."""

from __future__ import annotations

from collections.abc import Iterator

from pii_scan.core.model import Batch, Note, Shard

from ..content import Content
from ..encoding import decode
from .batching import batched_texts
from .lines import Counts, Lines
from .selection import Held, Sample


def read(content: Content, shard: Shard, counts: Counts) -> Iterator[Batch | Note]:
    """The column `text`; raises SourceError where the file is cut, after what came before."""
    lines = Lines(content, shard, counts)
    held = Held(lines)
    sample: Sample[bytes] = Sample(shard.plan, len)
    filled = ((n, line) for n, line in held if line.strip())
    texts = ((n, decode(line, content.format.encoding).rstrip("\r\n")) for n, line in sample.pick(filled))
    yield from batched_texts(shard.dataset, ("text",), texts, shard.plan.batch_rows)
    sample.partial = lines.partial
    yield from sample.notes()
    held.finish(sample, "lines")
