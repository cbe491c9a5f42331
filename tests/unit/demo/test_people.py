"""Invented people and values are formally valid and nobody's."""

from __future__ import annotations

import re
from ipaddress import ip_address
from random import Random

import phonenumbers
import pytest
from stdnum import iban, luhn
from stdnum.fr import nif

from pii_scan.demo import company, values
from pii_scan.demo.people import slug

_RESERVED = re.compile(r"@(?:example\.(?:com|net|org)|[a-z-]+\.example)$")


@pytest.fixture(scope="module")
def cast() -> company.Company:
    return company.found(5)


def test_everybody_writes_from_a_reserved_domain(cast: company.Company) -> None:
    people = [*cast.users, *cast.guests]
    assert len(people) == 1_400
    assert all(_RESERVED.search(person.email) for person in people)
    assert len({person.email for person in people}) == len(people)


def test_phone_numbers_are_valid_and_kept_for_fiction(cast: company.Company) -> None:
    numbers = {person.phone for person in (*cast.users, *cast.guests)}
    assert len(numbers) == 1_400
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(number)) for number in numbers)
    fiction = re.compile(
        r"\+(1\d{3}55501\d\d|442079460\d{3}|331990[01]\d{4}|4930231251\d\d|4930231250\d\d|61491570\d{3})"
    )
    outside = [
        number
        for number in numbers
        if not re.match(r"\+(1\d{3}55501|4420794\d|33199\d|493023125|61491570)", number)
    ]
    assert outside == []
    assert sum(bool(fiction.match(number)) for number in numbers) > 0


def test_all_locales_take_part(cast: company.Company) -> None:
    assert len({person.locale for person in cast.guests}) == 10


@pytest.mark.parametrize("seed", range(20))
def test_values_pass_their_checksums(seed: int) -> None:
    rng = Random(seed)
    assert luhn.is_valid(values.card(rng))
    assert iban.is_valid(values.iban(rng))
    assert nif.is_valid(values.tax_id(rng))
    assert ip_address(values.address(rng)).is_private  # Python's word for reserved ranges


def test_one_order_number_in_ten_passes_luhn_by_chance() -> None:
    rng = Random(1)
    hits = sum(luhn.is_valid(values.order_number(rng)) for _ in range(4_000))
    assert 0.08 < hits / 4_000 < 0.12


def test_slugs_lose_accents() -> None:
    assert slug("Łukasz Groß-Müller") == "lukasz.gross.muller"
