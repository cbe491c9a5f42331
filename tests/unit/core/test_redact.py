"""Masking: a name that is a value never leaves; a name that is a name stays readable."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pii_scan.core.keyed import Key
from pii_scan.core.model import Dataset, Field, Store
from pii_scan.core.redact import Masker, People, clean, entropy, value_kind

MASKER = Masker(Key(bytes(range(32))), People(frozenset({"john", "marie"}), frozenset({"curie", "smith"})))
MASKED = re.compile(r"‹[a-z]+~[0-9a-f]{8}›")


def test_names_in_templates_of_messages_are_masked_word_by_word():
    shown = MASKER.name("mail to marie, or Smith: sent from <*>")
    assert re.fullmatch(r"mail to ‹person~\w{8}› or ‹person~\w{8}› sent from <\*>", shown)
    assert MASKER.name(shown) == shown
    assert shown != MASKER.name("mail to john, or Smith: sent from <*>")
    assert MASKER.name("mail to marie, or Smith: sent") == "mail to marie, or Smith: sent"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("john.doe@example.com", "email"),
        ("export-jane%40example.org.csv", "email"),
        ("+33 6 12 34 56 78", "number"),
        ("2015550123", "number"),
        ("2012123456", "number"),
        ("078-05-1120", "number"),
        ("4111 1111 1111 1111", "number"),
        ("192.168.10.27", "ip"),
        ("DE89 3704 0044 0532 0130 00", "iban"),
        ("123e4567-e89b-12d3-a456-426614174000", "uuid"),
        ("20240131-e89b-12d3-a456-abcdefabcdef", "uuid"),
        ("session_8f14e45fceea167a", "hex"),
        ("Qm9vdHN0cmFwNDc3MjE5", "token"),
    ],
)
def test_values_are_recognised_and_masked(name, kind):
    assert value_kind(name) == kind
    masked = MASKER.name(name)
    assert MASKED.fullmatch(masked)
    assert masked.startswith(f"‹{kind}~")


@pytest.mark.parametrize(
    "name",
    [
        "email",
        "customer_id",
        "users_2024",
        "access-2024-01-31.log",
        "backup_20240131T120000Z.tar.gz",
        "events_202401311259",
        "address_line_2",
        "iso3166_code",
        "sha256",
        "naïve Straße 名前",
    ],
)
def test_names_stay_as_they_are(name):
    assert MASKER.name(name) == name


@pytest.mark.parametrize("name", ["John Smith", "john_smith", "MarieCurie", "invoices of Marie Curie"])
def test_a_given_name_beside_another_word_is_a_person(name):
    assert MASKER.name(name).startswith("‹person~")


@pytest.mark.parametrize("name", ["john", "Paris Texas", "maries list"])
def test_a_single_word_or_an_unknown_name_is_no_person(name):
    assert MASKER.name(name) == name


@given(st.text(max_size=60))
@example("0@\x1f")
def test_masking_twice_changes_nothing(name):
    once = MASKER.name(name)
    assert MASKER.name(once) == once


@given(st.emails().filter(lambda address: "/@" not in address))
def test_no_address_survives(address):
    assert address not in MASKER.name(f"export of {address}.csv")


@given(st.text(max_size=60))
def test_nothing_shown_can_steer_a_terminal(name):
    shown = MASKER.name(name)
    assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in shown)
    assert not set(shown) & set("\u202a\u202e\u2066\u2069\u200b\u2028\ufeff")


def test_the_tag_depends_on_the_name_and_the_key():
    other = Masker(Key(bytes(32)))
    assert MASKER.name("a@b.example") == MASKER.name("a@b.example")
    assert MASKER.name("a@b.example") != MASKER.name("c@b.example")
    assert MASKER.name("a@b.example") != other.name("a@b.example")


def test_line_breaks_become_spaces_and_controls_marks():
    assert clean("a\nb\tc\x1b[31m\u202e") == "a b c\ufffd[31m\ufffd"


def test_entropy():
    assert entropy("") == 0
    assert entropy("aaaa") == 0
    assert entropy("abcd") == 2


def test_a_dataset_is_masked_in_every_part():
    store = Store("files", "box of a@b.example", default_path=("c@d.example",))
    dataset = Dataset(store, ("e@f.example", "list.csv"))
    columns = (
        Field(dataset.urn, ("g@h.example",), comment="write to i@j.example"),
        Field(dataset.urn, ("owner",), references=Field(dataset.urn, ("k@l.example",)).urn),
    )
    masked = MASKER.dataset(dataset.with_fields(*columns))
    text = f"{masked!r} {masked.urn} {[(f.urn, f.comment, f.references) for f in masked.fields]}"
    assert "@" not in text
    assert "%40" not in text
    assert "example" not in text
    assert masked.path[1] == "list.csv"
    assert {f.dataset for f in masked.fields} == {masked.urn}


def test_a_masked_reference_points_at_the_masked_field():
    store = Store("postgresql", "shop")
    people = Dataset(store, ("public", "x@y.example"))
    orders = Dataset(store, ("public", "orders"))
    target = Field(people.urn, ("id",))
    reference = MASKER.dataset(orders.with_fields(Field(orders.urn, ("person",), references=target.urn)))
    assert reference.fields[0].references == MASKER.dataset(people.with_fields(target)).fields[0].urn
