"""Every disclosure class, after PoliCheck, with the worked example."""

from __future__ import annotations

import pytest

from pii_scan.core.declaration import Claim
from pii_scan.core.finding import WE, Disclosure
from pii_scan.core.lineage import Flow
from pii_scan.core.model import Dataset, Store
from pii_scan.core.purpose import compatible
from pii_scan.policy.disclosure import classify
from tests.unit.checks.company import (
    CARD,
    EMAIL,
    MIXPANEL,
    PHONE,
    SENDGRID,
    STRIPE,
    TWILIO,
    Company,
    collect,
    declare,
    file,
    locate,
    prohibit,
    received,
    seen,
    share,
    table,
)

EXPORT = file("export.csv")
SERVICE = ("essential.service",)


def third(
    category: str, *claims: Claim, recipient: str = "sendgrid", closed: bool = True
) -> Disclosure | None:
    company = Company()
    company.add(EXPORT, {"column": category})
    declared = declare(*claims, recipients=[SENDGRID, TWILIO, STRIPE], closed=closed)
    flow = received(EXPORT, "column", recipient, category)
    found = [d for d in classify(company.inventory(declared, flows=(flow,))) if d.category]
    assert len(found) <= 1
    return found[0] if found else None


def first(
    category: str, *claims: Claim, store: Store | None = None, closed: bool = True
) -> Disclosure | None:
    company = Company()
    company.add(table("users", store) if store else table("users"), {"column": category})
    found = classify(company.inventory(declare(*claims, closed=closed)))
    assert len(found) <= 1
    return found[0] if found else None


def test_the_worked_example() -> None:
    """SendGrid gets phone numbers; the claim shares contact data with communications."""
    found = third(PHONE, share("C20", ["user.contact"], functions=("communications",)))
    assert found is not None
    assert (found.cls, found.vague_recipient, found.vague_data) == ("vague", 0.25, 0.5)
    assert found.claims == ("C20",)


ALLOW = share("A", [EMAIL], ids=("sendgrid",))
THIRD = [
    ("named on both axes", [ALLOW], "clear", ("A",), 0.0, 0.0),
    ("by group of data", [share("A", ["user.contact"], ids=("sendgrid",))], "vague", ("A",), 0.0, 0.5),
    ("by function", [share("A", [EMAIL], functions=("communications",))], "vague", ("A",), 0.25, 0.0),
    ("by company", [share("A", [EMAIL], ids=("twilio",))], "vague", ("A",), 0.2, 0.0),
    ("by role", [share("A", [EMAIL], roles=("processor",))], "vague", ("A",), 0.5, 0.0),
    ("by anyone", [share("A", [EMAIL], anyone=True)], "vague", ("A",), 1.0, 0.0),
    ("by the root", [share("A", ["user"], ids=("sendgrid",))], "vague", ("A",), 0.0, 1.0),
    ("the nearest wins", [share("Z", ["user"], anyone=True), ALLOW], "clear", ("A", "Z"), 0.0, 0.0),
    ("by dataset", [share("A", ["dataset:export*"], ids=("sendgrid",))], "clear", ("A",), 0.0, 0.0),
    ("by another dataset", [share("A", ["dataset:other*"], ids=("sendgrid",))], "omitted", (), 0.0, 0.0),
    ("no claim", [], "omitted", (), 0.0, 0.0),
    ("other data", [share("A", [PHONE], ids=("sendgrid",))], "omitted", (), 0.0, 0.0),
    ("narrower data", [share("A", ["user.contact.email.hashed"], ids=("sendgrid",))], "omitted", (), 0, 0),
    ("other recipient", [share("A", [EMAIL], ids=("stripe",))], "omitted", (), 0.0, 0.0),
    ("other function", [share("A", [EMAIL], functions=("payments",))], "omitted", (), 0.0, 0.0),
    ("no recipient named", [share("A", [EMAIL])], "omitted", (), 0.0, 0.0),
    ("collecting is no sharing", [collect("C", EMAIL)], "omitted", (), 0.0, 0.0),
    ("collected by the recipient", [collect("C", EMAIL, actor="sendgrid")], "clear", ("C",), 0.0, 0.0),
    ("forbidden", [prohibit("P", EMAIL, ids=("sendgrid",))], "incorrect", ("P",), 0.0, 0.0),
    ("forbidden to all", [prohibit("P", "user.contact", anyone=True)], "incorrect", ("P",), 1.0, 0.5),
    ("forbidden at all", [prohibit("P", EMAIL)], "incorrect", ("P",), 1.0, 0.0),
    ("forbidden to others", [prohibit("P", EMAIL, ids=("stripe",)), ALLOW], "clear", ("A",), 0.0, 0.0),
    ("contradiction", [prohibit("P", EMAIL, ids=("sendgrid",)), ALLOW], "ambiguous", ("A", "P"), 0.0, 0.0),
    ("special permission", [prohibit("P", "user", anyone=True), ALLOW], "ambiguous", ("A", "P"), 0.0, 0.0),
    (
        "narrowed",
        [
            share("A", ["user"], functions=("communications",)),
            prohibit("P", EMAIL, functions=("communications",)),
        ],
        "incorrect",
        ("P",),
        0.25,
        0.0,
    ),
    (
        "narrowed by a second",
        [
            share("A", ["user.contact"], ids=("sendgrid",)),
            prohibit("B", "user", anyone=True),
            prohibit("P", EMAIL, ids=("sendgrid",)),
        ],
        "incorrect",
        ("P",),
        0.0,
        0.0,
    ),
    (
        "crosswise",
        [share("A", ["user.contact"], ids=("sendgrid",)), prohibit("P", EMAIL, anyone=True)],
        "ambiguous",
        ("A", "P"),
        0.0,
        0.5,
    ),
    ("only elsewhere", [locate("L", EMAIL, functions=("payments",)), ALLOW], "incorrect", ("L",), 1.0, 0.0),
    ("only there", [locate("L", EMAIL, functions=("communications",))], "vague", ("L",), 0.25, 0.0),
    ("region only", [Claim("L", "locate", (EMAIL,), region="US")], "omitted", (), 0.0, 0.0),
]


@pytest.mark.parametrize(
    ("claims", "cls", "ids", "recipient", "data"), [case[1:] for case in THIRD], ids=[c[0] for c in THIRD]
)
def test_flows(claims: list[Claim], cls: str, ids: tuple[str, ...], recipient: float, data: float) -> None:
    found = third(EMAIL, *claims)
    assert found is not None
    assert (found.cls, found.claims) == (cls, ids)
    assert (found.vague_recipient, found.vague_data) == (recipient, data)
    assert found.because


FIRST = [
    ("named", [collect("C", EMAIL)], "clear"),
    ("by group", [collect("C", "user.contact")], "vague"),
    ("by the root", [collect("C", "user")], "vague"),
    ("no claim", [], "omitted"),
    ("sharing is no collecting", [share("A", [EMAIL], anyone=True)], "omitted"),
    ("anyone is not us", [collect("C", EMAIL, recipient=share("", [], anyone=True).recipient)], "omitted"),
    ("collected by another", [collect("C", EMAIL, actor="stripe")], "omitted"),
    ("forbidden", [prohibit("P", EMAIL)], "incorrect"),
    ("forbidden, yet collected", [prohibit("P", EMAIL), collect("C", EMAIL)], "ambiguous"),
    ("narrowed", [prohibit("P", EMAIL), collect("C", "user")], "incorrect"),
    ("forbidden to anyone else", [prohibit("P", EMAIL, anyone=True), collect("C", EMAIL)], "clear"),
    ("only elsewhere", [locate("L", EMAIL, functions=("payments",)), collect("C", EMAIL)], "incorrect"),
    ("only here", [locate("L", EMAIL, ids=(WE,)), collect("C", EMAIL)], "clear"),
    ("kept is not collected", [Claim("R", "retain", (EMAIL,))], "omitted"),
]


@pytest.mark.parametrize(("claims", "cls"), [case[1:] for case in FIRST], ids=[case[0] for case in FIRST])
def test_what_the_company_keeps(claims: list[Claim], cls: str) -> None:
    found = first(EMAIL, *claims)
    assert found is not None
    assert (found.cls, found.recipient, found.category) == (cls, WE, EMAIL)


def test_several_parents_count() -> None:
    """A card number is financial data and payment data: either claim covers it."""
    for group in ("user.financial", "user.payment"):
        found = first(CARD, collect("C", group))
        assert found is not None
        assert (found.cls, found.vague_data) == ("vague", 0.5)


def test_an_open_world_judges_only_what_a_claim_speaks_of() -> None:
    assert third(EMAIL, closed=False) is None
    assert first(EMAIL, closed=False) is None
    found = third(EMAIL, prohibit("P", EMAIL), closed=False)
    assert found is not None
    assert found.cls == "incorrect"


def test_bare_identifiers_are_judged_only_where_a_claim_speaks_of_them() -> None:
    link = "user.unique_id"
    assert first(link) is None
    assert third(link) is None
    forbidden, device = first(link, prohibit("P", link)), first("user.device.device_id")
    assert forbidden is not None
    assert device is not None
    assert (forbidden.cls, device.cls) == ("incorrect", "omitted")


def test_without_a_declared_list_nothing_is_judged() -> None:
    company = Company()
    company.add(table("users"), {"email": EMAIL})
    assert classify(company.inventory()) == ()


def test_unsure_impersonal_and_general_detections_are_left_out() -> None:
    company = Company()
    users = company.add(table("users"), {"a": "system.operations", "b": [EMAIL, "user.contact"]})
    company.detections.append(seen(company.fields[0], EMAIL, confidence=0.49))
    found = classify(company.inventory(declare()))
    assert [(d.field, d.category) for d in found] == [(f"{users.urn}#b", EMAIL)]


@pytest.mark.parametrize("status", ["contact only", "declared only"])
def test_weak_flows_make_no_error(status: str) -> None:
    company = Company()
    company.add(EXPORT, {"column": ""})
    flow = received(EXPORT, "column", "sendgrid", EMAIL, status)
    assert classify(company.inventory(declare(), flows=(flow,))) == ()


def test_an_export_is_judged_as_a_flow_not_as_our_own() -> None:
    company = Company()
    company.add(EXPORT, {"column": EMAIL, "other": PHONE})
    flow = received(EXPORT, "column", "sendgrid", EMAIL)
    found = classify(company.inventory(declare(recipients=[SENDGRID]), flows=(flow,)))
    assert [d.recipient for d in found] == ["sendgrid"]


def test_a_recipients_own_store_is_not_ours() -> None:
    assert first(EMAIL, store=Store("postgresql", "crm", role="sendgrid")) is None


def test_known_ids_are_judged_as_declared_ones() -> None:
    company = Company()
    company.add(EXPORT, {"column": EMAIL})
    own = type(SENDGRID)("our-mail", "Mail", function="communications", hosts=("sendgrid.net",))
    declared = declare(share("A", [EMAIL], ids=("our-mail",)), recipients=[own])
    (found,) = classify(company.inventory(declared, flows=(received(EXPORT, "column", "sendgrid", EMAIL),)))
    assert (found.recipient, found.cls) == ("our-mail", "clear")


def test_unevidenced_recipients() -> None:
    company = Company()
    company.add(EXPORT, {"column": EMAIL})
    declared = declare(recipients=[TWILIO, STRIPE, MIXPANEL])
    flows = (
        received(EXPORT, "column", "sendgrid", EMAIL),
        received(EXPORT, "column", "mixpanel", "", "contact only"),
        received(EXPORT, "column", "stripe", "", "declared only"),
    )
    found = classify(company.inventory(declared, flows=flows))
    assert [d.recipient for d in found if d.cls == "unevidenced"] == ["stripe"]


def optional(*flows: Flow) -> str:
    company = Company()
    hooks = company.add(table("webhooks"), {"url": ""})
    company.add(EXPORT, {"column": EMAIL})
    claim = Claim("C21", "allow_share", (EMAIL,), recipient=ALLOW.recipient, condition="opt_in")
    declared = declare(claim, recipients=[SENDGRID])
    rows = tuple(received(hooks, "url", f.recipient, "", "configured") for f in flows)
    flow = received(EXPORT, "column", "sendgrid", EMAIL)
    (found,) = (d for d in classify(company.inventory(declared, flows=(flow, *rows))) if d.category)
    return found.cls


def test_a_condition_is_unmet_only_if_the_integrations_were_seen_without_it() -> None:
    other = Flow("", "stripe", "", "configured")
    itself = Flow("", "sendgrid", "", "configured")
    assert optional(other) == "condition unmet"
    assert optional(other, itself) == "clear"
    assert optional() == "clear"


MARKETING = Store("files", "newsletters", purpose="marketing")


@pytest.mark.parametrize(
    ("claims", "cls"),
    [
        ([collect("C", EMAIL, purposes=SERVICE)], "purpose mismatch"),
        ([collect("C", EMAIL, purposes=SERVICE), collect("D", "user", purposes=("marketing",))], "vague"),
        ([collect("C", EMAIL)], "clear"),
        ([collect("C", EMAIL, purposes=("marketing.advertising",))], "clear"),
    ],
)
def test_purposes(claims: list[Claim], cls: str) -> None:
    found = first(EMAIL, *claims, store=MARKETING)
    assert found is not None
    assert found.cls == cls


@pytest.mark.parametrize(
    ("purpose", "uses", "expected"),
    [
        ("", SERVICE, True),
        ("marketing", (), True),
        ("service", SERVICE, True),
        ("security", SERVICE, False),
        ("essential.service.security", SERVICE, True),
        ("essential", SERVICE, True),
        ("essential.legal_obligation", SERVICE, False),
        ("Product Research", ("improve.product_research",), True),
        ("marketing", ("analytics", "marketing.advertising"), True),
    ],
)
def test_compatible_purposes(purpose: str, uses: tuple[str, ...], expected: bool) -> None:
    assert compatible(purpose, uses) is expected


def test_the_result_is_sorted_and_repeatable() -> None:
    company = Company()
    sources: list[Dataset] = [company.add(file(f"{name}.csv"), {"c": EMAIL}) for name in "cab"]
    flows = tuple(received(source, "c", "sendgrid", EMAIL) for source in sources)
    inventory = company.inventory(declare(), flows=flows)
    found = classify(inventory)
    assert found == classify(inventory)
    assert [d.field for d in found] == sorted(d.field for d in found)
