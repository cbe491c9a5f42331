"""Every question of the lineage in every form, on a company with links, borders and an earlier run."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from pii_scan.core.declaration import Declaration, Recipient
from pii_scan.core.errors import ConfigError
from pii_scan.core.inventory import Coverage, Inventory
from pii_scan.core.lineage import Flow, Link
from pii_scan.core.model import Store
from pii_scan.run.asking import Question
from pii_scan.run.lineage import answer, answered, earlier_of
from tests.unit.checks.company import (
    CARD,
    EMAIL,
    PHONE,
    SENDGRID,
    STRIPE,
    Company,
    file,
    judged,
    received,
    share,
    table,
)
from tests.unit.run.drawings import Drawing, read_dot, read_mermaid

SCHEMA = json.loads(
    (Path(__file__).parents[3] / "reports" / "schema" / "lineage.schema.json").read_text(encoding="utf-8")
)
EUROPE = Store("postgresql", "app", region="eu-west-1", default_path=("public",))
USERS, VIEW = table("users", EUROPE), table("v_users", EUROPE, "view")
DROP = Store("files", "exports", region="us-east-1")
EXPORT = file("stripe.csv", DROP)
START, MIDDLE, END = f"{USERS.urn}#email", f"{VIEW.urn}#mail", f"{EXPORT.urn}#customer"
DECLARED = Declaration(
    policy="test",
    recipients=(Recipient(STRIPE, needs=(EMAIL, "user.name")), Recipient(SENDGRID)),
    claims=(share("C1", [EMAIL, PHONE], ids=("stripe",)),),
)
FORMS = ("table", "json", "dot", "mermaid", "openlineage")
HOSTILE = 'a"]; -->|x| `**b**` \\n \\ #quot; <script>&amp; ‹x› 名'


def company() -> Inventory:
    made = Company()
    made.add(USERS, {"email": EMAIL, "tel": PHONE})
    made.add(VIEW, {"mail": EMAIL})
    made.add(EXPORT, {"customer": EMAIL, "card": CARD})
    flows = (
        received(EXPORT, "customer", "stripe", EMAIL),
        received(EXPORT, "card", "stripe", CARD),
        received(USERS, "tel", "stripe", "", "contact only"),
        received(USERS, "tel", "zapier", PHONE, "configured"),
        Flow("", "sendgrid", "", "declared only"),
    )
    links = (Link(START, MIDDLE, "view"), Link(MIDDLE, END, "value match", confidence=0.9, masking=True))
    return judged(made.inventory(DECLARED, flows=flows, links=links))


def told(question: Question, inventory: Inventory | None = None, **more: Any) -> Any:
    document = json.loads(answer(inventory or company(), question, "json", **more))
    jsonschema.validate(document, SCHEMA)
    return document


def of(document: Any) -> list[tuple[str, str]]:
    return [(flow["recipient"], flow["category"]) for flow in document["flows"]]


def test_who_receives_a_field_by_which_evidence_and_by_which_way() -> None:
    (flow,) = told(Question(urn=START))["flows"]
    assert (flow["recipient"], flow["status"]) == ("stripe", "confirmed")
    assert flow["evidence"][0]["tier"] == 1
    assert "shows the data itself" in flow["rule"]
    steps = [(step["node"], step["by"]) for step in flow["paths"][0]]
    assert steps == [
        (START, None),
        (MIDDLE, "view"),
        (END, "value match"),
        ("recipient:stripe", "flow"),
    ]
    table = answer(company(), Question(urn=START))
    assert f"way: {START} → {MIDDLE} → {END} → stripe" in table
    assert "export (tier 1" in table


def test_a_dataset_and_a_store_answer_for_what_lies_in_them() -> None:
    assert of(told(Question(urn=VIEW.urn))) == [("stripe", EMAIL)]
    assert len(of(told(Question(urn=EUROPE.urn)))) == 3
    assert of(told(Question(urn=f"{USERS.urn}#tel"))) == [("stripe", ""), ("zapier", PHONE)]


def test_what_a_recipient_receives_against_what_is_declared() -> None:
    found = told(Question(recipient="stripe"))
    judged_as = {flow["category"]: (flow["declared"], flow["beyond_needs"]) for flow in found["flows"]}
    assert judged_as == {EMAIL: ("clear", False), CARD: ("undeclared", True), "": (None, False)}
    missing = {(m["category"], m["because"]) for m in found["never_seen"]}
    assert missing == {(PHONE, "claim C1"), ("user.name", "its needs")}
    shown = answer(company(), Question(recipient="stripe"))
    assert "undeclared, beyond its needs" in shown
    assert "declared and never seen:" in shown
    (other,) = told(Question(recipient="zapier"))["flows"]
    assert other["declared"] == "undeclared recipient"


def test_a_company_answers_for_its_services() -> None:
    assert of(told(Question(recipient="twilio"))) == [("sendgrid", "")]
    assert "declared, seen nowhere" in answer(company(), Question(recipient="sendgrid"))


@pytest.mark.parametrize(
    ("home", "flows", "unknown"),
    [
        ("", [("stripe", "")], 1),
        ("EU", [("stripe", EMAIL), ("stripe", CARD), ("stripe", "")], 1),
        ("us-east-1", [], 1),
    ],
)
def test_what_crosses_a_border(home: str, flows: list[tuple[str, str]], unknown: int) -> None:
    found = told(Question(home=home))
    assert of(found) == flows
    assert [flow["recipient"] for flow in found["area_unknown"]] == ["zapier"] * unknown


def test_a_border_that_nothing_crosses_is_no_empty_page() -> None:
    nothing = answer(company(), Question(home="us-east-1", recipient="stripe"))
    assert nothing.startswith("no flow is known that leaves US")


def test_what_changed_since_another_run() -> None:
    new = company()
    lost = received(EXPORT, "card", "zapier", CARD)
    unread = Flow("mysql://other/t#c", "stripe", EMAIL, "confirmed")
    before = [replace(flow, status="contact only") if flow.category == PHONE else flow for flow in new.flows]
    old = replace(new, flows=(*before[1:], lost, unread), run=replace(new.run, id="run-0"))
    found = told(Question(since="run-0"), new, earlier=old)
    assert found["question"]["since"] == "run-0"
    changes = found["changes"]
    assert [(f["recipient"], f["category"]) for f in changes["gained"]] == [("stripe", EMAIL)]
    assert [(f["recipient"], f["category"]) for f in changes["lost"]] == [("zapier", CARD)]
    assert [(f["status_before"], f["status"]) for f in changes["changed"]] == [("contact only", "configured")]
    assert [f["field"] for f in changes["not_looked_at"]] == ["mysql://other/t#c"]
    marks = [line[0] for line in answer(new, Question(since="run-0"), "table", old).splitlines()[1:]]
    assert marks == ["+", "-", "~", "?"]
    labels = {
        label.partition(":")[0]
        for _, _, label in read_dot(answer(new, Question(since="x"), "dot", old)).edges
    }
    assert labels == {"new", "gone", "not looked at", "contact only → configured"}


def test_what_could_not_be_read_is_not_lost() -> None:
    new = company()
    gone = replace(new, flows=new.flows[2:], coverage=(Coverage(EXPORT.urn, "failed"),))
    changes = told(Question(since="run-0"), gone, earlier=new)["changes"]
    assert changes["lost"] == []
    assert len(changes["not_looked_at"]) == 2
    assert "no flow has changed" in answer(new, Question(since="run-0"), "table", new)


def test_a_category_narrows_every_question() -> None:
    assert of(told(Question(category="user.contact"))) == [("stripe", EMAIL), ("zapier", PHONE)]
    found = told(Question(recipient="stripe", category="user.contact"))
    assert [m["category"] for m in found["never_seen"]] == [PHONE]


def test_drawings_show_the_ways_step_by_step() -> None:
    expected = {(START, MIDDLE, "view"), (MIDDLE, END, "value match, masked"), (END, "stripe", EMAIL)}
    for read, form in ((read_dot, "dot"), (read_mermaid, "mermaid")):
        assert read(answer(company(), Question(urn=START, path=True), form)).edges == expected


@pytest.mark.parametrize("path", [False, True])
def test_hostile_names_stay_names(path: bool) -> None:
    made = company()
    flows = tuple(replace(f, field=f"files://x/{HOSTILE}#c", recipient=HOSTILE) for f in made.flows)
    hostile = replace(made, flows=flows)
    drawn: list[Drawing] = [
        read_dot(answer(hostile, Question(path=path), "dot")),
        read_mermaid(answer(hostile, Question(path=path), "mermaid")),
    ]
    for drawing in drawn:
        assert HOSTILE in drawing.nodes
        assert len(drawing.nodes) == 2
    told(Question(path=path), hostile)


@pytest.mark.parametrize("form", FORMS)
def test_nothing_found_is_said_in_every_form(form: str) -> None:
    empty = replace(company(), flows=(), links=())
    assert answer(empty, Question(), form) or form == "openlineage"


@pytest.mark.parametrize(
    ("question", "message"),
    [
        (Question(recipient="Stripe"), "did you mean 'stripe'"),
        (Question(recipient="api.stripe.com"), "did you mean 'stripe'"),
        (Question(recipient="xxxxxxx"), "recipients of this run: sendgrid, stripe, zapier"),
        (Question(recipient=""), "no recipient ''"),
        (Question(urn="users#email"), f"did you mean {START}"),
        (Question(urn="Users.email"), f"did you mean {START}"),
        (Question(category="email"), "did you mean 'user.contact.email'"),
        (Question(urn="postgresql://app/public/user"), "did you mean"),
        (Question(urn=""), "inventory show"),
        (Question(home="moon"), "no area that is known"),
        (Question(category="user.contct"), "did you mean 'user.contact'"),
        (Question(category="x"), "categories list"),
    ],
)
def test_a_mistake_is_one_line_that_says_what_to_do(question: Question, message: str) -> None:
    with pytest.raises(ConfigError, match=message.replace("[", r"\[")) as error:
        answered(company(), question)
    assert "\n" not in str(error.value)


def test_the_run_before() -> None:
    assert earlier_of(("a", "b", "c"), "last", "c") == "b"
    assert earlier_of(("a", "b"), "last", "unfinished") == "b"
    assert earlier_of(("a", "b"), "a", "b") == "a"
    for runs, since, current in [(("a",), "last", "a"), ((), "last", "a"), (("a",), "a", "a")]:
        with pytest.raises(ConfigError):
            earlier_of(runs, since, current)
