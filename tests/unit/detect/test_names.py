"""Whole words in their surroundings, in seven languages; never substrings."""

from __future__ import annotations

import pytest

from pii_scan.data.load import taxonomy
from pii_scan.detect.names import Names
from pii_scan.detect.options import Options
from pii_scan.detect.tokens import tokens
from pii_scan.detect.vocabulary import shipped

NAMES = Names(taxonomy(), shipped(), Options())


def first(table: str, *path: str, kind: str = "string", near: bool = False) -> str:
    said = NAMES.read((table,), path, kind, near)
    return said[0].category if said else ""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("customerEmail", ("customer", "email")),
        ("OPTIN_IP", ("optin", "ip")),
        ("Card Address Line1", ("card", "address", "line", "1")),
        ("Prénom", ("prenom",)),
        ("iCalUID", ("ical", "uid")),
        ("HTTPServer2", ("http", "server", "2")),
        ("straßenName", ("strassen", "name")),
    ],
)
def test_tokens(name, expected):
    assert tokens(name) == expected


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("email", "user.contact.email"),
        ("Customer Email", "user.contact.email"),
        ("Adresse e-mail", "user.contact.email"),
        ("E-Mail", "user.contact.email"),
        ("correo_electronico", "user.contact.email"),
        ("FirstName", "user.name.first"),
        ("prénom", "user.name.first"),
        ("Vorname", "user.name.first"),
        ("cognome", "user.name.last"),
        ("achternaam", "user.name.last"),
        ("Card Address Line1", "user.contact.address.street"),
        ("OPTIN_IP", "user.device.ip_address"),
        ("dob", "user.demographic.date_of_birth"),
        ("date_naissance", "user.demographic.date_of_birth"),
        ("Geburtsdatum", "user.demographic.date_of_birth"),
        ("fecha_nacimiento", "user.demographic.date_of_birth"),
        ("data_di_nascita", "user.demographic.date_of_birth"),
        ("geboortedatum", "user.demographic.date_of_birth"),
        ("data_nascimento", "user.demographic.date_of_birth"),
        ("Card Last4", "user.payment.card"),
        ("exp_month", "user.payment.card"),
        ("card_number", "user.financial.credit_card"),
        ("iban", "user.financial.bank_account"),
        ("ssn", "user.government_id.national_identification_number"),
        ("codice_fiscale", "user.government_id.national_identification_number"),
        ("tax_id", "user.government_id.tax_identification_number"),
        ("password_hash", "user.authorization.password"),
        ("mot_de_passe", "user.authorization.password"),
        ("accessToken", "user.authorization.credentials"),
        ("user_agent", "user.device.user_agent"),
        ("Phone Number", "user.contact.phone_number"),
        ("code_postal", "user.contact.address.postal_code"),
        ("email_sha256", "user.contact.email.hashed"),
        ("religion", "user.demographic.religious_belief"),
        ("groupe_sanguin", "user.health_and_medical"),
    ],
)
def test_strong_names_stand_alone(name, category):
    assert first("t1", name) == category


@pytest.mark.parametrize(
    "name",
    [
        "resolving_loans",
        "email_verified",
        "email_count",
        "phone_verified_at",
        "email_template",
        "emailStatus",
        "identifier",
        "sendTo",
        "cancelledBy",
        "ldap_dn",
        "filename",
        "hostname",
        "is_email",
        "has_phone",
        "weekday_name",
        "description",
        "title",
        "value",
        "password_reset_at",
        "created_at",
        "address_id",
        "zipfile",
        "ship_date",
        "description_text",
    ],
)
def test_innocent_names_say_nothing(name):
    assert first("t1", name) == ""


@pytest.mark.parametrize(
    "table",
    ["products", "tracks", "films", "categories", "files", "teams", "languages", "produits", "kategorien"],
)
def test_the_name_of_a_thing_is_no_persons(table):
    assert first(table, "name") == ""


@pytest.mark.parametrize(
    "table",
    [
        "users",
        "customers",
        "attendees",
        "ea_users",
        "employees",
        "clients",
        "kunden",
        "customers_2024.csv",
        "exports/crm/customers.csv",
    ],
)
def test_the_name_of_a_person_is_personal(table):
    assert first(table, "name") == "user.name"


def test_a_lookup_table_is_no_address():
    assert first("country", "country") == ""
    assert first("cities", "city") == ""
    assert first("customers", "city") == "user.contact.address.city"


@pytest.mark.parametrize(
    ("kind", "expected"), [("integer", ""), ("boolean", ""), ("date", ""), ("string", "user.contact.email")]
)
def test_a_type_bars_what_it_cant_hold(kind, expected):
    assert first("users", "email", kind=kind) == expected


def test_columns_beside_tell_of_whom_a_record_is():
    assert first("t1", "name") == ""
    assert first("t1", "name", near=True) == "user.name"
    assert first("products", "name", near=True) == ""


def test_a_path_gives_context():
    assert first("bookings", "responses", "attendee", "name") == "user.name"
    assert first("bookings", "attendees", "[]", "name") == "user.name"
    assert first("customers", "product", "name") == ""
    assert first("charges", "billing_details", "address", "city") == "user.contact.address.city"
    assert first("stores", "address", "city") == ""


def test_a_bookings_title_is_calendar_content():
    assert first("Booking", "title") == "user.content.calendar"
    assert first("films", "title") == ""


def test_the_detail_quotes_the_vocabulary_alone():
    (said, *_) = NAMES.read(("t1",), ("ada_lovelace_email",))
    assert said.detail == "the name token 'email' (en)"
