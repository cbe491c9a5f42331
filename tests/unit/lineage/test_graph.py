"""The graph and its questions."""

from __future__ import annotations

from typing import Any

import pytest

from pii_scan.core.inventory import Inventory
from pii_scan.core.lineage import Flow
from pii_scan.lineage.graph import graph, receives, recipients_of, route, third_country, unplaced
from pii_scan.lineage.region import area, same_area
from tests.unit.checks.company import APP, EMAIL, PHONE, STRIPE, Company, declare, file, received, table

EXPORT = file("export.csv")
HOOKS = table("webhooks")


def company() -> Inventory:
    made = Company()
    made.add(EXPORT, {"email": EMAIL, "tel": PHONE})
    made.add(HOOKS, {"url": ""})
    flows = (
        received(EXPORT, "email", "stripe", EMAIL),
        received(EXPORT, "tel", "sendgrid", PHONE),
        received(HOOKS, "url", "zapier", "", "configured"),
        Flow("", "mixpanel", "", "declared only"),
    )
    return made.inventory(declare(recipients=[STRIPE]), flows=flows)


@pytest.fixture
def made() -> Any:
    return graph(company())


def test_nodes_and_edges(made: Any) -> None:
    kinds = dict(made.nodes(data="kind"))
    assert kinds[APP.urn] == "store"
    assert kinds[EXPORT.urn] == "dataset"
    assert kinds[f"{EXPORT.urn}#email"] == "field"
    assert kinds[f"category:{EMAIL}"] == "category"
    assert kinds["recipient:stripe"] == "recipient"
    assert made.nodes["recipient:stripe"]["declared"]
    assert not made.nodes["recipient:zapier"]["declared"]
    assert made.nodes["recipient:mixpanel"]["declared_only"]
    assert made.has_edge("recipient:sendgrid", "recipient:twilio")
    assert None not in kinds.values()


def test_what_a_recipient_receives(made: Any) -> None:
    assert [f.category for f in receives(made, "stripe")] == [EMAIL]
    assert [f.recipient for f in receives(made, "twilio")] == ["sendgrid"]
    assert receives(made, "mixpanel") == ()
    assert receives(made, "nobody") == ()


def test_who_receives_a_field_a_dataset_or_a_store(made: Any) -> None:
    assert [f.recipient for f in recipients_of(made, f"{EXPORT.urn}#tel")] == ["sendgrid"]
    assert [f.recipient for f in recipients_of(made, EXPORT.urn)] == ["sendgrid", "stripe"]
    assert [f.recipient for f in recipients_of(made, APP.urn)] == ["zapier"]
    assert recipients_of(made, "sql://nowhere") == ()


def test_third_countries(made: Any) -> None:
    assert [f.recipient for f in third_country(made, "EU")] == ["stripe"]
    assert third_country(made, "us-east-1") == ()
    assert unplaced(made) == ("sendgrid", "zapier")


def test_the_route(made: Any) -> None:
    field = f"{EXPORT.urn}#tel"
    assert route(made, field, "twilio") == (field, "recipient:sendgrid", "recipient:twilio")
    assert route(made, EXPORT.urn, "stripe")[1] == f"{EXPORT.urn}#email"
    assert route(made, f"{HOOKS.urn}#url", "stripe") == ()
    assert route(made, "sql://nowhere", "stripe") == ()


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        ("FR", "EEA"),
        ("eu-west-1", "EEA"),
        ("EU", "EEA"),
        ("us-east-1", "US"),
        ("gb", "GB"),
        ("UK", "GB"),
        ("eu-west-2", "GB"),
        ("eu-central-2", "CH"),
        ("sa-east-1", "BR"),
        ("me-south-1", "BH"),
        ("af-south-1", "ZA"),
        ("us-east-1a", "US"),
        ("europe-west4-b", "EEA"),
        ("europe_west6", "CH"),
        ("westeurope", "EEA"),
        ("uksouth", "GB"),
        ("NO", "EEA"),
        ("", ""),
        ("USA", ""),
        ("moon-1", ""),
    ],
)
def test_areas(region: str, expected: str) -> None:
    assert area(region) == expected


def test_an_unknown_region_is_in_no_area() -> None:
    assert not same_area("", "")
    assert not same_area("moon-1", "moon-1")


def test_the_kingdom_is_not_the_union() -> None:
    assert same_area("FR", "DE")
    assert not same_area("GB", "FR")
