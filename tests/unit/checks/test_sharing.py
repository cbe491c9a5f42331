"""Who receives data, both ways."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pii_scan.checks.sharing import UNDECLARED_CATEGORY, UNDECLARED_RECIPIENT, UNEVIDENCED_RECIPIENT
from pii_scan.core.declaration import Claim, Declaration
from pii_scan.core.finding import Finding
from pii_scan.core.lineage import UNKNOWN, Flow, FlowEvidence, Processor
from pii_scan.core.ports import Check
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
    judged,
    locate,
    prohibit,
    received,
    share,
    table,
)

EXPORT = file("export.csv")
HEALTH = "user.health_and_medical"
PASSPORT = "user.government_id.passport_number"


def run(
    check: Check, declaration: Declaration | None, *flows: Flow, columns: dict[str, str] | None = None
) -> list[Finding]:
    company = Company()
    company.add(EXPORT, {})
    company.add(table("users"), columns or {})
    return list(check(judged(company.inventory(declaration, flows=flows))))


def test_an_undeclared_recipient_is_one_finding_a_dataset() -> None:
    other = file("second.csv")
    flows = [
        received(EXPORT, "a", "mixpanel", EMAIL),
        received(EXPORT, "b", "mixpanel", PHONE),
        received(other, "a", "mixpanel", EMAIL),
    ]
    found = run(UNDECLARED_RECIPIENT, declare(recipients=[STRIPE]), *flows)
    assert [(f.subject, f.recipient, f.severity, f.verdict) for f in found] == [
        (EXPORT.urn, "mixpanel", "high", "fail"),
        (other.urn, "mixpanel", "high", "fail"),
    ]
    assert "Mixpanel" in found[0].message
    assert "E-mail address, Phone number" in found[0].message
    assert len(found[0].evidence) == 2


@pytest.mark.parametrize("recipients", [[SENDGRID], [TWILIO]])
def test_a_declared_recipient_or_the_company_behind_it_is_fine(recipients: list[Processor]) -> None:
    assert (
        run(UNDECLARED_RECIPIENT, declare(recipients=recipients), received(EXPORT, "a", "sendgrid", EMAIL))
        == []
    )


def test_special_data_makes_it_critical() -> None:
    (found,) = run(UNDECLARED_RECIPIENT, declare(), received(EXPORT, "a", "mixpanel", HEALTH))
    assert found.severity == "critical"


def test_a_contact_is_a_warning_and_a_weak_one_nothing() -> None:
    flow = received(EXPORT, "host", "mixpanel", "", "contact only")
    (found,) = run(UNDECLARED_RECIPIENT, declare(), flow)
    assert (found.verdict, found.severity) == ("warn", "low")
    weak = replace(flow, evidence=(FlowEvidence("host", "x", "a link", confidence=0.2),))
    assert run(UNDECLARED_RECIPIENT, declare(), weak) == []


def test_an_unknown_recipient_is_named_as_such() -> None:
    (found,) = run(UNDECLARED_RECIPIENT, declare(), received(EXPORT, "host", UNKNOWN, "", "configured"))
    assert "unknown recipient" in found.message


def test_the_claim_that_lists_the_functions_is_broken_by_another_function() -> None:
    claim = share("C20", ["user"], functions=("payments", "communications"))
    (outside,) = run(UNDECLARED_RECIPIENT, declare(claim), received(EXPORT, "a", "mixpanel", EMAIL))
    (inside,) = run(UNDECLARED_RECIPIENT, declare(claim), received(EXPORT, "a", "sendgrid", EMAIL))
    assert (outside.claim, inside.claim) == ("C20", "")


def test_what_is_declared_only_is_no_recipient_seen() -> None:
    flow = received(EXPORT, "a", "mixpanel", "", "declared only")
    assert run(UNDECLARED_RECIPIENT, declare(), flow) == []


CONTRACT = share("C1", [EMAIL], ids=("stripe",))


def test_a_category_too_many_for_a_declared_recipient() -> None:
    flows = [received(EXPORT, "a", "stripe", EMAIL), received(EXPORT, "b", "stripe", PHONE)]
    (found,) = run(UNDECLARED_CATEGORY, declare(CONTRACT, recipients=[STRIPE]), *flows)
    assert (found.subject, found.recipient, found.category) == (f"{EXPORT.urn}#b", "stripe", PHONE)
    assert (found.severity, found.verdict, found.claim) == ("high", "fail", "C1")
    assert "Stripe receives Phone number" in found.message
    assert "omitted" in found.message
    assert found.evidence


def test_an_undeclared_recipient_is_not_said_twice() -> None:
    assert run(UNDECLARED_CATEGORY, declare(), received(EXPORT, "a", "mixpanel", EMAIL)) == []


def test_vague_and_clear_are_fine() -> None:
    claims = [share("C1", ["user.contact"], functions=("payments",)), collect("C2", EMAIL)]
    flow = received(EXPORT, "a", "stripe", EMAIL)
    assert (
        run(UNDECLARED_CATEGORY, declare(*claims, recipients=[STRIPE]), flow, columns={"email": EMAIL}) == []
    )


@pytest.mark.parametrize(
    ("category", "severity"), [(PHONE, "medium"), (PASSPORT, "high"), (HEALTH, "critical")]
)
def test_what_the_company_keeps_without_a_claim(category: str, severity: str) -> None:
    (found,) = run(
        UNDECLARED_CATEGORY, declare(collect("C04", EMAIL)), columns={"email": EMAIL, "x": category}
    )
    assert (found.recipient, found.category, found.severity, found.claim) == ("we", category, severity, "")
    assert found.subject.endswith("users#x")
    assert found.evidence == ("names: the name says so",)


def test_what_is_forbidden_takes_the_claims_severity() -> None:
    claim = Claim("P", "prohibit", (PHONE,), severity="critical")
    (found,) = run(UNDECLARED_CATEGORY, declare(claim), columns={"x": PHONE})
    assert (found.claim, found.severity) == ("P", "critical")
    assert "incorrect" in found.message


def test_a_contradiction_in_the_text_is_no_finding_here() -> None:
    claims = [prohibit("P", EMAIL), collect("C", EMAIL)]
    assert run(UNDECLARED_CATEGORY, declare(*claims), columns={"x": EMAIL}) == []


def test_a_broken_place_is_left_to_its_own_check() -> None:
    claims = [locate("L", CARD, functions=("payments",)), collect("C", CARD)]
    assert run(UNDECLARED_CATEGORY, declare(*claims), columns={"x": CARD}) == []
    export = received(EXPORT, "card", "sendgrid", CARD)
    assert run(UNDECLARED_CATEGORY, declare(*claims, recipients=[SENDGRID]), export) == []


def test_what_is_sent_from_a_table_of_ours_is_said_beside_its_place() -> None:
    claims = [locate("L", CARD, functions=("payments",)), collect("C", CARD)]
    sent = received(table("deliveries"), "payload/card", "sendgrid", CARD, "configured")
    (found,) = run(UNDECLARED_CATEGORY, declare(*claims, recipients=[SENDGRID]), sent)
    assert (found.recipient, found.claim, found.category) == ("sendgrid", "L", CARD)


def test_the_narrowest_claim_about_a_recipient_is_broken() -> None:
    wide = share("A", [EMAIL], functions=("payments", "support", "communications"))
    narrow = share("B", [EMAIL], functions=("payments",))
    declared = declare(wide, narrow, recipients=[STRIPE])
    (found,) = run(UNDECLARED_CATEGORY, declared, received(EXPORT, "b", "stripe", PHONE))
    assert found.claim == "B"


def test_a_doubtful_condition_is_a_warning() -> None:
    claim = Claim("C21", "allow_share", (EMAIL,), recipient=CONTRACT.recipient, condition="opt_in")
    flows = [
        received(EXPORT, "a", "stripe", EMAIL),
        received(table("hooks"), "url", "zapier", "", "configured"),
    ]
    (found,) = run(UNDECLARED_CATEGORY, declare(claim, recipients=[STRIPE]), *flows)
    assert (found.verdict, found.severity, found.claim) == ("warn", "medium", "C21")


def test_a_declared_recipient_that_nothing_shows() -> None:
    declared = declare(recipients=[STRIPE, MIXPANEL])
    (found,) = run(UNEVIDENCED_RECIPIENT, declared, received(EXPORT, "a", "stripe", EMAIL))
    assert (found.subject, found.recipient, found.severity, found.verdict) == (
        "mixpanel",
        "mixpanel",
        "low",
        "warn",
    )
    assert "Mixpanel" in found.message


@pytest.mark.parametrize("check", [UNDECLARED_RECIPIENT, UNDECLARED_CATEGORY, UNEVIDENCED_RECIPIENT])
def test_every_check_has_a_page(check: Check) -> None:
    assert "What it means:" in check.doc
    assert "What to do:" in check.doc
