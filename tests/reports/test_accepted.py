"""Accepted findings and those of a baseline: in every report, and failing nothing in any."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from pii_scan.core.baseline import Baseline
from pii_scan.core.decision import AcceptedFinding, Decision

from . import factory
from .sarif_schema import SCHEMA
from .test_junit import cases
from .test_sarif import Draft202012Validator, log
from .writing import FORMATS, validator, written


def company():
    """The invented company: its first finding is accepted, its second one known, the rest is new."""
    made = factory.company()
    first, second, *rest = made.findings
    decision = Decision(
        "accept-1",
        "accept",
        first.fingerprint,
        "",
        "data office <b>",
        "being moved",
        expires=date(2026, 3, 31),
    )
    return replace(
        made,
        findings=tuple(rest),
        accepted=(AcceptedFinding(first, decision),),
        known=(second,),
        baseline=Baseline({second.fingerprint: (second.severity, second.verdict)}, {"C24": "not evaluable"}),
    )


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in ("openlineage", "junit")])
def test_both_stay_in_every_report_with_who_answers_for_it(name):
    told = " ".join(written(name, company(), kind="check").split())
    for finding in (company().accepted[0].finding, company().known[0]):
        assert finding.fingerprint in told
    assert "being moved" in told
    assert "2026-03-31" in told
    assert "data office <b>" not in told or name != "html"


def test_the_document_follows_its_schema_and_keeps_them_apart():
    check = json.loads(written("json", company(), kind="check"))
    validator("check").validate(check)
    accepted, known = company().accepted[0].finding, company().known[0]
    assert [(a["fingerprint"], a["owner"], a["until"]) for a in check["accepted"]] == [
        (accepted.fingerprint, "data office <b>", "2026-03-31")
    ]
    assert [k["fingerprint"] for k in check["known"]] == [known.fingerprint]
    counted = {f["fingerprint"] for f in check["findings"]}
    assert counted.isdisjoint({accepted.fingerprint, known.fingerprint})
    assert (check["summary"]["accepted"], check["summary"]["known"]) == (1, 1)


def test_sarif_suppresses_what_is_accepted_and_says_what_is_new():
    results = log(company())["results"]
    by_id = {r["partialFingerprints"]["piiScanFinding/v1"]: r for r in results}
    accepted, known = company().accepted[0].finding, company().known[0]
    assert by_id[accepted.fingerprint]["suppressions"] == [
        {
            "kind": "external",
            "status": "accepted",
            "justification": "accepted by data office <b>: being moved, until 2026-03-31",
        }
    ]
    assert [r for r in results if "suppressions" in r] == [by_id[accepted.fingerprint]]
    assert by_id[known.fingerprint]["baselineState"] == "unchanged"
    assert {by_id[f.fingerprint]["baselineState"] for f in company().findings} == {"new"}
    claims = {
        r["message"]["text"][:3]: r["baselineState"] for r in results if r["ruleId"].startswith("claim-")
    }
    assert claims == {"C04": "new", "C24": "unchanged", "C51": "new"}
    assert not [r for r in log(factory.company())["results"] if "baselineState" in r]


def test_the_schema_of_sarif_refuses_a_suppression_of_another_kind():
    document = json.loads(written("sarif", company()))
    (found,) = (r for r in document["runs"][0]["results"] if "suppressions" in r)
    found["suppressions"][0]["kind"] = "silent"
    assert not Draft202012Validator(SCHEMA).is_valid(document)


def test_a_claim_with_nothing_new_is_skipped_by_junit():
    made = company()
    set_aside = {made.accepted[0].finding.claim, made.known[0].claim}
    states = {name.partition(":")[0]: said for name, said in cases(made, "claims").items()}
    left = {f.claim for f in made.findings if f.verdict == "fail"}
    assert set_aside - left
    for claim in set_aside - left - {""}:
        assert states[claim] == ("skipped", "1 finding, accepted or known from the baseline")
