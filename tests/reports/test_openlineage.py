"""OpenLineage events: valid, the same every time, and readable by our own connector."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema

from pii_scan.core.inventory import Inventory
from pii_scan.core.lineage import Flow, FlowEvidence, Link
from reports.openlineage import REPORT
from tests.reports.openlineage_schema import EVENT
from tests.unit.checks.company import CARD, EMAIL, STRIPE, Company, declare, file, judged, share, table

USERS, EXPORT = table("users"), file("stripe/a.csv")
DISCLOSURE = json.loads(
    (Path(__file__).parents[2] / "reports" / "schema" / "PiiScanDisclosureDatasetFacet.json").read_text(
        "utf-8"
    )
)
SEEN = (FlowEvidence("export", f"{EXPORT.urn}#mail", "header of an export", 3, 0.9),)


def company() -> Inventory:
    made = Company()
    made.add(USERS, {"email": EMAIL, "id": ""})
    made.add(EXPORT, {"mail": EMAIL, "card/number": CARD})
    flows = (
        Flow(f"{EXPORT.urn}#card/number", "stripe", CARD, "confirmed", SEEN, masking=True),
        Flow(f"{EXPORT.urn}#mail", "stripe", EMAIL, "confirmed", SEEN),
        Flow(USERS.urn, "nobody we know", "", "contact only", SEEN),
        Flow("", "zapier", "", "declared only"),
    )
    links = (
        Link(f"{USERS.urn}#email", f"{EXPORT.urn}#mail", "value match"),
        Link(USERS.urn, EXPORT.urn, "view"),
    )
    declaration = declare(share("C1", [EMAIL], ids=("stripe",)), recipients=[STRIPE])
    return judged(made.inventory(declaration, flows=flows, links=links))


def written(inventory: Inventory) -> str:
    out = io.StringIO()
    REPORT.write(inventory, out, {})
    return out.getvalue()


def events(inventory: Inventory) -> list[Any]:
    found = [json.loads(line) for line in written(inventory).splitlines()]
    for event in found:
        jsonschema.validate(event, EVENT)
        for dataset in event["outputs"]:
            if facet := dataset["facets"].get("piiScan_disclosure"):
                jsonschema.validate(facet, DISCLOSURE)
    return found


def test_an_event_for_each_pair_and_none_for_what_is_only_declared() -> None:
    pairs = [(e["inputs"][0]["name"], e["outputs"][0]["name"]) for e in events(company())]
    assert pairs == [
        ("stripe/a.csv", "stripe"),
        ("public.users", "nobody we know"),
        ("public.users", "stripe/a.csv"),
    ]


def test_the_facets_say_columns_categories_and_how_the_list_covers_them() -> None:
    first = events(company())[0]
    tags = {(t["field"], t["value"]) for t in first["inputs"][0]["facets"]["tags"]["tags"]}
    assert tags == {("mail", EMAIL), ("card.number", CARD)}
    output = first["outputs"][0]
    assert output["namespace"] == "https://stripe.com"
    columns = output["facets"]["columnLineage"]["fields"]
    (source,) = columns["card.number"]["inputFields"]
    assert source["field"] == "card.number"
    assert source["transformations"] == [{"type": "DIRECT", "subtype": "TRANSFORMATION", "masking": True}]
    entries = {e["category"]: e for e in output["facets"]["piiScan_disclosure"]["entries"]}
    assert (entries[EMAIL]["class"], entries[CARD]["class"]) == ("clear", "omitted")
    assert entries[EMAIL]["evidence"][0]["tier"] == 1


def test_links_become_column_lineage() -> None:
    last = events(company())[-1]
    fields = last["outputs"][0]["facets"]["columnLineage"]["fields"]
    assert fields["mail"]["inputFields"][0]["field"] == "email"


def test_the_same_inventory_gives_the_same_bytes_and_another_run_other_ids() -> None:
    made = company()
    assert written(made) == written(made)
    other = replace(made, run=replace(made.run, id="run-2"))
    ids = {e["run"]["runId"] for found in (made, other) for e in events(found)}
    assert len(ids) == 6


def test_a_run_without_a_clock_has_the_day_of_its_data() -> None:
    made = company()
    clockless = replace(made, run=replace(made.run, started="", finished="soon"))
    assert {e["eventTime"] for e in events(clockless)} == {"2026-01-31T00:00:00+00:00"}


def test_nothing_gives_nothing() -> None:
    assert written(replace(company(), flows=(), links=())) == ""
