"""What lies where it should not: lists of what may be in a place, copies out of it, and other purposes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pii_scan import plugins
from pii_scan.checks.registry import evaluate
from pii_scan.core.declaration import Audience, Claim
from pii_scan.core.finding import ClaimVerdict, Finding
from pii_scan.core.inventory import Coverage, Inventory
from pii_scan.core.lineage import Link, Processor
from pii_scan.core.model import Store
from pii_scan.core.profile import Profile
from tests.unit.checks.company import (
    CARD,
    EMAIL,
    MIXPANEL,
    PHONE,
    STRIPE,
    Company,
    collect,
    declare,
    field_of,
    file,
    judged,
    received,
    share,
    table,
)

CHECKS = list(plugins.load_all("checks").values())
NE, IP, HEALTH, NOTE = (
    "not evaluable",
    "user.device.ip_address",
    "user.health_and_medical",
    "user.content.private",
)
DESK = Processor("desk", "Desk", function="support", hosts=("desk.example",))


def claim(promise: str, *data: str, **more: Any) -> Claim:
    return Claim("P", "collect", data, promise=promise, **more)


def settled(made: Inventory) -> tuple[ClaimVerdict, list[Finding]]:
    findings, verdicts = evaluate(judged(made), CHECKS)
    (verdict,) = (found for found in verdicts if found.id == "P")
    return verdict, [finding for finding in findings if finding.claim == "P"]


def told(made: Company, spoken: Claim, *others: Claim, **more: Any) -> tuple[str, list[str]]:
    """The verdict, and the fields and datasets that break the claim."""
    recipients = more.pop("recipients", ())
    verdict, findings = settled(made.inventory(declare(spoken, *others, recipients=recipients), **more))
    return verdict.verdict, sorted(finding.subject.rpartition("/")[2] for finding in findings)


def users(**columns: str) -> Company:
    made = Company()
    made.add(table("users"), columns or {"email": EMAIL, "id": "user.unique_id"})
    made.add(table("notes"), {"body": HEALTH})
    return made


LISTED = claim("only_listed", EMAIL, "dataset:users")


def test_a_place_may_hold_what_is_listed_and_bare_keys() -> None:
    assert told(users(), LISTED) == ("pass", [])


def test_anything_else_that_is_personal_breaks_it_there_alone() -> None:
    assert told(users(email=EMAIL, phone=PHONE), LISTED) == ("fail", ["users#phone"])


def test_with_what_is_left_out_only_that_breaks_it_and_the_rest_is_named_vague() -> None:
    spoken = replace(LISTED, without=(HEALTH,))
    made = users(email=EMAIL, phone=PHONE)
    assert told(made, spoken) == ("pass", [])
    verdict, _ = settled(made.inventory(declare(spoken)))
    assert "only vaguely covered: Phone number" in verdict.because
    assert told(users(email=EMAIL, ill=HEALTH), spoken) == ("fail", ["users#ill"])


def test_what_is_listed_more_narrowly_than_left_out_stays() -> None:
    spoken = claim("only_listed", EMAIL, "dataset:users", without=("user.contact",))
    assert told(users(email=EMAIL, phone=PHONE), spoken) == ("fail", ["users#phone"])


def test_without_a_place_it_is_looked_for_everywhere_if_the_data_was_seen() -> None:
    spoken = claim("only_listed", EMAIL, without=(HEALTH,))
    assert told(users(), spoken) == ("fail", ["notes#body"])
    assert told(users(id="user.unique_id"), spoken)[0] == NE


@pytest.mark.parametrize("state", ["empty", "skipped", "failed"])
def test_a_place_that_was_not_looked_at_is_no_pass(state: str) -> None:
    made = Company()
    made.add(table("users"), {}, state=state)
    made.coverage[-1] = Coverage(made.datasets[0].urn, state)  # type: ignore[arg-type]
    assert told(made, LISTED)[0] == NE


def test_a_place_read_in_part_is_open_unless_it_is_broken() -> None:
    made = users(email=EMAIL)
    made.add(table("users_old"), {"email": EMAIL}, state="failed")
    assert told(made, replace(LISTED, data=(EMAIL, "dataset:users*")))[0] == NE
    made.add(table("users_new"), {"phone": PHONE})
    assert told(made, replace(LISTED, data=(EMAIL, "dataset:users*")))[0] == "fail"


def test_a_place_may_lie_in_a_store_that_was_not_to_be_had() -> None:
    made = users(email=EMAIL)
    assert told(made, LISTED)[0] == "pass"
    made.coverage.append(Coverage(Store("postgresql", "other").urn, "failed", reason="it does not answer"))
    assert told(made, LISTED)[0] == NE


def test_a_place_of_a_promise_declares_nothing_that_lies_there() -> None:
    """The dataset of any other claim does: its categories are all covered."""
    findings, _ = evaluate(judged(users(ill=HEALTH).inventory(declare(LISTED))), CHECKS)
    assert "undeclared-category" in {finding.check for finding in findings}
    findings, _ = evaluate(
        judged(users(ill=HEALTH).inventory(declare(collect("C", "dataset:users", "dataset:notes")))), CHECKS
    )
    assert "undeclared-category" not in {finding.check for finding in findings}


STAYS = claim("stays", NOTE, "dataset:tickets", without=(CARD,), recipient=Audience(functions=("support",)))


def desk(**columns: str) -> Company:
    made = Company()
    prose = {name: Profile(rows=10, shapes={"text": 10}) for name in columns}
    made.add(table("tickets"), {"body": NOTE, "id": "", **columns}, prose)
    made.add(file("lake/tickets.csv"), {"body": NOTE, "id": ""})
    return made


def copied(made: Company, column: str, masking: bool = False) -> Link:
    source, target = made.datasets
    return Link(field_of(source, column).urn, field_of(target, column).urn, "mapping", masking=masking)


def test_what_people_told_stays_where_it_is() -> None:
    made = desk()
    assert told(made, STAYS, links=(copied(made, "id"),)) == ("pass", [])
    assert told(made, STAYS)[0] == NE
    assert told(Company(), STAYS)[0] == NE


def test_a_copy_of_the_text_has_left_and_one_of_keys_or_masked_has_not() -> None:
    made = desk()
    assert told(made, STAYS, links=(copied(made, "body"),)) == ("fail", ["tickets.csv"])
    assert told(made, STAYS, links=(copied(made, "id"), copied(made, "body", masking=True)))[0] == "pass"
    within = Link(made.datasets[0].urn, made.datasets[0].urn, "mapping")
    assert told(made, STAYS, links=(within,))[0] == "pass"


def test_prose_that_no_category_fits_is_a_copy_too() -> None:
    made = desk(remark="")
    assert told(made, STAYS, links=(copied(made, "remark"),))[0] == "fail"


def test_cards_are_never_among_it() -> None:
    assert told(desk(pasted=CARD), STAYS) == ("fail", ["tickets#pasted"])


def test_it_goes_to_those_who_are_meant_alone() -> None:
    made = desk()
    to = {"recipients": (DESK, MIXPANEL)}
    ours, theirs = (received(made.datasets[0], "body", name, NOTE) for name in ("desk", "mixpanel"))
    assert told(made, STAYS, flows=(ours,), **to) == ("pass", [])
    assert told(made, STAYS, flows=(ours, theirs), **to) == ("fail", ["tickets#body"])


ONLY_FOR = claim("only_for", IP, purposes=("essential.service.security",))


def addresses(purpose: str) -> Company:
    made = Company()
    made.add(table("sessions", Store("sqlite", "app", purpose=purpose)), {"ip": IP})
    return made


@pytest.mark.parametrize(
    ("purpose", "expected"), [("service", "pass"), ("security", "pass"), ("marketing", "fail"), ("", NE)]
)
def test_a_store_uses_the_data_for_what_it_is_for(purpose: str, expected: str) -> None:
    assert told(addresses(purpose), ONLY_FOR)[0] == expected


def test_a_recipient_uses_it_for_its_function_unless_another_claim_names_it() -> None:
    made = addresses("security")
    export = made.add(file("events.csv"), {"ip": IP})
    to = {"flows": (received(export, "ip", "mixpanel", IP),), "recipients": (MIXPANEL, STRIPE)}
    assert told(made, ONLY_FOR, **to) == ("fail", ["events.csv#ip"])
    assert told(made, ONLY_FOR, share("S", [IP], ids=("mixpanel",)), **to) == ("pass", [])
    assert told(made, ONLY_FOR, share("S", ["user.device"], ids=("mixpanel",)), **to)[0] == "fail"
