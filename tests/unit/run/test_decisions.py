"""Decisions over several scans: they stick, they are asked about again, they end."""

from __future__ import annotations

import json
import sqlite3

import pytest

from pii_scan.core.errors import ConfigError
from pii_scan.run.context import context
from pii_scan.run.explain import lines
from pii_scan.run.standing import document, table

from .company import Company, company, users

EMAIL = "user.contact.email"
NOTE, CONTACT, CODE = (f"sqlite://app/main/users#{name}" for name in ("note", "contact", "code"))
SUPPRESS = """
suppress:
  - match: app/users#note
    category: user.contact.email
    verdict: contains
    owner: support
    reason: signatures of our own staff
    expires: 2026-12-31
"""
CODES = """
overrides:
  - {match: "app/users#code", category: user.account.identifier, owner: dpo, reason: staff numbers}
"""
NOBODY = """
overrides:
  - {match: "users#contact", category: none, owner: dpo, reason: role addresses, expires: 2026-06-30}
"""
RULE = """
rules:
  - {id: order, category: user.unique_id, regex: 'ORD-[0-9]{6}', match: [ORD-123456], reject: [ORD-1]}
"""
SHARING = """\
version: 1
policy: {id: p, lang: en}
defaults: {world: closed}
recipients: []
claims:
  - {id: C1, kind: collect, data: [], quote: nothing}
"""


@pytest.fixture
def made(tmp_path) -> Company:
    return company(tmp_path)


def found(inventory, field):
    return {(d.category, d.verdict) for d in inventory.detections if d.field == field}


def states(inventory):
    return [(s.state, s.because) for s in inventory.decisions]


def test_without_decisions_nothing_changes(made):
    inventory = made.scan()
    assert found(inventory, CONTACT) == {(EMAIL, "type")}
    assert (EMAIL, "contains") in found(inventory, NOTE)
    assert (inventory.suppressed, inventory.decisions) == ((), ())


def test_an_override_sticks_over_scans(made):
    made.configure(CODES)
    for _ in range(2):
        inventory = made.scan()
        (detection,) = (d for d in inventory.detections if d.field == CODE)
        assert (detection.category, detection.verdict) == ("user.account.identifier", "type")
        label = detection.evidence[0]
        assert (label.kind, label.detail) == ("label", "overridden by dpo: staff numbers")
        assert states(inventory) == [("active", "")]
    assert inventory.decisions[0].accepted == "2026-01-10"


def test_none_takes_the_type_away_and_leaves_what_is_contained(made):
    made.configure(NOBODY.replace("users#contact", "users#*"))
    inventory = made.scan()
    assert found(inventory, CONTACT) == set()
    assert found(inventory, NOTE) == {(EMAIL, "contains")}


def test_contained_categories_go_if_they_are_listed(made):
    listed = 'contains: ["user.contact.*"], expires'
    made.configure(NOBODY.replace("users#contact", "users#*").replace("expires", listed))
    assert made.scan().detections == ()


def test_an_override_for_one_detector_alone(made):
    only = NOBODY.replace("expires", 'when: {detector: "phone_*"}, expires')
    made.configure(only)
    inventory = made.scan()
    assert found(inventory, CONTACT) == {(EMAIL, "type")}
    assert inventory.decisions[0].state == "unused"
    made.configure(only.replace("phone_*", "em*l"))
    assert found(made.scan(), CONTACT) == set()


def test_what_is_suppressed_is_kept_but_counts_for_nothing(made, tmp_path):
    (tmp_path / "sharing.yaml").write_text(SHARING)
    made.configure(sharing="sharing.yaml")
    plain = made.scan()
    assert any(f.subject == NOTE and f.category == EMAIL for f in plain.findings)
    made.configure(SUPPRESS, sharing="sharing.yaml")
    inventory = made.scan()
    assert not any(f.subject == NOTE and f.category == EMAIL for f in inventory.findings)
    assert (EMAIL, "contains") not in found(inventory, NOTE)
    (suppressed,) = inventory.suppressed
    assert (suppressed.detection.field, suppressed.detection.count) == (NOTE, 2)
    assert suppressed.decision.owner == "support"


def test_flows_leave_out_what_is_suppressed_also_without_a_new_scan(made, tmp_path):
    (tmp_path / "sharing.yaml").write_text(
        SHARING.replace("recipients: []", "recipients:\n  - {id: mailer, name: Mailer}")
    )
    bound = {"sharing": "sharing.yaml", "exports": "[{match: 'app/*', recipient: mailer}]"}
    made.configure(**bound)
    flows = {(f.field, f.category) for f in made.scan().flows}
    assert {(NOTE, EMAIL), (CONTACT, EMAIL)} <= flows
    made.configure(SUPPRESS + CODES, **bound)
    flows = {(f.field, f.category) for f in made.check().flows}
    assert (NOTE, EMAIL) not in flows
    assert {(CONTACT, EMAIL), (CODE, "user.account.identifier")} <= flows
    made.configure(**bound)
    assert (NOTE, EMAIL) in {(f.field, f.category) for f in made.check().flows}


def test_another_detector_asks_for_a_review_and_a_review_settles_it(made):
    made.configure(SUPPRESS)
    made.scan()
    made.as_of = "2026-02-01"
    made.configure(SUPPRESS + RULE)
    inventory = made.scan()
    assert states(inventory) == [("needs review", "the detector has changed since 2026-01-10")]
    assert len(inventory.suppressed) == 1  # it stays in force
    (finding,) = (f for f in inventory.findings if f.check == "decision-review")
    assert (finding.severity, finding.verdict) == ("low", "warn")
    assert "needs review: the detector has changed since 2026-01-10" in finding.message
    assert states(made.scan()) == states(inventory)  # it is asked about until someone answers
    made.configure(SUPPRESS + "    reviewed: 2026-02-01\n" + RULE)
    inventory = made.scan()
    assert states(inventory) == [("active", "")]
    assert inventory.decisions[0].accepted == "2026-02-01"


def test_ten_times_the_rows_ask_for_a_review(made):
    made.configure(SUPPRESS)
    made.scan()
    made.table("users", users(mentions=9))
    assert states(made.scan()) == [("active", "")]
    made.table("users", users(mentions=20))
    assert states(made.scan()) == [
        ("needs review", f"the field contains {EMAIL} in 20 rows, on 2026-01-10 in 2")
    ]


def test_a_new_category_asks_for_a_review(made):
    made.configure(SUPPRESS.replace("user.contact.email", "user.*"))
    made.scan()
    rows = users()
    rows["note"][5] = "call +33 6 12 34 56 78"
    made.table("users", rows)
    assert states(made.scan()) == [
        ("needs review", "new since 2026-01-10: the field contains user.contact.phone_number")
    ]


def test_another_type_of_field_asks_for_a_review(made):
    made.configure(CODES)
    made.scan()
    made.table("users", users() | {"code": list(range(100))})
    told = "the field's type is integer, on 2026-01-10 it was string"
    assert states(made.scan()) == [("needs review", told)]


def test_another_verdict_asks_for_a_review(made):
    made.configure(NOBODY)
    made.scan()
    made.table("users", users() | {"contact": [f"+33612345{n:03d}" for n in range(100)]})
    inventory = made.scan()
    assert states(inventory)[0][0] == "needs review"
    assert found(inventory, CONTACT) == set()


def test_what_is_gone_asks_for_a_review(made):
    made.configure(SUPPRESS + CODES)
    made.scan()
    made.table("users", {"contact": ["a@example.org"], "note": ["called"]})
    assert states(made.scan()) == [
        ("needs review", "its fields are gone since 2026-01-10"),
        ("needs review", "what it decided on is no longer seen since 2026-01-10"),
    ]


def test_a_scan_of_another_store_says_nothing_about_it(made):
    made.configure(SUPPRESS)
    made.scan()
    assert states(made.scan("other")) == [("active", "its store was not scanned in this run")]
    assert states(made.scan()) == [("active", "")]


def test_an_expired_decision_is_told_and_no_longer_in_force(made):
    made.configure(NOBODY)
    assert found(made.scan(), CONTACT) == set()
    made.as_of = "2026-06-30"
    made.configure(NOBODY)
    assert made.check().decisions[0].state == "active"
    made.as_of = "2026-07-01"
    made.configure(NOBODY)
    inventory = made.check()
    assert found(inventory, CONTACT) == {(EMAIL, "type")}
    assert states(inventory) == [("expired", "it ended on 2026-06-30, so what it decided counts no more")]
    assert [f.check for f in inventory.findings] == ["decision-review"]


def test_one_that_begins_later_waits(made):
    made.configure(NOBODY.replace("expires", "since: 2026-02-01, expires"))
    inventory = made.scan()
    assert states(inventory) == [("pending", "it begins on 2026-02-01")]
    assert found(inventory, CONTACT) == {(EMAIL, "type")}
    assert inventory.findings == ()


def test_one_that_decides_nothing_is_told(made):
    made.configure(SUPPRESS.replace("users#note", "user#note") + CODES + CODES.replace("overrides:\n", ""))
    inventory = made.scan()
    assert [s.state for s in inventory.decisions] == ["active", "unused"]
    assert "no field fits its match" in inventory.decisions[1].because
    made.configure(SUPPRESS.replace("user.contact.email", "user.financial.*"))
    assert made.scan().decisions[0].because == "no detection fits its category and verdict"


def test_of_two_overrides_the_first_decides(made):
    made.configure(CODES + '  - {match: "*#code", category: user.name, owner: x, reason: y}\n')
    inventory = made.scan()
    assert found(inventory, CODE) == {("user.account.identifier", "type")}
    assert [s.state for s in inventory.decisions] == ["active", "unused"]


def test_a_urn_of_the_inventory_is_a_match(made):
    made.configure(CODES.replace("app/users#code", CODE))
    assert found(made.scan(), CODE) == {("user.account.identifier", "type")}


def test_acceptance_survives_purged_runs(made):
    made.configure(SUPPRESS)
    made.scan()
    made.as_of = "2026-03-01"
    made.configure(SUPPRESS)
    made.scan()
    with context(made.folder / "pii-scan.yaml") as opened:
        opened.repository.purge(1)
    assert made.scan().decisions[0].accepted == "2026-01-10"


def test_birth_dates_by_the_users_word_keep_no_times(made):
    dates = [f"19{n % 90 + 10}-03-0{n % 9 + 1}" for n in range(100)]
    made.table("users", users() | {"d": dates})
    assert made.scan().profiles["sqlite://app/main/users#d"].times
    said = "{match: 'app/users#d', category: user.demographic.date_of_birth, owner: a, reason: b}"
    made.configure(f"overrides:\n  - {said}\n")
    assert not made.scan().profiles["sqlite://app/main/users#d"].times


def test_explain_tells_of_decisions_and_rules(made):
    made.configure(SUPPRESS + CODES)
    made.scan()
    with context(made.folder / "pii-scan.yaml") as opened:
        note = "\n".join(lines(opened, NOTE))
        code = "\n".join(lines(opened, CODE))
        (decision,) = (d for d in opened.decisions if d.kind == "suppress")
        told = "\n".join(lines(opened, decision.id))
    assert "suppressed by support: signatures of our own staff, until 2026-12-31" in note
    assert f"rule email: {EMAIL}, strong, shipped" in note
    assert f"decision {decision.id} (app/users#note) active" in note
    assert "overridden by dpo: staff numbers" in code
    assert "1 fields, 1 detections" in told


def test_the_list_of_decisions(made):
    made.configure(SUPPRESS)
    made.scan()
    with context(made.folder / "pii-scan.yaml") as opened:
        text, records = table(opened), json.loads(document(opened))["decisions"]
    assert "ACTIVE" in text
    assert "support: signatures of our own staff, until 2026-12-31" in text
    assert [(r["state"], r["detections"], r["expires"]) for r in records] == [("active", 1, "2026-12-31")]
    made.configure()
    with context(made.folder / "pii-scan.yaml") as opened:
        assert table(opened).startswith("no decisions")


def test_the_inventory_stores_no_reason_and_no_owner(made):
    made.configure(SUPPRESS)
    made.scan()
    content = (made.folder / ".pii-scan" / "inventory.db").read_bytes()
    assert b"signatures of our own staff" not in content
    with sqlite3.connect(made.folder / ".pii-scan" / "inventory.db") as connection:
        rows = connection.execute("SELECT id, accepted, basis FROM decisions").fetchall()
    assert len(rows) == 1
    assert rows[0][1] == "2026-01-10"


@pytest.mark.parametrize(
    ("detect", "message"),
    [  # {by} stands for an owner and a reason
        (
            "suppress:\n  - {match: a, category: user, {by}}\n",
            "'detect.suppress.0.expires' is missing; add it",
        ),
        (
            "overrides:\n  - {match: a, category: user, reason: c}\n",
            "'detect.overrides.0.owner' is missing; add it",
        ),
        (
            "overrides:\n  - {match: a, category: user.contact.emial, {by}}\n",
            "unknown category 'user.contact.emial'; did you mean 'user.contact.email'?",
        ),
        (
            "suppress:\n  - {match: a, category: user.contact.emial, {by}, expires: 2026-05-01}\n",
            "no category fits 'user.contact.emial'; did you mean 'user.contact.email'?",
        ),
        (
            "overrides:\n  - {match: a, category: none, {by}, since: 2026-02-01, expires: 2026-01-01}\n",
            "'detect.overrides.0': it expires before it begins",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_place(made, detect, message):
    path = made.configure(detect.replace("{by}", "owner: b, reason: c"))
    with pytest.raises(ConfigError) as caught, context(path):
        pass
    assert "pii-scan.yaml:9:" in str(caught.value)
    assert message in str(caught.value)
