"""A name in one text: it counts among few texts, and may be a mistake among many."""

from __future__ import annotations

import pyarrow as pa
import pytest

from pii_scan.core.keyed import Key
from pii_scan.core.model import LOCATOR, Batch, Dataset, Store
from pii_scan.data import known
from pii_scan.data.load import taxonomy
from pii_scan.detect.engine import Engine

NAMED = "Dear Ann Holm, your flat is ready and the keys are at the desk."
PLAIN = "The flat number {} is ready and the keys are at the desk downstairs."


@pytest.mark.parametrize(("others", "told"), [(0, True), (4, True), (40, False)])
def test_one_name(others: int, told: bool) -> None:
    engine = Engine(taxonomy(), known.processors(), Key(bytes(32)))
    texts = [NAMED, *(PLAIN.format(n) for n in range(others))]
    columns = [pa.array(texts, pa.string()), pa.array(range(1, len(texts) + 1), pa.int64())]
    dataset = Dataset(Store("files", "drop"), ("letter.pdf",), "file")
    batch = Batch(dataset, pa.RecordBatch.from_arrays(columns, names=["0", LOCATOR]), (("text",),))
    _, detections = engine.decide(dataset, engine.profile(batch))
    assert ("user.name" in {d.category for d in detections}) == told
