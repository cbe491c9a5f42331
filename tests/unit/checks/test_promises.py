"""Each promise: broken, kept, and with no evidence, over registers, settings and what a scan sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from pii_scan import plugins
from pii_scan.checks.registry import evaluate
from pii_scan.checks.rights import month_later
from pii_scan.core.declaration import Audience, Claim, Recipient, Retention
from pii_scan.core.finding import ClaimVerdict
from pii_scan.core.inventory import Inventory
from pii_scan.core.lineage import Processor
from pii_scan.core.model import Store
from pii_scan.core.profile import Profile
from pii_scan.core.promise import PROMISES
from pii_scan.core.register import Entry
from pii_scan.core.setting import Setting
from tests.unit.checks.company import (
    EMAIL,
    LOGS,
    MIXPANEL,
    PHONE,
    SENDGRID,
    STRIPE,
    Company,
    declare,
    file,
    judged,
    received,
    table,
)

CHECKS = list(plugins.load_all("checks").values())
NE, SHA = "not evaluable", "a" * 64


def entry(register: str, **values: str) -> Entry:
    return Entry(register, f"registers://registers/{register}.csv", f"{register}.csv row 1", values)


def incident(**values: str) -> Entry:
    return entry("incidents", id="1", aware_at="2026-01-01T00:00:00Z", **values)


def request(**values: str) -> Entry:
    return entry("requests", **{"id": "1", "kind": "copy", "opened_on": "2026-01-01", **values})


def erasure(**values: str) -> Entry:
    return entry("erasures", subject="a", erased_on="2026-01-01", **values)


def setting(path: str, name: str, value: str) -> Setting:
    return Setting("infra://infra", ("state.json", path), name, value)


def company() -> Company:
    made = Company()
    made.add(table("users"), {"email": EMAIL})
    return made


def claim(promise: str, **more: Any) -> Claim:
    return Claim("P", "secure", ("user",), promise=promise, **more)


def inventory(claims: Claim, made: Company | None = None, **more: Any) -> Inventory:
    recipients = more.pop("recipients", ())
    text = more.pop("text", {})
    declaration = replace(declare(claims, recipients=recipients), **text)
    return judged((made or company()).inventory(declaration, **more))


def verdict(claims: Claim, made: Company | None = None, **more: Any) -> ClaimVerdict:
    findings, (found,) = evaluate(inventory(claims, made, **more), CHECKS)
    assert found.because
    assert (found.verdict == NE) == bool(found.needs)
    assert (found.verdict == "fail") == any(f.claim == "P" and f.verdict == "fail" for f in findings)
    return found


def test_every_promise_has_exactly_one_check() -> None:
    settled = sorted(promise for check in CHECKS for promise in check.promises)
    assert settled == sorted(PROMISES)


@pytest.mark.parametrize("promise", sorted(PROMISES))
def test_nothing_to_look_at_is_never_a_pass(promise: str) -> None:
    found = verdict(claim(promise, purposes=("essential.service",), region="US"), Company())
    assert found.verdict == NE


REGISTERS: list[tuple[str, Mapping[str, Any], Entry, str]] = [
    ("breach_notice", {}, incident(notified_at="2026-01-03T00:00:00Z"), "pass"),
    ("breach_notice", {}, incident(notified_at="2026-01-04T00:00:01Z"), "fail"),
    ("breach_notice", {"within": 24}, incident(notified_at="2026-01-03T00:00:00Z"), "fail"),
    ("breach_notice", {}, entry("incidents", id="1", aware_at="2026-01-01"), "fail"),
    ("breach_notice", {}, entry("incidents", id="1", aware_at="2026-01-30"), "pass"),
    ("breach_notice", {}, entry("incidents", id="1", aware_at="2026-01-01", subjects="0"), "pass"),
    ("answer_in_time", {}, request(opened_on="2025-12-01", closed_on="2026-01-01"), "pass"),
    ("answer_in_time", {}, request(opened_on="2025-12-01", closed_on="2026-01-03"), "fail"),
    ("answer_in_time", {}, request(opened_on="2025-12-01"), "fail"),
    ("answer_in_time", {}, request(opened_on="2026-01-20"), "pass"),
    ("answer_in_time", {"within": 240}, request(opened_on="2026-01-10"), "fail"),
    ("identity", {}, request(closed_on="2026-01-02", subject="a", sender="a"), "pass"),
    ("identity", {}, request(closed_on="2026-01-02", subject="a", sender="b"), "fail"),
    ("identity", {}, request(closed_on="2026-01-02", subject="a", sender="b", proof="call back"), "pass"),
    ("identity", {}, request(closed_on="2026-01-02", subject="a", channel="session"), "pass"),
    ("identity", {}, request(closed_on="2026-01-02", subject="a", released_to="c"), "fail"),
    ("identity", {}, request(closed_on="2026-01-02", subject="a"), NE),
    ("proof_deleted", {}, request(closed_on="2026-01-02", proof="passport"), "fail"),
    ("proof_deleted", {}, request(closed_on="2026-01-02", proof="ID", proof_deleted_on="2026-01-02"), "pass"),
    ("proof_deleted", {}, request(closed_on="2026-01-02", proof="ID", proof_deleted_on="2099-01-02"), "fail"),
    ("proof_deleted", {}, request(closed_on="2026-01-02", proof="call back"), NE),
    ("structured_answer", {"asked": ("copy",)}, request(closed_on="2026-01-02", answered_with="csv"), "pass"),
    ("structured_answer", {"asked": ("copy",)}, request(closed_on="2026-01-02", answered_with="PDF"), "fail"),
    ("structured_answer", {"asked": ("copy",)}, request(closed_on="2026-01-02"), NE),
    ("structured_answer", {"asked": ("copy",)}, request(kind="erasure", answered_with="pdf"), NE),
    ("residue_named", {}, erasure(kept="invoices", basis="tax", kept_until="2030-01-01"), "pass"),
    ("residue_named", {}, erasure(kept="invoices", basis="tax", kept_until="2026-01-30"), "fail"),
    ("residue_named", {}, erasure(kept="invoices", kept_until="2030-01-01"), "fail"),
    ("residue_named", {}, erasure(), "pass"),
    ("legal_hold", {}, erasure(kept="invoices"), NE),
    ("referenced_export", {}, entry("exports", id="1", made_at="2026-01-01", reference="T-1"), "pass"),
    ("referenced_export", {}, entry("exports", id="1", made_at="2026-01-01"), "fail"),
    ("ticketed_access", {}, entry("staff_access", id="1", at="2026-01-01", ticket="T-1"), "pass"),
    ("ticketed_access", {}, entry("staff_access", id="1", at="2026-01-01"), "fail"),
]  # fmt: skip


@pytest.mark.parametrize(("promise", "more", "line", "expected"), REGISTERS)
def test_one_line_of_a_register(promise: str, more: Mapping[str, Any], line: Entry, expected: str) -> None:
    found = verdict(claim(promise, **more), entries=(line,))
    assert found.verdict == expected
    if expected == NE:
        assert found.needs == ("registers",)


@pytest.mark.parametrize(
    ("hold", "expected"),
    [
        ({"category": "Invoices", "expires_on": "2026-01-31"}, "pass"),
        ({"category": "invoices", "expires_on": "2026-01-30"}, "fail"),
        ({"category": "invoices", "subject": "a"}, "pass"),
        ({"category": "invoices", "subject": "b"}, "fail"),
        ({"category": "letters"}, "fail"),
    ],
)
def test_what_outlives_an_erasure_needs_a_hold_that_stands(hold: dict[str, str], expected: str) -> None:
    left = erasure(kept="invoices")
    held = entry("legal_holds", id="1", **hold)
    assert verdict(claim("legal_hold"), entries=(left, held)).verdict == expected


SETTINGS: list[tuple[str, Mapping[str, Any], list[Setting], str]] = [
    ("transport", {}, [setting("lb", "tls_required", "yes")], "pass"),
    ("transport", {}, [setting("lb", "tls_required", "no")], "fail"),
    ("transport", {}, [setting("lb", "tls_required", "unknown")], NE),
    ("transport", {}, [setting("lb", "tls_minimum", "TLSv1.1")], "fail"),
    ("transport", {}, [setting("lb", "requests_plaintext", "0")], "pass"),
    ("transport", {}, [setting("lb", "requests_plaintext", "7")], "fail"),
    ("transport", {}, [setting("db", "plaintext_rule", "anywhere")], "fail"),
    ("encryption", {}, [setting("db", "encrypted", "yes")], "pass"),
    ("encryption", {}, [setting("db", "encrypted", "yes"), setting("c", "encrypted", "unknown")], NE),
    ("encryption", {}, [setting("db", "encrypted", "no"), setting("c", "encrypted", "unknown")], "fail"),
    ("access", {}, [setting("db", "kind", "database"), setting("db", "public", "yes")], "fail"),
    ("access", {}, [setting("db", "kind", "database"), setting("db", "public", "no")], "pass"),
    ("access", {}, [setting("b", "kind", "bucket"), setting("b", "public", "yes")], NE),
    ("access", {}, [setting("t", "grant", "PUBLIC")], "fail"),
    ("access", {}, [setting("t", "grant", "reader")], "pass"),
    ("access", {}, [setting("db", "passwordless_rule", "a network")], "fail"),
    ("exposure", {}, [setting("b", "public", "no")], "pass"),
    ("exposure", {}, [setting("b", "public", "unknown")], NE),
    ("exposure", {}, [setting("b", "public", "yes")], NE),
    ("transport", {"data": ("dataset:infra/*",)}, [setting("lb", "tls_required", "no")], "fail"),
    ("transport", {"data": ("dataset:other/*",)}, [setting("lb", "tls_required", "no")], NE),
]  # fmt: skip


@pytest.mark.parametrize(("promise", "more", "told", "expected"), SETTINGS)
def test_what_the_infrastructure_says(
    promise: str, more: Mapping[str, Any], told: list[Setting], expected: str
) -> None:
    found = verdict(replace(claim(promise), **more), settings=tuple(told))
    assert found.verdict == expected


@pytest.mark.parametrize(
    ("store", "expected"), [("aws_s3_bucket.b", "pass"), ("b", "pass"), ("c", "fail"), ("", "fail")]
)
def test_what_lies_open_has_to_be_an_incident_of_that_store(store: str, expected: str) -> None:
    told = (setting("aws_s3_bucket.b", "public", "yes"),)
    incident = entry("incidents", id="1", aware_at="2026-01-01", store=store)
    assert verdict(claim("exposure"), settings=told, entries=(incident,)).verdict == expected


@pytest.mark.parametrize(
    ("region", "provider", "wanted", "expected"),
    [
        ("us-east-1", "aws", "US", "pass"),
        ("eu-west-1", "aws", "US", "fail"),
        ("eu-west-1", "aws", "EU", "pass"),
        ("us-east-1", "gcp", "US", "fail"),
        ("moon-1", "aws", "US", NE),
        ("unknown", "aws", "US", NE),
    ],
)
def test_where_resources_stand(region: str, provider: str, wanted: str, expected: str) -> None:
    told = (setting("db", "region", region), setting("db", "provider", provider))
    wish = claim("location", region=wanted, recipient=Audience(ids=("aws",)))
    stores = (Store("postgresql", "app", region="US" if wanted == "US" else "FR"),)
    assert verdict(wish, settings=told, stores=stores).verdict == expected


def test_a_store_of_ours_in_another_country() -> None:
    wish = claim("location", region="US")
    for region, expected in (("US", "pass"), ("eu-central-1", "fail"), ("", NE)):
        store = Store("postgresql", "app", region=region)
        assert verdict(wish, stores=(store,)).verdict == expected


def test_a_dump_in_plain_text_is_no_encryption() -> None:
    made = company()
    made.add(file("old/app.sql.gz/users"), {"email": EMAIL})
    found = evaluate(inventory(claim("encryption"), made), CHECKS)[0]
    assert [f.subject for f in found if f.check == "unencrypted-store"] == ["files://exports/old/app.sql.gz"]


def flows(recipient: str, category: str = EMAIL) -> dict[str, Any]:
    return {"flows": (received(table("users"), "email", recipient, category),)}


def test_a_contract_in_the_register_or_in_the_list_that_still_holds() -> None:
    for until, expected in (("2026-01-31", "pass"), ("2026-01-30", "fail")):
        line = entry("contracts", recipient="sendgrid", until=until)
        found = verdict(claim("contract"), **flows("sendgrid"), recipients=(SENDGRID,), entries=(line,))
        assert found.verdict == expected
    nobody = entry("contracts", recipient="stripe", until="2030-01-01")
    assert verdict(claim("contract"), **flows("mixpanel"), entries=(nobody,)).verdict == "fail"
    partner = replace(SENDGRID, role="partner")
    found = verdict(claim("contract"), **flows("sendgrid"), recipients=(partner,), entries=(nobody,))
    assert found.verdict == "pass"
    assert verdict(claim("contract"), **flows("sendgrid")).needs == ("registers",)


@pytest.mark.parametrize(
    ("kind", "until", "expected"),
    [("PCI-DSS", "2026-01-31", "pass"), ("PCI-DSS", "2026-01-30", "fail"), ("", "", "fail")],
)
def test_a_certificate_in_date(kind: str, until: str, expected: str) -> None:
    wish = claim("attestation", recipient=Audience(functions=("payments",)))
    shown = Recipient(STRIPE, attestation=kind, attestation_until=until)
    assert verdict(wish, **flows("stripe"), text={"recipients": (shown,)}).verdict == expected


def test_needs_of_a_recipient() -> None:
    for category, expected in ((EMAIL, "pass"), (PHONE, "fail")):
        shown = Recipient(SENDGRID, needs=(EMAIL,))
        found = verdict(claim("minimum"), **flows("sendgrid", category), text={"recipients": (shown,)})
        assert found.verdict == expected


def test_an_empty_column_for_personal_data_is_a_hint() -> None:
    made = Company()
    made.add(table("users"), {"email": EMAIL, "phone": PHONE}, {"phone": Profile(rows=9, nulls=9)})
    shown = Recipient(SENDGRID, needs=(EMAIL,))
    whole = inventory(claim("minimum"), made, **flows("sendgrid"), text={"recipients": (shown,)})
    findings, (found,) = evaluate(whole, CHECKS)
    hints = [f for f in findings if f.check == "more-than-needed"]
    assert [(f.subject.rpartition("#")[2], f.verdict) for f in hints] == [("phone", "warn")]
    assert found.verdict == "pass"


def test_purposes_of_stores_and_recipients() -> None:
    wish = claim("only_purposes", purposes=("essential.service",))
    for purpose, expected in (("service", "pass"), ("marketing", "fail"), ("", NE)):
        made = Company()
        made.add(table("users", Store("postgresql", "app", purpose=purpose)), {"email": EMAIL})
        assert verdict(wish, made).verdict == expected
    made = Company()
    made.add(table("users", Store("postgresql", "app", purpose="service")), {"email": EMAIL})
    assert verdict(wish, made, **flows("mixpanel")).verdict == "fail"
    assert verdict(wish, made, **flows("stripe")).verdict == "pass"


def test_study_names_nobody() -> None:
    wish = claim("research", purposes=("improve", "analytics"))
    lab = Store("files", "lab", purpose="improve")
    for category, expected in (("user.behavior", "pass"), (EMAIL, "fail")):
        made = Company()
        made.add(table("use", lab), {"column": category})
        assert verdict(wish, made).verdict == expected
    assert verdict(wish, **flows("mixpanel")).verdict == "fail"


def test_recipients_of_a_purpose_are_declared() -> None:
    wish = claim("registered", purposes=("analytics",))
    assert verdict(wish, **flows("mixpanel")).verdict == "fail"
    assert verdict(wish, **flows("mixpanel"), recipients=(MIXPANEL,)).verdict == "pass"
    nobody = Processor("odd", "Odd")
    assert nobody.function == ""
    assert verdict(wish, **flows("odd")).verdict == NE


def test_secrets_in_the_open() -> None:
    token = "user.authorization.token"
    made = Company()
    made.add(table("access.log", LOGS, "log"), {"target": token})
    assert verdict(claim("credentials"), made).verdict == "fail"
    for characters, expected in ((600, "pass"), (80, "fail")):
        made = Company()
        profile = Profile(rows=10, characters=characters, shapes={"token": 10})
        made.add(table("users"), {"password": "user.authorization.password"}, {"password": profile})
        assert verdict(claim("credentials"), made).verdict == expected
    made = Company()
    made.add(
        table("access.log", LOGS, "log"),
        {"session": token},
        {"session": Profile(rows=3, shapes={"digits": 3})},
    )
    assert verdict(claim("credentials"), made).verdict == NE


def test_every_kind_of_data_has_a_period() -> None:
    wish = Claim("P", "retain", ("dataset:users",), promise="periods")
    other = Claim("R", "retain", ("dataset:users",), retention=Retention(30))
    for claims, expected in (((wish,), "fail"), ((wish, other), "pass")):
        whole = judged(company().inventory(declare(*claims)))
        assert evaluate(whole, CHECKS)[1][0].verdict == expected


def test_a_person_can_be_found_or_not() -> None:
    made = company()
    made.add(table("positions"), {"latitude": "user.location.precise"})
    assert verdict(claim("reachable"), made).verdict == "fail"
    users = made.datasets[0].urn
    made.fields.append(replace(made.fields[-1], path=("user_id",), references=f"{users}#id"))
    assert verdict(claim("reachable"), made).verdict == "pass"


VERSIONS = (
    entry("policy_versions", version="1", effective="2024-01-01", sha256=SHA),
    entry("policy_versions", version="2", effective="2025-01-01", sha256=SHA),
)


@pytest.mark.parametrize(
    ("channels", "day", "expected"),
    [
        (("mail", "in-app"), "2024-12-01T00:00:00Z", "pass"),
        (("mail", "in-app"), "2025-01-01T00:00:00Z", "fail"),
        (("mail",), "2024-12-01T00:00:00Z", "fail"),
        ((), "", NE),
    ],
)
def test_a_change_is_announced_before_it_takes_effect(
    channels: tuple[str, ...], day: str, expected: str
) -> None:
    notices = tuple(entry("notices", policy_version="2", sent_at=day, channel=c) for c in channels)
    assert verdict(claim("announced"), entries=(*VERSIONS, *notices)).verdict == expected


def test_versions_are_kept_and_are_the_texts_that_they_were() -> None:
    for text, expected in ((SHA, "pass"), ("b" * 64, "fail"), ("", NE)):
        found = verdict(claim("archived"), entries=VERSIONS, text={"text_sha256": text})
        assert found.verdict == expected
    bare = entry("policy_versions", version="0", effective="2023-01-01")
    found = verdict(claim("archived"), entries=(*VERSIONS, bare), text={"text_sha256": SHA})
    assert found.verdict == "fail"


def test_the_policy_in_force_covers_what_is_seen() -> None:
    shared = {"effective": "2025-01-01", "recipients": (Recipient(SENDGRID),)}
    assert verdict(claim("current"), **flows("mixpanel"), text=shared).verdict == "fail"
    wish = Claim("P", "allow_share", ("user",), recipient=Audience(anyone=True), promise="current")
    assert verdict(wish, **flows("sendgrid"), text=shared, entries=VERSIONS).verdict == "pass"
    old = {**shared, "effective": "2024-01-01"}
    assert verdict(wish, **flows("sendgrid"), text=old, entries=VERSIONS).verdict == "fail"


def test_a_month_later_is_the_same_day_or_the_last() -> None:
    assert month_later(datetime(2026, 1, 31, tzinfo=UTC)) == datetime(2026, 2, 28, tzinfo=UTC)
    assert month_later(datetime(2025, 12, 15, tzinfo=UTC)) == datetime(2026, 1, 15, tzinfo=UTC)


def test_a_promise_that_no_check_settles_is_open() -> None:
    found = evaluate(inventory(claim("transport")), [])[1][0]
    assert (found.verdict, found.needs) == (NE, ("infrastructure",))
