"""Verdicts on rows that were counted: what fails, what passes within a bound, what can't be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from pii_scan import plugins
from pii_scan.checks.registry import evaluate
from pii_scan.core.cohort import ALL, PROFILES, PROMOTION, SOLE, TEMPLATES, Roll, Tally
from pii_scan.core.declaration import Audience, Claim, Declaration, Recipient, Retention
from pii_scan.core.inventory import Coverage
from pii_scan.core.lineage import Processor
from pii_scan.core.promise import COUNTED
from pii_scan.core.register import Entry
from tests.unit.checks.company import Company, file, table

CHECKS = list(plugins.load_all("checks").values())
NE = "not evaluable"
MAILER = Recipient(Processor("mailer", "Mailer", function="communications"), signatures=("mailer/*",))
ROWS, SENT = table("bookings"), file("mailer/sends.csv")
MONTH = 30 * 24


def _entry(register: str, **values: str) -> Entry:
    return Entry(register, f"registers://registers/{register}.csv", f"{register}.csv row 1", values)


NAMED = _entry("requests", id="1", kind="copy", opened_on="2026-01-01", named="mailer")


def _found(
    promise: str,
    *tallies: Tally,
    roll: Mapping[str, Any] | None = None,
    claim: Mapping[str, Any] | None = None,
    entries: tuple[Entry, ...] = (NAMED,),
    coverage: tuple[Coverage, ...] = (),
) -> tuple[str, str]:
    """The verdict and its reason; the cohort is the promise's own, and has three members."""
    cohort = COUNTED[promise] or PROFILES
    more: dict[str, Any] = {"within": MONTH} | dict(claim or {})
    made = Claim("C", "right", ("user",), promise=promise, severity="high", **more)
    company = Company()
    company.datasets += [ROWS, SENT]
    inventory = replace(
        company.inventory(),
        declaration=Declaration(recipients=(MAILER,), claims=(made,)),
        rolls=(Roll(cohort, "sqlite://app/main/people", **{"rows": 9, "members": 3, **(roll or {})}),),
        tallies=tuple(replace(t, cohort=t.cohort or cohort) for t in tallies),
        entries=entries,
        coverage=coverage,
    )
    verdicts = evaluate(inventory, CHECKS)[1]
    return verdicts[0].verdict, verdicts[0].because


def _rows(days: int = 40, label: str = ALL, **more: Any) -> Tally:
    return Tally(
        **{"cohort": "", "dataset": ROWS.urn, "rows": 9, "held": 2, "over": {label: {days: 2}}, **more}
    )


def _sent(days: int = 40, label: str = ALL, **more: Any) -> Tally:
    return Tally(
        **{"cohort": "", "dataset": SENT.urn, "rows": 9, "held": 2, "after": {label: {days: 2}}, **more}
    )


@pytest.mark.parametrize(
    ("promise", "tally", "expected"),
    [
        ("ends_with_account", _rows(), "fail"),
        ("ends_with_account", _rows(29), "pass"),
        ("ends_with_account", _rows(over={}, undated=2), NE),
        ("co_owned", _rows(label=SOLE), "fail"),
        ("co_owned", _rows(label=ALL), "pass"),
        ("account_period", _rows(), "fail"),
        ("paid_only", _rows(filled={"user": 1}, steps=1), "fail"),
        ("paid_only", _rows(filled={"user": 1}, steps=2), NE),
        ("paid_only", _rows(filled={"user.content": 1}, steps=1), "pass"),
        ("erased", _rows(), "fail"),
        ("erased", _rows(3), "pass"),
        ("opt_out", _sent(label=PROMOTION), "fail"),
        ("opt_out", _sent(label=ALL), "pass"),
        ("opt_out", Tally(TEMPLATES, SENT.urn, held=2, over={ALL: {0: 1}}), "fail"),
        ("objection", _sent(group="marketing", label=PROMOTION), "fail"),
        ("objection", _sent(group="all", label=PROMOTION), "fail"),
        ("objection", _sent(group="analytics", label=PROMOTION), NE),
        ("objection", _sent(group="analytics, marketing", label=PROMOTION), "fail"),
        ("recipients_told", _sent(group="copy: stripe"), "fail"),
        ("recipients_told", _sent(group="copy: mailer, stripe"), "pass"),
        ("recipients_told", _sent(group="copy: Mailer, stripe"), "pass"),
        ("recipients_told", _sent(group="portability: "), "pass"),
        ("recipients_told", _sent(cohort="erased", group="stripe"), "fail"),
        ("recipients_told", _sent(cohort="erased", group="mailer", over={ALL: {31: 1}}), "fail"),
        ("recipients_told", _rows(group="copy: stripe"), NE),
        ("in_step", _sent(filled={"user.contact.email": 1}), "fail"),
        ("in_step", _sent(over={"user.contact.email": {29: 1}}), "pass"),
        ("in_step", _rows(), NE),
        ("while_connected", _sent(), NE),
    ],
)
def test_rows_that_break_a_promise(promise: str, tally: Tally, expected: str) -> None:
    assert _found(promise, tally)[0] == expected


def test_a_period_has_its_grace() -> None:
    own = {"within": None, "retention": Retention(grace=50, per_account_setting="days")}
    assert _found("account_period", _rows(49), claim=own)[0] == "pass"
    assert _found("account_period", _rows(50), claim=own)[0] == "fail"


def test_what_a_hold_keeps_is_no_residue() -> None:
    held = (_entry("legal_holds", id="1", category="bookings", expires_on="2027-01-01"),)
    over = (_entry("legal_holds", id="1", category="bookings", expires_on="2025-01-01"),)
    others = (_entry("legal_holds", id="1", category="bookings", subject="a"),)
    assert [_found("erased", _rows(), _sent(3), entries=e)[0] for e in (held, over, others)] == [
        "pass",
        "fail",
        "fail",
    ]


def test_a_bound_is_told_and_a_gap_is_no_pass() -> None:
    verdict, because = _found("erased", _rows(3, bound="a sample of it"))
    assert (verdict, because.rpartition("; ")[2]) == ("pass", "of 1 of them a part was read (a sample of it)")
    assert _found("erased", _rows(bound="a sample of it"))[0] == "fail"
    assert _found("erased", _rows(3, gap="it is locked"))[0] == NE
    assert _found("erased", _rows(3), roll={"gap": "it has no key"})[0] == NE
    assert _found("erased", _rows(3), coverage=(Coverage(SENT.urn, "failed"),))[0] == NE


def test_only_what_a_claim_names_is_judged() -> None:
    meant = {"recipient": Audience(ids=("mailer",))}
    assert _found("ends_with_account", _rows(), claim=meant)[0] == NE
    assert _found("ends_with_account", replace(_rows(), dataset=SENT.urn), claim=meant)[0] == "fail"


def test_a_list_without_entries_of_recipients_can_not_be_judged() -> None:
    verdict, because = _found("recipients_told", _sent(group="copy: "), entries=())
    assert verdict == NE
    assert "`named`" in because


def test_copies_are_not_kept_in_step_where_something_could_not_be_read() -> None:
    lost = (Coverage(ROWS.urn, "failed", reason="it is locked"),)
    assert _found("in_step", _sent(over={"user.contact.email": {29: 1}}), coverage=lost)[0] == NE
