"""Reports say how much is suppressed, and the documents by whom, why and until when."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from pii_scan.checks.decisions import findings
from pii_scan.core.decision import Decision, Standing, Suppressed

from . import factory
from .writing import FORMATS, validator, written

SUPPRESS = Decision(
    "suppress-1",
    "suppress",
    "app/bookings#notes",
    "user.contact.*",
    "support <b>",
    "signatures",
    expires=date(2026, 12, 31),
)
OVERRIDE = Decision("override-1", "override", "app/users#id", "none", "dpo", "a key", "type")


def company():
    """The invented company with one of its detections suppressed and one decision to be reviewed."""
    made = factory.company()
    hidden = next(d for d in made.detections if d.field.endswith("bookings#notes"))
    changed = replace(
        made,
        detections=tuple(d for d in made.detections if d is not hidden),
        suppressed=(Suppressed(hidden, SUPPRESS),),
        decisions=(
            Standing(OVERRIDE, "active", 1, 0, "2026-01-02"),
            Standing(SUPPRESS, "needs review", 1, 1, "2026-01-02", "the detector has changed"),
        ),
    )
    return replace(changed, findings=(*made.findings, *findings(changed)))


@pytest.mark.parametrize("name", ["terminal", "markdown", "html"])
def test_the_number_of_suppressed_detections(name):
    assert "1 detection suppressed by decision" in " ".join(written(name, company(), kind="all").split())
    assert "suppressed" not in written(name, factory.company(), kind="all")


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "openlineage"])
def test_what_needs_a_review_is_a_finding_everywhere(name):
    told = written(name, company(), kind="check")
    assert "decision-review" in told or "Decision review" in told
    assert "support <b>" not in told or name != "html"


def test_the_documents_follow_their_schemas():
    inventory = json.loads(written("json", company(), kind="inventory"))
    validator("inventory").validate(inventory)
    kept = [d for f in inventory["fields"] for d in f["detections"] if "suppressed" in d]
    assert [d["suppressed"] for d in kept] == [
        {"decision": "suppress-1", "owner": "support <b>", "reason": "signatures", "expires": "2026-12-31"}
    ]
    check = json.loads(written("json", company(), kind="check"))
    validator("check").validate(check)
    assert check["summary"]["suppressed"] == 1
    assert [(d["id"], d["state"]) for d in check["decisions"]] == [
        ("override-1", "active"),
        ("suppress-1", "needs review"),
    ]


def test_only_what_asks_for_attention_is_a_finding():
    states = ("active", "needs review", "expired", "pending", "unused")
    standings = tuple(Standing(replace(OVERRIDE, id=state), state) for state in states)
    found = list(findings(replace(factory.company(), decisions=standings)))
    assert [f.subject for f in found] == ["needs review", "expired", "unused"]
    assert {(f.severity, f.verdict, f.category) for f in found} == {("low", "warn", "")}
