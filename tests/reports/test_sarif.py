from __future__ import annotations

import json
import re
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from jsonschema import Draft202012Validator

from pii_scan.core.finding import Finding

from . import crowds, factory
from .sarif_schema import SCHEMA
from .writing import naughty, written


def log(inventory, **options: str) -> dict:
    document = json.loads(written("sarif", inventory, **options))
    Draft202012Validator(SCHEMA).validate(document)
    return document["runs"][0]


def results(inventory, rule: str, **options: str) -> list[dict]:
    return [r for r in log(inventory, **options)["results"] if r["ruleId"] == rule]


def test_golden(golden):
    golden("check.sarif", written("sarif", factory.company()))


@pytest.mark.parametrize(
    "make", [factory.empty, factory.undeclared, factory.company, lambda: crowds.hostile(naughty())]
)
def test_the_log_is_valid(make):
    run = log(make())
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(ids) == len(set(ids))
    for result in run["results"]:
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert (result["kind"] == "fail") == (result["level"] != "none")


def test_a_finding_lies_on_its_claims_line_and_names_the_column():
    found = results(factory.company(), "card-data-outside-billing")[0]
    location = found["locations"][0]
    assert location["physicalLocation"]["region"]["startLine"] == 67
    assert location["physicalLocation"]["artifactLocation"]["uri"] == "sharing.yaml"
    assert location["logicalLocations"][0]["fullyQualifiedName"].endswith("payments#data/card/number")
    fingerprint = factory.company().findings[0].fingerprint
    assert found["partialFingerprints"] == {"piiScanFinding/v1": fingerprint}


def test_levels_follow_severity_and_warnings_are_no_errors():
    levels = {r["ruleId"]: r["level"] for r in log(factory.company())["results"]}
    assert levels["card-data-outside-billing"] == levels["undeclared-recipient"] == "error"
    assert levels["undeclared-category"] == "warning"
    assert levels["unevidenced-recipient"] == "note"
    warned = replace(factory.company().findings[0], verdict="warn")
    assert log(replace(factory.company(), findings=(warned,)))["results"][0]["level"] == "warning"


def test_open_claims_are_no_failures():
    claims = {r["message"]["text"][:3]: r["kind"] for r in results(factory.company(), "claim-not-evaluable")}
    assert claims == {"C24": "open", "C51": "open"}
    bare = replace(factory.company().claims[3], needs=())
    assert log(replace(factory.company(), claims=(bare,)))["results"][-1]["kind"] == "notApplicable"


def test_an_incomplete_scan_says_so():
    invocation = log(factory.company())["invocations"][0]
    assert invocation["executionSuccessful"] is False
    assert len(invocation["toolExecutionNotifications"]) == 3
    assert log(factory.empty())["invocations"][0]["executionSuccessful"] is True


def test_the_limits_of_code_hosts_hold_and_the_gravest_stay():
    found = tuple(Finding("c", "low", f"s{n}", "m") for n in range(30_000))
    grave = Finding("c", "critical", "s", "m")
    run = log(replace(factory.empty(), findings=(*found, grave)))
    assert len(run["results"]) == 5_000
    assert run["results"][0]["partialFingerprints"]["piiScanFinding/v1"] == grave.fingerprint
    assert "25,001 more results left out" in json.dumps(run["invocations"])


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("/srv/someone/secret/sharing.yaml", "sharing.yaml"),
        ("C:\\work\\sharing.yaml", "sharing.yaml"),
        ("privacy/our list.yaml", "privacy/our%20list.yaml"),
        ("../x.yaml", "x.yaml"),
        ("", "sharing.yaml"),
        ("javascript:alert(1)", "javascript%3Aalert%281%29"),
    ],
)
def test_the_artifact_is_a_relative_reference(file, uri):
    inventory = factory.company()
    inventory = replace(inventory, declaration=replace(inventory.declaration, file=file))
    found = results(inventory, "overdue-retention")[0]["locations"][0]["physicalLocation"]
    assert found["artifactLocation"]["uri"] == uri
    assert not urlsplit(uri).scheme


def test_the_artifact_can_be_named():
    found = results(factory.company(), "overdue-retention", artifact="privacy/sharing.yaml")[0]
    uri = found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "privacy/sharing.yaml"


def test_data_makes_no_links_in_messages():
    for result in log(crowds.hostile(naughty()))["results"]:
        assert not re.search(r"(?<!\\)\]\(", result["message"]["text"])
