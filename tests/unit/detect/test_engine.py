"""Whole columns: types, contents, nested fields, and the same result however rows are split."""

from __future__ import annotations

import hashlib
import json
import random
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pii_scan.core.lineage import BESIDE
from pii_scan.core.profile import Profile

from .batches import batch, dataset, engine, merged, scan, told

FIRST = ["Ada", "Grace", "Alan", "Edsger", "Barbara", "Chloé", "Jürgen", "Inês", "Noor", "Sem"]
LAST = ["Lovelace", "Hopper", "Turing", "Dijkstra", "Liskov", "Petit", "Weiß", "Costa", "Bakker", "de Vries"]


def luhn_number(rng: random.Random, prefix: str, length: int = 16) -> str:
    from stdnum import luhn

    body = prefix + "".join(rng.choice("0123456789") for _ in range(length - len(prefix) - 1))
    return body + luhn.calc_check_digit(body)


def people(count: int) -> dict[str, list[str | None]]:
    rng = random.Random(7)
    first, last = rng.choices(FIRST, k=count), rng.choices(LAST, k=count)
    return {
        "id": [str(n) for n in range(count)],
        "email": [f"p{n}@example.org" for n in range(count)],
        "first_name": list(first),
        "last_name": list(last),
        "phone": [f"+336{rng.randrange(10**7, 10**8)}" for _ in range(count)],
        "city": rng.choices(["Lyon", "Paris", "Nantes"], k=count),
        "ip_address": [f"203.0.{rng.randrange(256)}.{rng.randrange(1, 255)}" for _ in range(count)],
        "user_agent": ["Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"] * count,
        "password_hash": ["$2b$12$LQv3c1yqBWVHxkd0LHAkCOYz6TtxMQJqhN8/LewdBPj4J3bE2qLZa"] * count,
        "birth_date": [f"19{rng.randrange(50, 99)}-0{rng.randrange(1, 10)}-11" for _ in range(count)],
        "created_at": [f"2024-03-{rng.randrange(10, 28)} 10:11:12" for _ in range(count)],
        "locale": rng.choices(["fr", "en"], k=count),
        "email_verified": ["true"] * count,
        "status": rng.choices(["active", "gone"], k=count),
    }


def test_a_table_of_users(engine):
    profiles, fields, found = scan(engine, "users", people(200))
    assert told(found) == {
        "id": "user.unique_id",
        "email": "user.contact.email",
        "first_name": "user.name.first",
        "last_name": "user.name.last",
        "phone": "user.contact.phone_number",
        "city": "user.contact.address.city",
        "ip_address": "user.device.ip_address",
        "user_agent": "user.device.user_agent",
        "password_hash": "user.authorization.password",
        "locale": "user.account.settings",
        "birth_date": "user.demographic.date_of_birth",
    }
    assert {f.path[0]: f.type for f in fields} | {
        "id": "integer",
        "created_at": "timestamp",
        "birth_date": "date",
    } == {f.path[0]: f.type for f in fields}
    email = next(d for d in found if d.field.endswith("#email"))
    assert (email.share, email.count, email.places) == (1.0, 200, (0, 1, 2, 3, 4))
    assert email.confidence > 0.99
    assert 0.98 < email.low < email.high == 1.0
    assert any(e.detail == "200 of 200 values match email as a whole" for e in email.evidence)
    assert profiles[("birth_date",)].times == {}
    assert sum(profiles[("created_at",)].times.values()) == 200
    assert all(len(day) == 10 for day in profiles[("created_at",)].times)


def test_names_alone_type_an_empty_table(engine):
    source = dataset("customers", "email", "first_name", "notes", "total")
    fields, found = engine.decide(source, {})
    assert [f.path for f in fields] == [("email",), ("first_name",), ("notes",), ("total",)]
    assert told(found) == {
        "email": "user.contact.email",
        "first_name": "user.name.first",
        "notes": "user.content.private",
    }
    assert all(d.share is None and d.count == 0 for d in found)


@pytest.mark.parametrize("name", ["identifier", "sendTo", "cancelledBy", "value", "externalId"])
def test_addresses_under_innocent_names_are_found_by_value(engine, name):
    _, _, found = scan(engine, "t1", {name: [f"p{n}@example.org" for n in range(40)]})
    assert told(found) == {name: "user.contact.email"}


def test_a_name_that_the_values_belie(engine):
    _, _, found = scan(engine, "t1", {"email": [f"template number {n}" for n in range(50)]})
    assert found == []


def test_hashed_values_do_not_belie_the_name(engine):
    _, _, found = scan(
        engine, "users", {"email": [hashlib.sha256(str(n).encode()).hexdigest() for n in range(50)]}
    )
    assert told(found) == {"email": "user.contact.email"}
    assert "values look hashed (hex, random, all of 32 bytes)" in [e.detail for e in found[0].evidence]
    assert found[0].protection == "hashed"


class TestCards:
    def test_three_cards_in_many_notes(self, engine):
        notes: list[str | None] = [f"called about order {n}, all fine" for n in range(3000)]
        for place, number in (
            (17, "4111111111111111"),
            (1200, "5500 0000 0000 0004"),
            (2999, "card 378282246310005 given"),
        ):
            notes[place] = f"customer said {number} on the line"
        _, _, found = scan(engine, "tickets", {"note": notes})
        (card,) = [d for d in found if d.category == "user.financial.credit_card"]
        assert (card.verdict, card.count, card.places) == ("contains", 3, (17, 1200, 2999))
        assert card.share == 0.001
        assert card.low < 0.001 < card.high

    def test_order_numbers_are_no_cards(self, engine):
        rng = random.Random(3)
        numbers = [f"4{rng.randrange(10**14, 10**15)}" for _ in range(4000)]
        profiles, _, found = scan(
            engine, "orders", {"order_number": numbers, "reference": [f"ref {n} shipped" for n in numbers]}
        )
        assert found == []
        assert 250 < profiles[("order_number",)].hits["~card"].rows < 550

    def test_a_column_of_cards(self, engine):
        rng = random.Random(4)
        numbers = [luhn_number(rng, "4") for _ in range(50)]
        _, _, found = scan(engine, "t1", {"c7": numbers, "card_number": numbers})
        assert told(found) == {
            "c7": "user.financial.credit_card",
            "card_number": "user.financial.credit_card",
        }

    def test_last_four_are_not_the_number(self, engine):
        _, _, found = scan(
            engine, "payments", {"Card Last4": ["4242", "1881"] * 10, "exp_year": ["2027"] * 20}
        )
        assert told(found) == {"Card Last4": "user.payment.card", "exp_year": "user.payment.card"}


class TestWeakNumbers:
    def test_nothing_without_name_or_word(self, engine):
        from stdnum.nl import bsn

        numbers = [str(n) for n in range(100_000_000, 100_020_000) if bsn.is_valid(str(n))]
        _, _, found = scan(engine, "items", {"code": numbers, "sku": numbers})
        assert found == []

    def test_a_name_makes_them_count(self, engine):
        from stdnum.nl import bsn

        numbers = [str(n) for n in range(100_000_000, 100_002_000) if bsn.is_valid(str(n))]
        _, _, found = scan(engine, "t1", {"bsn": numbers})
        assert told(found) == {"bsn": "user.government_id.national_identification_number"}
        assert found[0].share == 1.0
        assert told(found, "contains") == {}

    def test_a_word_nearby_makes_them_count(self, engine):
        _, _, found = scan(
            engine,
            "t1",
            {"text": ["his SSN 536-90-4399 is known", "no numbers here", "order 536904399 sent"]},
        )
        assert [(d.category, d.count, d.places) for d in found] == [
            ("user.government_id.national_identification_number", 1, (0,))
        ]


class TestPhones:
    def test_a_consistent_column_of_national_numbers(self, engine):
        rng = random.Random(5)
        numbers = ["06 " + " ".join(str(rng.randrange(10, 99)) for _ in range(4)) for _ in range(60)]
        _, _, found = scan(engine, "t1", {"x": numbers})
        assert told(found) == {"x": "user.contact.phone_number"}

    def test_digits_need_the_name(self, engine):
        numbers = [f"06{n:08d}" for n in range(12345678, 12345738)]
        _, _, found = scan(engine, "t1", {"mobile": numbers, "reference": numbers})
        assert told(found) == {"mobile": "user.contact.phone_number"}

    def test_times_and_versions_are_no_phones_or_addresses(self, engine):
        columns = {
            "a": [f"2024-01-{d:02d} 10:00:00+00:00" for d in range(1, 29)],
            "b": [f"1.2.{d}.{d}" + ".9" for d in range(28)],
            "c": [f"version {d}.0.6099.71" for d in range(28)],
            "d": [f"{d}.33 {d}.44" for d in range(28)],
        }
        assert scan(engine, "t1", columns)[2] == []


class TestNested:
    ROWS = (
        {"attendee": {"email": "ada@example.org", "name": "Ada L"}, "tags": ["x", "y"], "n": 1.50},
        {
            "attendee": {"email": "alan@example.org", "name": "Alan T"},
            "tags": [],
            "callback": "https://api.stripe.com/v1/x",
        },
        {"by_mail": {"grace@example.org": {"seen": True}}, "inner": json.dumps({"phone": "+33612345678"})},
    )

    def test_sub_fields(self, engine):
        cells = [json.dumps(row) for row in self.ROWS]
        profiles, fields, found = scan(engine, "bookings", {"responses": [*cells, None]})
        paths = {f.path for f in fields}
        assert ("responses", "attendee", "email") in paths
        assert ("responses", "tags", "[]") in paths
        assert ("responses", "by_mail", "*", "seen") in paths
        assert not any("@" in part for path in paths for part in path)
        assert told(found)["responses/attendee/email"] == "user.contact.email"
        assert told(found)["responses/attendee/name"] == "user.name"
        assert told(found)["responses/by_mail/[key]"] == "user.contact.email"
        assert told(found)["responses/inner/phone"] == "user.contact.phone_number"
        assert profiles[("responses", "attendee", "email")].values == 2
        assert profiles[("responses", "attendee", "email")].rows == 4
        assert profiles[("responses", "tags", "[]")].values == 1
        assert profiles[("responses", "callback")].contacts == {"stripe": 1, BESIDE: 1}
        assert profiles[("responses",)].shapes == {"json": 3}
        assert next(f.type for f in fields if f.path == ("responses",)) == "json"
        assert next(f.type for f in fields if f.path == ("responses", "n")) == "number"

    def test_a_whole_record(self, engine):
        source = dataset("app.log")
        lines = [json.dumps({"user": {"email": "ada@example.org"}}), "plain line of ada@example.org"]
        profiles = merged(engine, [batch(source, {"": lines})])
        fields, found = engine.decide(source, profiles)
        assert [f.path for f in fields] == [(), ("user", "email")]
        assert told(found) == {"user/email": "user.contact.email"}
        assert told(found, "contains") == {"": "user.contact.email"}

    def test_an_array_counts_a_row_once(self, engine):
        cell = json.dumps([{"email": "a@example.org"}, {"email": "b@example.org"}])
        profiles, _, found = scan(engine, "t1", {"guests": [cell, cell]})
        profile = profiles[("guests", "[]", "email")]
        assert (profile.values, profile.hits["user.contact.email"].rows) == (2, 2)
        assert max(d.share for d in found) == 1.0

    @pytest.mark.parametrize(
        "cell",
        ['{"a": ', "[1, 2", '{"a":' * 3000 + "1" + "}" * 3000, "{not json} ada@example.org", "[" * 100_000],
    )
    def test_what_is_no_json_is_text(self, engine, cell):
        profiles, _, _ = scan(engine, "t1", {"x": [cell]})
        assert profiles[("x",)].values == 1

    def test_depth_loses_nothing(self, engine):
        deep: object = "ada@example.org"
        for _ in range(60):
            deep = {"k": deep}
        _, _, found = scan(engine, "t1", {"x": [json.dumps(deep)]})
        assert [d.category for d in found] == ["user.contact.email"]

    def test_a_key_given_twice_hides_nothing(self, engine):
        _, _, found = scan(engine, "t1", {"x": ['{"a": "ada@example.org", "a": "none"}'] * 3})
        assert "user.contact.email" in {d.category for d in found}


class TestContacts:
    def test_hosts_and_sub_domains(self, engine):
        cells = [
            "https://files.stripe.com/x",
            "host=API.STRIPE.COM;",
            "notstripe.com",
            "ada@stripe.com",
            "x.sendgrid.net",
            "stripe.com.evil.org",
        ]
        profiles, _, _ = scan(engine, "t1", {"url": cells})
        assert profiles[("url",)].contacts == {"sendgrid": 1, "stripe": 2}


def test_values_match_across_systems(engine):
    one, _, _ = scan(engine, "a", {"email": ["Ada@Example.org ", "b@example.org"]})
    two, _, _ = scan(engine, "b", {"Customer Email": ["ada@example.org"]})
    assert set(two[("Customer Email",)].sketch.hashes) < set(one[("email",)].sketch.hashes)
    assert len(one[("email",)].sketch.hashes) == 2


def test_blank_cells_are_null(engine):
    profiles, _, _ = scan(engine, "t1", {"x": ["a", "", "  ", None]})
    assert (profiles[("x",)].rows, profiles[("x",)].nulls) == (4, 3)


def test_epochs_need_a_name_of_time(engine):
    profiles, _, _ = scan(
        engine, "t1", {"created": ["1700000000", "1700000000000"], "amount": ["1700000000", "3"]}
    )
    assert profiles[("created",)].times == {"2023-11-14": 2}
    assert profiles[("amount",)].times == {}


def test_plain_dates_count_by_month(engine):
    profiles, _, _ = scan(engine, "t1", {"due": ["2024-02-03", "2024-02-30", "2024-02-29 00:00:00"]})
    assert profiles[("due",)].times == {"2024-02": 3}


def test_no_detail_quotes_a_value(engine):
    _, _, found = scan(engine, "users", people(60))
    values = {v for column in people(60).values() for v in column if v and len(v) > 4}
    details = " ".join(e.detail for d in found for e in d.evidence)
    assert not [v for v in values if v in details]


COLUMNS = people(23) | {
    "note": [f"mail p{n}@example.org or call +3361234567{n % 10}" if n % 3 else None for n in range(23)],
    "payload": [
        json.dumps({"k": n, "mail": f"p{n}@example.org"} if n % 2 else [n, {"ip": "203.0.113.9"}])
        for n in range(23)
    ],
}


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 23), max_size=4))
def test_the_same_however_rows_are_split(cuts):
    found = engine()
    source = dataset("users", *COLUMNS)
    bounds = sorted({0, 23, *cuts})
    parts = [
        batch(source, {name: values[a:b] for name, values in COLUMNS.items()}, a) for a, b in pairwise(bounds)
    ]
    whole = merged(found, [batch(source, COLUMNS)])
    split = merged(found, reversed(parts))
    assert found.settle(split) == found.settle(whole)
    assert found.decide(source, split) == found.decide(source, whole)


def test_profiles_survive_the_checkpoint(engine):
    profiles = merged(engine, [batch(dataset("users", *COLUMNS), COLUMNS)])
    assert {
        p: Profile.from_json(json.loads(json.dumps(x.to_json()))) for p, x in profiles.items()
    } == profiles


def test_plain_columns_are_quick(engine):
    rng = random.Random(1)
    rows = 5000
    columns = {
        "quantity": [str(rng.randrange(10**6)) for _ in range(rows)],
        "state_code": rng.choices(["active", "pending"], k=rows),
        "at": [f"2024-03-{rng.randrange(10, 28)} 10:11:{rng.randrange(60):02d}" for _ in range(rows)],
        "price": [f"{rng.random() * 1000:.2f}" for _ in range(rows)],
        "colour": rng.choices(["red", "blue and green"], k=rows),
    }
    columns = {f"{name}{n}": values for n in range(4) for name, values in columns.items()}
    one = batch(dataset("t1", *columns), columns)
    engine.profile(one)
    start = time.process_time()
    engine.profile(one)
    assert rows * len(columns) / (time.process_time() - start) > 100_000  # 200,000 and more on a quiet core
