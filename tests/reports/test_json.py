from __future__ import annotations

import json
import random
from dataclasses import replace

import pytest

from pii_scan.core.model import Store
from reports.json import canonical, check_document, inventory_document

from . import crowds, factory
from .writing import naughty, validator, written

CASES = (factory.company, factory.empty, factory.undeclared, lambda: crowds.hostile(naughty()))


@pytest.mark.parametrize("make", CASES)
@pytest.mark.parametrize(
    ("kind", "schema"), [("inventory", "inventory"), ("check", "check"), ("all", "inventory")]
)
def test_the_documents_follow_their_schemas(make, kind, schema):
    validator(schema).validate(json.loads(written("json", make(), kind=kind)))


@pytest.mark.parametrize("make", CASES)
def test_the_canonical_form_follows_the_schema(make):
    validator("inventory").validate(json.loads(canonical(make())))


@pytest.mark.parametrize("name", ["inventory", "check"])
def test_the_schemas_are_strict_at_every_level(name):
    def walk(node):
        if isinstance(node, dict):
            if node.get("type") == "object":
                assert node["additionalProperties"] is False
            for value in node.values():
                walk(value)

    walk(validator(name).schema)


def test_the_schema_refuses_what_is_not_in_it():
    document = inventory_document(factory.company())
    document["coverage"][0]["value"] = "raw"
    assert not validator("inventory").is_valid(document)


def test_the_contract_of_the_inventory():
    document = inventory_document(factory.company())
    field = next(f for f in document["fields"] if f["path"] == ["data", "card", "number"])
    assert field["urn"] == "postgresql://app/public/payments#data/card/number"
    assert (field["store"], field["dataset"]) == ("postgresql://app", ["public", "payments"])
    found = field["detections"][0]
    assert (found["category"], found["verdict"], found["count"]) == (
        "user.financial.credit_card",
        "contains",
        12,
    )
    assert found["low"] < found["share"] < found["high"]
    sampled = next(c for c in document["coverage"] if c["state"] == "sampled")
    assert 0 < sampled["unseen"] < 0.001
    recipients = {r["id"]: r for r in document["recipients"]}
    assert recipients["insight"]["declared"] is False
    assert recipients["ghost"]["status"] == "declared only"


def test_the_contract_of_the_check():
    document = check_document(factory.company())
    assert [f["severity"] for f in document["findings"]] == ["critical", "high", "high", "medium", "low"]
    assert document["summary"]["findings"] == {"critical": 1, "high": 2, "medium": 1, "low": 1}
    assert document["summary"]["claims"] == {"fail": 3, "vague": 1, "not evaluable": 2, "pass": 1}
    assert document["summary"]["complete"] is False


@pytest.mark.parametrize("kind", ["sqlite", "mysql"])
def test_the_engine_shows_in_the_canonical_form_by_its_urns_alone(kind):
    left, right = canonical(factory.company("postgresql")), canonical(factory.company(kind))
    assert left.replace("postgresql://", f"{kind}://") == right
    assert "public" not in left


def test_the_canonical_form_knows_no_run_clock_seed_or_estimate():
    inventory = factory.company()
    run = replace(
        inventory.run, id="other", started="later", finished="", as_of="1999-01-01", seed=1, version="9"
    )
    coverage = tuple(
        replace(c, total=None, bytes=1 if "postgresql" in c.dataset else c.bytes) for c in inventory.coverage
    )
    datasets = tuple(replace(d, rows=3) for d in inventory.datasets)
    other = replace(inventory, run=run, coverage=coverage, datasets=datasets)
    assert canonical(other) == canonical(inventory)


def test_the_canonical_form_sees_what_matters():
    inventory = factory.company()
    fewer = replace(inventory, detections=inventory.detections[1:])
    lost = replace(inventory, coverage=tuple(replace(c, state="failed") for c in inventory.coverage))
    assert len({canonical(inventory), canonical(fewer), canonical(lost)}) == 3


def test_the_canonical_form_does_not_depend_on_order():
    inventory = factory.company()
    chance = random.Random(1)
    mixed = replace(
        inventory,
        detections=tuple(
            replace(d, evidence=tuple(reversed(d.evidence)))
            for d in chance.sample(inventory.detections, len(inventory.detections))
        ),
        flows=tuple(reversed(inventory.flows)),
    )
    assert canonical(mixed) == canonical(inventory)


def test_a_default_schema_that_is_only_a_prefix_of_a_name_stays():
    inventory = factory.company()
    odd = replace(
        inventory, stores=(Store("postgresql", "app", default_path=("pub",)), *inventory.stores[1:])
    )
    assert '"postgresql://app/public/users"' in canonical(odd)


@pytest.mark.parametrize("kind", ["inventory", "check"])
def test_golden(golden, kind):
    golden(f"{kind}.json", written("json", factory.company(), kind=kind))


def test_golden_canonical(golden):
    golden("canonical.json", canonical(factory.company()))
