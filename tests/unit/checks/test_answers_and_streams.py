"""Handlers, streams of mails, packages and cookies: broken, kept, and what cannot be told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from pii_scan import plugins
from pii_scan.checks.registry import evaluate
from pii_scan.core.declaration import Claim
from pii_scan.core.register import Entry
from pii_scan.core.setting import Setting
from tests.unit.checks.company import EMAIL, Company, declare, file, table

CHECKS = list(plugins.load_all("checks").values())
NE = "not evaluable"


def entry(register: str, **values: str) -> Entry:
    return Entry(register, f"registers://registers/{register}.csv", "row 1", values)


def verdict(promise: str, made: Company | None = None, purposes: Sequence[str] = (), **more: Any) -> str:
    claim = Claim("P", "right", ("user",), promise=promise, purposes=tuple(purposes))
    _, (found,) = evaluate((made or Company()).inventory(declare(claim), **more), CHECKS)
    assert (found.verdict == NE) == bool(found.needs)
    return found.verdict


def places() -> Company:
    made = Company()
    made.add(table("users"), {"email": EMAIL})
    made.add(file("people.csv"), {"email": EMAIL})
    made.add(table("rates"), {"rate": ""})
    return made


def handler(place: str, action: str, ran_on: str = "2026-01-02") -> Entry:
    return entry("handlers", place=place, action=action, **({"ran_on": ran_on} if ran_on else {}))


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ([], NE),
        ([handler("*", "export"), handler("*", "erase")], "pass"),
        ([handler("*", "Export"), handler("app/*", "erasure"), handler("exports/*", "deletion")], "pass"),
        ([handler("*", "export"), handler("app/*", "erase")], "fail"),
        ([handler("*", "export"), handler("*", "erase", "")], "fail"),
        ([handler("*", "export", ""), handler("*", "export"), handler("*", "erase")], "pass"),
        ([handler("*", "look at")], "fail"),
    ],
)
def test_every_place_can_be_exported_and_erased(listed: list[Entry], expected: str) -> None:
    assert verdict("handled", places(), entries=tuple(listed)) == expected


def test_a_place_that_could_not_be_read_may_hold_people() -> None:
    made = places()
    made.add(table("old"), {}, state="failed")
    every = (handler("*", "export"), handler("*", "erase"))
    assert verdict("handled", made, entries=every) == NE
    assert verdict("handled", Company(), entries=every) == NE


def stream(name: str, kind: str, **told: str) -> Entry:
    return entry("mail_streams", stream=name, kind=kind, **told)


NEWS = stream("news", "promotional", suppression="news", stopped="9", promotions="100")


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ([], NE),
        ([NEWS], NE),
        ([stream("reminder", "transactional", stopped="0"), NEWS], "pass"),
        ([stream("reminder", "transactional", suppression="bounces"), NEWS], "pass"),
        ([stream("reminder", "transactional", suppression="News"), NEWS], "fail"),
        ([stream("reminder", "transactional", stopped="3"), NEWS], "fail"),
        ([stream("reminder", "transactional", promotions="1")], "fail"),
        ([stream("news", "transactional", stopped="0"), NEWS], "fail"),
        ([stream("reminder", "transactional"), NEWS], NE),
        ([stream("reminder", "transactional", stopped="0"), stream("x", "other")], NE),
    ],
)
def test_streams_of_mails_are_apart(listed: list[Entry], expected: str) -> None:
    assert verdict("streams", entries=tuple(listed)) == expected


def package(**values: str) -> Entry:
    return Entry("packages", "packages://packages/P-1", "P-1", {"package": "P-1", **values})


def found(identifier: str, whose: str = "", kind: str = "e-mail") -> Entry:
    told = {"kind": kind, "identifier": identifier} | ({"whose": whose} if whose else {})
    return package(**told)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([], NE),
        ([package(unread="0")], "pass"),
        ([package(unread="1")], NE),
        ([found("a", "requester"), found("b", "requester")], "pass"),
        ([found("a", "requester"), found("b", "other")], "fail"),
        ([found("a")], "pass"),
        ([found("a"), found("b", kind="phone")], "pass"),
        ([found("a"), found("b")], NE),
    ],
)
def test_a_package_is_of_one_person(told: list[Entry], expected: str) -> None:
    assert verdict("own_only", entries=tuple(told)) == expected


def cookie(name: str, **facts: str) -> list[Setting]:
    path = ("visit.har", "app.example", name)
    told = {"kind": "cookie", **{f"cookie_{key}": value for key, value in facts.items()}}
    return [Setting("cookies://browser", path, key, value) for key, value in told.items()]


SESSION = cookie("sid", purpose="essential.service.authentication", party="first", set="after")


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([], NE),
        (SESSION, "pass"),
        (SESSION + cookie("ad", purpose="marketing.advertising", party="third", set="after"), "fail"),
        (SESSION + cookie("ga", purpose="analytics", party="first"), "fail"),
        (SESSION + cookie("pay", purpose="essential.service.security", party="third", set="before"), "fail"),
        (SESSION + cookie("pay", purpose="essential.service.security", party="third", set="after"), "pass"),
        (SESSION + cookie("x", purpose="unknown", party="first", set="after"), NE),
        (SESSION + cookie("x", purpose="unknown", party="third", set="before"), "fail"),
    ],
)
def test_cookies_serve_what_is_said(told: list[Setting], expected: str) -> None:
    assert verdict("cookies", purposes=["essential.service"], settings=tuple(told)) == expected
