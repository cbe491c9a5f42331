"""Columns whose names alone say too little: keys, secrets, texts, and names of things."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from pii_scan.detect.engine import Engine

from .batches import batch, dataset, merged, told

IDS = [str(n) for n in range(1, 61)]
UUIDS = [str(uuid.uuid5(uuid.NAMESPACE_URL, str(n))) for n in range(60)]
RANDOM = [hashlib.sha256(str(n).encode()).hexdigest()[:64] for n in range(60)]
EMAILS = [f"ann{n}@example.com" for n in range(60)]
GIVEN = ["Victoria", "Emma", "Oscar", "Lara", "Diego", "Carmen", "Ivan", "Kevin", "Sophia", "Ruby"] * 6
TEXTS = [f"Please move the visit of week {n} to a later day, the early one is hard" for n in range(60)]
USERS = "sqlite://app/users#id"


def typed(engine: Engine, table: str, columns: Mapping[str, Sequence[str]], **keys: str) -> dict[str, str]:
    """What columns are told to be; `keys` are foreign keys."""
    plain = dataset(table, *columns)
    fields = (replace(f, references=keys.get(f.name)) for f in plain.fields)
    source = plain.with_fields(*fields)
    return told(engine.decide(source, merged(engine, [batch(source, columns)]))[1])


@pytest.mark.parametrize("column", ["createdById", "reports_to", "impersonated_by", "valide_par", "id_users"])
def test_a_foreign_key_to_persons_is_a_persons_id(engine, column):
    assert typed(engine, "entries", {column: IDS}, **{column: USERS}) == {column: "user.unique_id"}


def test_a_foreign_key_to_things_is_none(engine):
    assert typed(engine, "entries", {"owner_ref": IDS}, owner_ref="sqlite://app/products#id") == {}


def test_a_foreign_key_to_an_address_of_mail_is_that(engine):
    found = typed(engine, "entries", {"email": EMAILS}, email="sqlite://app/users#email")
    assert found == {"email": "user.contact.email"}


def test_the_key_of_a_table_of_persons_is_an_id(engine):
    assert typed(engine, "aerzte", {"id": IDS, "mail": EMAILS})["id"] == "user.unique_id"
    assert "id" not in typed(engine, "secondary_emails", {"id": IDS, "email": EMAILS})


@pytest.mark.parametrize("table", ["bookings", "payments"])
@pytest.mark.parametrize("column", ["uid", "uuid", "external_id"])
def test_a_machines_own_key_is_no_persons(engine, table, column):
    assert column not in typed(engine, table, {column: UUIDS, "email": EMAILS})


def test_a_parent_in_a_tree_is_no_person(engine):
    assert typed(engine, "comments", {"parent_id": IDS}) == {}
    assert typed(engine, "students", {"parent_id": IDS, "email": EMAILS})["parent_id"] == "user.unique_id"


def test_random_values_under_a_word_for_secrets_are_secrets(engine):
    assert typed(engine, "hooks", {"secret": RANDOM}) == {"secret": "user.authorization.credentials"}
    assert typed(engine, "hooks", {"secret": ["alpha", "beta", "gamma"] * 20}) == {}


def test_texts_are_about_people_where_something_ties_them_to_one(engine):
    columns = {"user_id": IDS, "comment": TEXTS}
    assert typed(engine, "opinions", columns)["comment"] == "user.content.private"
    assert typed(engine, "translations", {"comment": TEXTS}) == {}
    assert "description" not in typed(engine, "products", {"user_id": IDS, "description": TEXTS})


def test_who_wrote_a_record_last_ties_it_to_nobody(engine):
    columns = {"created_by_id": IDS, "description": TEXTS}
    assert "description" not in typed(engine, "entries", columns, created_by_id=USERS)


def test_texts_that_hold_addresses_are_about_people(engine):
    texts = [f"{text}, or write to {mail}" for text, mail in zip(TEXTS, EMAILS, strict=True)]
    assert typed(engine, "entries", {"description": texts}) == {"description": "user.content.private"}


@pytest.mark.parametrize(
    ("table", "column"),
    [("products", "model"), ("machines", "machine_name"), ("storms", "storm_name"), ("goods", "form_name")],
)
def test_given_names_of_things_are_nobodys(engine, table, column):
    assert typed(engine, table, {column: GIVEN}) == {}


def test_given_names_under_no_name_are_peoples(engine):
    assert typed(engine, "t1", {"c1": GIVEN}) == {"c1": "user.name.first"}


def test_what_an_organisation_has_as_well_is_its_own(engine):
    names = ["Alder Systems", "Blue Harbour plc", "Weber GmbH", "Kestrel Labs", "Becker AG"] * 12
    columns = {"legal_name": names, "vat_id": [f"DE{n:09}" for n in range(60)]}
    assert typed(engine, "companies", columns) == {}


def test_extensions_of_rooms_are_no_telephone_numbers(engine):
    assert typed(engine, "rooms", {"phone_extension": [str(1000 + n) for n in range(60)]}) == {}


def test_digits_in_a_file_may_be_postal_codes(engine):
    """The type that values suggest bars nothing."""
    plain = dataset("kunden", "plz", "nachname")
    source = plain.with_fields(*(replace(f, type="unknown") for f in plain.fields))
    columns = {"plz": [str(10000 + 37 * n) for n in range(60)], "nachname": GIVEN}
    found = told(engine.decide(source, merged(engine, [batch(source, columns)]))[1])
    assert found["plz"] == "user.contact.address.postal_code"


def test_a_joining_date_is_no_health_data(engine):
    days = [f"2024-01-{n % 28 + 1:02}" for n in range(60)]
    assert "fecha_alta" not in typed(engine, "clientes", {"fecha_alta": days, "email": EMAILS})


def test_an_invoices_number_is_no_telephone_number(engine):
    numbers = [f"2026/{12345 + n}" for n in range(60)]
    assert typed(engine, "fatture", {"numero": numbers}) == {}


def test_the_reason_is_told(engine):
    source = dataset("hooks", "secret")
    found = engine.decide(source, merged(engine, [batch(source, {"secret": RANDOM})]))[1]
    details = [e.detail for e in found[0].evidence]
    assert details[:2] == ["the name token 'secret'", "60 of 60 values are random, as secrets are"]
