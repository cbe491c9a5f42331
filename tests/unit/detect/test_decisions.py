"""Overrides and suppressions on verdicts, and what asks for a review."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from pii_scan.core.decision import Decision
from pii_scan.core.detection import Detection, Evidence
from pii_scan.core.globs import divided, holds, path_fits
from pii_scan.core.model import Dataset, Field, Store
from pii_scan.detect.basis import Basis, changes
from pii_scan.detect.decisions import Reach, decide

EMAIL, PHONE, NAME = "user.contact.email", "user.contact.phone_number", "user.name"
TODAY = date(2026, 3, 1)
STORE = Store("postgresql", "app", default_path=("public",))
USERS = Dataset(STORE, ("public", "users"))
MAIL, TAGS = Field(USERS.urn, ("mail",), "string"), Field(USERS.urn, ("tags", "[]", "by"), "string")
TYPED = Detection(
    MAIL.urn,
    EMAIL,
    "type",
    0.98,
    0.9,
    count=90,
    evidence=(Evidence("pattern", "email+ldap_dn", EMAIL, 6.0, "x"),),
)
INSIDE = Detection(MAIL.urn, PHONE, "contains", 0.95, 0.01, count=1)
OVERRIDE = Decision("override-1", "override", "app/users#mail", NAME, "dpo", "because", "type")
SUPPRESS = Decision("suppress-1", "suppress", "users#*", "user.contact.*", "dpo", "because")


def decided(*decisions, detections=(TYPED, INSIDE)):
    return decide(decisions, [USERS], [MAIL, TAGS], detections, TODAY)


def said(found):
    return [(d.category, d.verdict, d.count) for d in found.detections]


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        ("users#mail", True),
        ("USERS#Mail", True),
        ("app/users#*", True),
        ("app/*", True),
        ("*#m*l", True),
        ("postgresql://app/public/users#mail", True),
        ("user#mail", False),
        ("users#mai", False),
        ("other/users#mail", False),
    ],
)
def test_globs_of_fields(pattern, fits):
    dataset, path = divided(pattern)
    assert (holds(USERS, dataset) and path_fits(MAIL.path, path)) is fits


def test_a_path_with_brackets_stands_for_itself():
    found = decided(replace(OVERRIDE, match="users#tags/[]/by"), detections=())
    assert [(d.field, d.category) for d in found.detections] == [(TAGS.urn, NAME)]


def test_without_decisions_all_stays():
    assert decide((), [USERS], [MAIL], (TYPED, INSIDE), TODAY).detections == (TYPED, INSIDE)


def test_an_override_keeps_what_is_contained():
    found = decided(OVERRIDE)
    assert said(found) == [(PHONE, "contains", 1), (NAME, "type", 0)]
    label, detector = found.detections[1].evidence
    assert (label.kind, label.detector, label.detail) == ("label", "override-1", "overridden by dpo: because")
    assert detector.detail == f"the detector itself said {EMAIL} with confidence 0.98"
    assert found.reach["override-1"] == Reach((MAIL,), (TYPED, INSIDE))


def test_an_override_that_agrees_keeps_the_counts():
    assert said(decided(replace(OVERRIDE, category=EMAIL)))[0] == (EMAIL, "type", 90)
    inside = decided(replace(OVERRIDE, category=PHONE))
    assert said(inside) == [(PHONE, "type", 1)]


def test_none_takes_away():
    none = replace(OVERRIDE, category="none")
    assert said(decided(none)) == [(PHONE, "contains", 1)]
    assert said(decided(replace(none, contains=("user.*",)))) == []
    assert said(decided(replace(none, detector="iban"))) == [(EMAIL, "type", 90), (PHONE, "contains", 1)]
    assert said(decided(replace(none, detector="ldap_*"))) == [(PHONE, "contains", 1)]


def test_a_suppression_by_verdict_and_category():
    assert said(decided(SUPPRESS)) == []
    assert said(decided(replace(SUPPRESS, verdict="contains"))) == [(EMAIL, "type", 90)]
    found = decided(replace(SUPPRESS, category=PHONE), SUPPRESS)
    assert [(s.detection.category, s.decision.category) for s in found.suppressed] == [
        (EMAIL, "user.contact.*"),
        (PHONE, PHONE),
    ]
    assert found.reach["suppress-1"].detections == (TYPED,)


def test_suppressions_see_what_overrides_left():
    found = decided(replace(OVERRIDE, category="user.contact.url"), replace(SUPPRESS, verdict="type"))
    assert [s.detection.category for s in found.suppressed] == ["user.contact.url"]


@pytest.mark.parametrize(
    ("days", "force"),
    [
        ({"expires": date(2026, 2, 28)}, False),
        ({"expires": TODAY}, True),
        ({"since": TODAY}, True),
        ({"since": date(2026, 3, 2)}, False),
    ],
)
def test_in_force_from_the_first_to_the_last_day(days, force):
    assert bool(decided(replace(SUPPRESS, **days)).suppressed) is force


def basis(mode="sample", types=("string",), **verdicts):
    keys = {"t": f"type {EMAIL}", "c": f"contains {EMAIL}", "p": f"contains {PHONE}"}
    return Basis(mode, 1, ("x",), types, {keys[name]: value for name, value in verdicts.items()})


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (basis(t=(90, 0.9)), basis(t=(900, 0.9)), ""),
        (basis(t=(90, 0.9)), basis(t=(70, 0.7)), ""),
        (basis(t=(90, 0.9)), basis(t=(40, 0.4)), f"the field is {EMAIL} in 40% of its rows, on D in 90%"),
        (basis(c=(3, 0.03)), basis(c=(29, 0.29)), ""),
        (basis(c=(3, 0.03)), basis(c=(30, 0.3)), f"the field contains {EMAIL} in 30 rows, on D in 3"),
        (basis(c=(3, 0.03)), basis("full", c=(3000, 0.03)), ""),
        (
            basis(c=(3, 0.03)),
            basis("full", c=(3000, 0.3)),
            f"the field contains {EMAIL} in 3000 rows, on D in 3",
        ),
        (basis(c=(3, 0.03)), basis(c=(3, 0.03), p=(1, 0.01)), f"new since D: the field contains {PHONE}"),
        (basis(c=(3, 0.03), p=(1, 0.01)), basis(c=(3, 0.03)), ""),
        (basis(c=(3, 0.03)), basis(), f"it is no longer said that the field contains {EMAIL}, as on D"),
        (
            basis(t=(9, 0.9), c=(1, 0.1)),
            basis(c=(1, 0.1)),
            f"it is no longer said that the field is {EMAIL}, as on D",
        ),
        (basis(), basis(types=("integer",)), "the field's type is integer, on D it was string"),
        (basis(types=("unknown",)), basis(), ""),
        (basis(types=("string", "integer")), basis(), ""),
    ],
)
def test_what_asks_for_a_review(before, after, told):
    assert next(changes(before, after, "D"), "") == told
    assert Basis.parse(before.text()) == before


def test_the_basis_of_a_reach():
    made = Basis.of(SUPPRESS, Reach((MAIL, TAGS), (TYPED, replace(TYPED, count=10, share=0.5))), "full")
    assert made == Basis("full", 1, (STORE.urn,), ("string",), {f"type {EMAIL}": (100, 0.9)})
    assert Basis.of(OVERRIDE, Reach((MAIL, TAGS), ()), "full").fields == 2
