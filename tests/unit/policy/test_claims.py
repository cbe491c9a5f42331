"""The declared list: what is read, and every fault with its place and what was meant."""

from __future__ import annotations

import hashlib
from pathlib import Path

import jsonschema
import pytest

from pii_scan.core.declaration import Audience, Retention
from pii_scan.core.errors import ConfigError
from pii_scan.policy.claims import load, schema
from pii_scan.policy.schema import days
from tests.unit.checks.company import TAXONOMY

GOOD = """\
version: 1
policy:
  id: example-2026
  lang: en
  effective: 2026-01-01
recipients:
  - id: stripe
    name: Stripe
    function: payments
    region: US
    hosts: [api.stripe.com]
    exports: ["exports/stripe*"]
    dpa: {ref: contracts/stripe.pdf, until: 2027-12-31}
    attestation: {kind: PCI-DSS, until: 2027-06-30}
    needs: [user.contact.email]
claims:
  - id: C04
    kind: collect
    data: [user.name, user.contact]
    purposes: [essential.service]
    quote: your name
    span: [120, 129]
    severity: high
    sources: [data]
  - id: C20
    kind: allow_share
    data: [user]
    recipient: {functions: [payments], ids: [stripe], roles: [processor], anyone: true}
    condition: opt_in
  - {id: C26, kind: locate, data: [user.financial.credit_card], only_at: {functions: [payments]}}
  - {id: C33, kind: retain, data: ["dataset:booking*"], max_age: 90d}
  - {id: C34, kind: retain, data: ["dataset:log"], max_age: {days: 30, grace: 7d, age_of: starts_at}}
  - {id: C35, kind: retain, data: [user], max_age: {per_account_setting: delete_days, grace: 1m}}
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "sharing.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_everything_is_read(tmp_path: Path) -> None:
    made = load(write(tmp_path, GOOD), TAXONOMY)
    assert (made.policy, made.lang, made.effective, made.closed) == ("example-2026", "en", "2026-01-01", True)
    assert made.text_status == "unchecked"
    stripe = made.recipient("stripe")
    assert stripe is not None
    assert (stripe.processor.function, stripe.processor.role, stripe.line) == ("payments", "processor", 7)
    assert (stripe.dpa_until, stripe.attestation, stripe.attestation_until) == (
        "2027-12-31",
        "PCI-DSS",
        "2027-06-30",
    )
    assert (stripe.signatures, stripe.needs) == (("exports/stripe*",), ("user.contact.email",))
    claims = {claim.id: claim for claim in made.claims}
    assert [claim.line for claim in made.claims] == [17, 25, 30, 31, 32, 33]
    assert claims["C04"].span == (120, 129)
    assert claims["C04"].actor == "we"
    assert claims["C20"].recipient == Audience(("stripe",), ("payments",), ("processor",), True)
    assert claims["C20"].condition == "opt_in"
    assert claims["C26"].only_at == Audience(functions=("payments",))
    assert claims["C33"].datasets == ("booking*",)
    assert claims["C33"].retention == Retention(90)
    assert claims["C34"].retention == Retention(30, 7, "starts_at")
    assert claims["C35"].retention == Retention(None, 31, "", "delete_days")


def test_an_open_world(tmp_path: Path) -> None:
    assert not load(write(tmp_path, GOOD + "defaults: {world: open}\n"), TAXONOMY).closed


@pytest.mark.parametrize(
    ("text", "expected"), [("1d", 1), ("90d", 90), ("1m", 31), ("12m", 366), ("1y", 366), ("3Y", 1096)]
)
def test_periods(text: str, expected: int) -> None:
    assert days(text) == expected


FAULTS = [
    (
        "unknown key",
        ("    kind: collect", "    kindd: collect"),
        "18:5",
        "unknown key 'claims.0.kindd'",
        "'kind'",
    ),
    ("unknown key at the top", ("claims:", "claim:"), "16:1", "unknown key 'claim'", "'claims'"),
    (
        "nested",
        ("functions: [payments], ids", "function: [payments], ids"),
        "28:17",
        "unknown key 'claims.1.recipient.function'",
        "'functions'",
    ),
    (
        "category",
        ("user.name, user.contact]", "user.nmae, user.contact]"),
        "19:12",
        "unknown category 'user.nmae'",
        "'user.name'",
    ),
    (
        "second category",
        ("user.name, user.contact]", "user.name, user.contactt]"),
        "19:23",
        "unknown category 'user.contactt'",
        "'user.contact'",
    ),
    (
        "needs",
        ("[user.contact.email]", "[user.contact.emial]"),
        "15:13",
        "unknown category 'user.contact.emial'",
        "'user.contact.email'",
    ),
    ("recipient", ("ids: [stripe]", "ids: [strpie]"), "28:46", "unknown recipient 'strpie'", "'stripe'"),
    ("claim twice", ("id: C20", "id: C04"), "25:5", "the id 'C04' is given twice in claims", "line 17"),
    ("kind", ("kind: locate", "kind: location"), "30:15", "'claims.2.kind'", ""),
    ("period", ("max_age: 90d", "max_age: 90"), "31:57", "90d, 12m or 3y", ""),
    ("period in words", ("max_age: 90d", "max_age: ninety days"), "31:57", "90d, 12m or 3y", ""),
    ("grace", ("grace: 7d", "grace: 7"), "32:", "90d, 12m or 3y", ""),
    (
        "no period",
        ("{per_account_setting: delete_days, grace: 1m}", "{grace: 1m}"),
        "33:",
        "max_age names no period",
        "days or per_account_setting",
    ),
    ("age in another kind", ("only_at: {functions: [payments]}", "max_age: 3d"), "30:", "kind retain", ""),
    ("empty dataset", ("dataset:booking*", "dataset:"), "31:", "names no dataset", "dataset:GLOB"),
    ("severity", ("severity: high", "severity: bad"), "23:5", "'claims.0.severity'", ""),
    ("missing", ("    kind: collect\n", ""), "17:5", "'claims.0.kind' is missing", "add it"),
    ("version", ("version: 1", "version: 2"), "1:1", "'version'", ""),
    (
        "recipient's key",
        ("    region: US", "    regoin: US"),
        "10:5",
        "unknown key 'recipients.0.regoin'",
        "'region'",
    ),
    ("hash", ("  lang: en", "  sha256: abc"), "4:3", "'policy.sha256'", ""),
]


@pytest.mark.parametrize(
    ("change", "place", "reason", "hint"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS]
)
def test_faults_have_a_place_and_a_suggestion(
    tmp_path: Path, change: tuple[str, str], place: str, reason: str, hint: str
) -> None:
    assert GOOD.count(change[0]) >= 1
    path = write(tmp_path, GOOD.replace(*change, 1))
    with pytest.raises(ConfigError) as caught:
        load(path, TAXONOMY)
    assert caught.value.where.startswith(f"{path}:{place}"), caught.value
    assert reason in caught.value.reason
    assert hint in caught.value.hint


def test_recipients_twice(tmp_path: Path) -> None:
    text = GOOD.replace("claims:\n", "  - {id: stripe}\nclaims:\n")
    with pytest.raises(ConfigError) as caught:
        load(write(tmp_path, text), TAXONOMY)
    assert caught.value.where.endswith("sharing.yaml:16:6")
    assert caught.value.reason == "the id 'stripe' is given twice in recipients"


@pytest.mark.parametrize("text", ["", "[]", "- a", "version: 1", "a: [", "\x00"])
def test_what_is_no_declared_list(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError):
        load(write(tmp_path, text), TAXONOMY)


def with_text(digest: str) -> str:
    return GOOD.replace("  lang: en", f"  lang: en\n  source: policy.txt\n  sha256: {digest}")


def test_the_text_matches_differs_or_is_missing(tmp_path: Path) -> None:
    digest = hashlib.sha256(b"our words").hexdigest()
    path = write(tmp_path, with_text(digest.upper()))
    assert load(path, TAXONOMY).text_status == "missing"
    (tmp_path / "policy.txt").write_bytes(b"our words")
    assert load(path, TAXONOMY).text_status == "matches"
    (tmp_path / "policy.txt").write_bytes(b"other words")
    assert load(path, TAXONOMY).text_status == "differs"


def test_the_schema_takes_what_is_read_and_refuses_the_rest(tmp_path: Path) -> None:
    from ruamel.yaml import YAML

    made = schema()
    jsonschema.Draft202012Validator.check_schema(made)
    data = YAML(typ="safe", pure=True).load(
        GOOD.replace("2026-01-01", "'2026-01-01'")
        .replace("2027-12-31", "'2027-12-31'")
        .replace("2027-06-30", "'2027-06-30'")
    )
    jsonschema.validate(data, made)
    data["claims"][0]["kindd"] = "collect"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, made)


def test_every_key_of_the_schema_is_described() -> None:
    made = schema()
    for name, part in (("top", made), *made["$defs"].items()):
        for key, value in part["properties"].items():
            assert value.get("description"), f"{name}.{key}"
