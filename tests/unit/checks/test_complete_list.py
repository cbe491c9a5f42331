"""A claim that nothing else is collected fails when something is found that no claim covers."""

from __future__ import annotations

from dataclasses import replace

from pii_scan.checks import registry
from pii_scan.checks.sharing import UNDECLARED_CATEGORY
from pii_scan.core.category import Category, Taxonomy
from pii_scan.core.declaration import Claim, Declaration
from pii_scan.core.detection import Detection
from pii_scan.core.inventory import Coverage, Inventory, ScanRun
from pii_scan.core.model import Dataset, Field, Store
from pii_scan.policy import disclosure

STORE = Store("sqlite", "app", default_path=("main",))
USERS = Dataset(STORE, ("main", "users"))
EMAIL, BIRTH = Field(USERS.urn, ("email",)), Field(USERS.urn, ("born",))
PARENTS = {
    "user": (),
    "user.contact": ("user",),
    "user.contact.email": ("user.contact",),
    "user.born": ("user",),
}
TAXONOMY = Taxonomy({key: Category(key, parents) for key, parents in PARENTS.items()})
COMPLETE = Claim("C12", "collect", sources=("data",))
CLAIMS = (Claim("C04", "collect", ("user.contact.email",), sources=("data",)), COMPLETE)


def judged(*detections: Detection, state: str = "scanned"):
    inventory = Inventory(
        ScanRun("r", "", "2026-01-31"),
        TAXONOMY,
        stores=(STORE,),
        datasets=(USERS,),
        fields=(EMAIL, BIRTH),
        detections=detections,
        declaration=Declaration(claims=CLAIMS),
        coverage=(Coverage(USERS.urn, state, 10),),
    )
    inventory = replace(inventory, disclosures=disclosure.classify(inventory))
    findings, verdicts = registry.evaluate(inventory, [UNDECLARED_CATEGORY])
    return findings, {verdict.id: verdict for verdict in verdicts}


def seen(field: Field, category: str) -> Detection:
    return Detection(field.urn, category, "type", 0.95, 1.0, 0.9, 1.0, 10)


def test_what_no_claim_covers_breaks_it():
    findings, verdicts = judged(seen(EMAIL, "user.contact.email"), seen(BIRTH, "user.born"))
    assert [(f.subject, f.claim) for f in findings] == [(BIRTH.urn, "C12")]
    assert verdicts["C12"].verdict == "fail"
    assert verdicts["C12"].because.startswith("1 finding of")
    assert verdicts["C04"].verdict == "pass"


def test_it_passes_when_all_is_covered():
    findings, verdicts = judged(seen(EMAIL, "user.contact.email"))
    assert not findings
    assert verdicts["C12"].verdict == "pass"


def test_it_is_open_when_something_was_not_read():
    _, verdicts = judged(seen(EMAIL, "user.contact.email"), state="failed")
    assert verdicts["C12"].verdict == "not evaluable"
