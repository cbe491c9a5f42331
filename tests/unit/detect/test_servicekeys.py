"""Keys of services: the examples of the data file, and what an engine counts of a column."""

from __future__ import annotations

import re

import pyarrow as pa
import pytest

from pii_scan.core.keyed import Key
from pii_scan.core.model import LOCATOR, Batch, Dataset, Field, Store
from pii_scan.core.recipients import Recipients
from pii_scan.data import known, load
from pii_scan.detect.engine import Engine
from pii_scan.detect.rulecheck import example
from pii_scan.detect.servicekeys import edged
from pii_scan.lineage.egress import Outlook, flows

RECORDS = load.read("keys.yaml")["keys"]


@pytest.mark.parametrize("record", RECORDS, ids=[record["recipient"] for record in RECORDS])
def test_a_key_is_told_from_what_looks_like_it(record):
    pattern = re.compile(edged(record["regex"]))
    assert record["recipient"] in {processor.id for processor in known.processors()}
    assert record["source"]
    for text in record["match"]:
        assert pattern.search(example(text)), text
        assert pattern.search(f'token="{example(text)}"'), text
        fits = [r["recipient"] for r in RECORDS if re.search(edged(r["regex"]), example(text))]
        assert fits == [record["recipient"]]
    assert not any(pattern.search(example(text)) for text in record["reject"])


def test_a_column_of_keys_is_an_integration_with_the_service():
    dataset = Dataset(Store("sqlite", "app"), ("main", "options"))
    dataset = dataset.with_fields(Field(dataset.urn, ("value",)))
    values = [
        "blue",
        example("SG.{22}.{43}"),
        "12",
        f"Bearer {example('xoxb-{24}')}",
        example("SG.{22}.{43}"),
    ]
    table = pa.RecordBatch.from_pydict({"value": values, LOCATOR: pa.array(range(5), pa.int64())})
    engine = Engine(load.taxonomy(), known.processors(), Key(bytes(32)))
    profile = engine.profile(Batch(dataset, table, (("value",),), 1))[("value",)]
    assert profile.contacts == {"key:sendgrid": 2, "key:slack": 1}
    outlook = Outlook(dataset, dataset.fields, {dataset.fields[0].urn: profile}, {})
    told = {(f.recipient, f.category, f.status) for f in flows(outlook, Recipients(None, known.processors()))}
    assert told == {("sendgrid", "", "configured"), ("slack", "", "configured")}
