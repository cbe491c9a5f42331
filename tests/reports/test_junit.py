from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from pii_scan.core.finding import ClaimVerdict, Finding

from . import crowds, factory
from .junit_schema import faults
from .writing import naughty, written


def cases(inventory, suite: str) -> dict[str, tuple[str, str]]:
    """By name of the test case its state and message."""
    text = written("junit", inventory)
    assert faults(text) == []
    found = {}
    for case in ET.fromstring(text).findall(f"testsuite[@name='{suite}']/testcase"):
        state = next(iter(case), None)
        found[case.get("name")] = (state.tag, state.get("message")) if state is not None else ("", "")
    return found


def test_golden(golden):
    golden("check.xml", written("junit", factory.company()))


@pytest.mark.parametrize(
    "make", [factory.empty, factory.undeclared, factory.company, lambda: crowds.hostile(naughty())]
)
def test_the_document_follows_the_schema(make):
    assert faults(written("junit", make())) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (' hostname="localhost"', ""),
        ('failures="', 'failures="9'),
        ("<system-err></system-err>", ""),
        ("<skipped ", '<failure message="x" type="y"/><skipped '),
        ("T02:00:00", "T02:00:00Z"),
    ],
)
def test_the_rules_see_what_is_wrong(old, new):
    text = written("junit", factory.company())
    assert old in text
    assert faults(text.replace(old, new, 1))


def test_every_claim_is_one_test_case():
    company = factory.company()
    found = cases(company, "claims")
    by_id = {name.partition(":")[0]: said for name, said in found.items()}
    assert list(by_id) == [claim.id for claim in company.claims]
    states = {name: state for name, (state, _) in by_id.items()}
    assert states == {
        "C04": "",
        "C07": "",
        "C20": "failure",
        "C24": "skipped",
        "C26": "failure",
        "C33": "failure",
        "C51": "skipped",
    }
    assert by_id["C24"][1] == "not evaluable: no settings of servers were read (needs: infrastructure)"
    assert by_id["C26"][1] == "card numbers in 1 field outside payments"


def test_a_failure_names_every_finding_with_its_id():
    company = factory.company()
    root = ET.fromstring(written("junit", company))
    told = {
        c.get("name")[:3]: c.find("failure").text
        for c in root.iter("testcase")
        if c.find("failure") is not None
    }
    for finding in company.findings:
        if finding.claim and finding.verdict == "fail":
            assert (
                f"{finding.severity}: {finding.message} [{finding.check}, {finding.fingerprint}]"
                in (told[finding.claim])
            )


def test_findings_without_a_claim_and_warnings_are_told():
    lost = Finding("own-check", "high", "ghost", "Ghost CRM gets data", recipient="ghost")
    company = replace(factory.company(), findings=(*factory.company().findings, lost))
    assert cases(company, "checks")["own-check"] == ("failure", "1 finding of own-check")
    text = written("junit", company)
    assert "to look into: low: Ghost CRM is declared but was never observed" in text


def test_what_was_not_looked_at_is_an_error():
    assert cases(factory.company(), "coverage") == {
        "everything listed was looked at": ("error", "3 objects not looked at in full")
    }
    assert cases(factory.empty(), "coverage") == {"everything listed was looked at": ("", "")}


def test_a_changed_policy_text_fails_every_claim_though_no_finding_names_it():
    claims = tuple(
        ClaimVerdict(c.id, "fail", "the policy text has changed") for c in factory.company().claims
    )
    changed = replace(factory.company(), findings=(), claims=claims)
    assert {state for state, _ in cases(changed, "claims").values()} == {"failure"}
