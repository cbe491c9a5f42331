"""Our short cut through libphonenumber's metadata answers as the library does."""

from __future__ import annotations

import random

import phonenumbers
import pytest

from pii_scan.detect import phones

CODES = phonenumbers.COUNTRY_CODE_TO_REGION_CODE


def examples(code: int) -> list[str]:
    """National significant numbers of every kind that the metadata gives an example of."""
    found = []
    for region in CODES[code]:
        kinds = range(11) if region != "001" else [0]
        for kind in kinds:
            number = (
                phonenumbers.example_number_for_type(region, kind)
                if region != "001"
                else phonenumbers.example_number_for_non_geo_entity(code)
            )
            if number is not None:
                found.append(phonenumbers.national_significant_number(number))
    return found


def disturbed(rng: random.Random, digits: str) -> str:
    """The digits with some of them changed, sometimes one less or one more."""
    signs = list(digits)
    for _ in range(rng.randrange(1, 4)):
        signs[rng.randrange(len(signs))] = str(rng.randrange(10))
    return "".join(signs)[: len(signs) - (rng.random() < 0.2)] + "7" * (rng.random() < 0.2)


def number_of(code: int, digits: str) -> phonenumbers.PhoneNumber:
    zeros = len(digits) - len(digits.lstrip("0"))
    return phonenumbers.PhoneNumber(
        country_code=code,
        national_number=int(digits),
        italian_leading_zero=zeros > 0 or None,
        number_of_leading_zeros=zeros if zeros > 1 else None,
    )


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_number_is_assigned_as_the_library_says(code):
    rng = random.Random(code)
    known = examples(code)
    drawn = ["".join(rng.choices("0123456789", k=rng.randrange(2, 16))) for _ in range(20)]
    digits = [*known, *(disturbed(rng, d) for d in known for _ in range(3)), *drawn]
    asked = [(d, n) for d in digits if phonenumbers.national_significant_number(n := number_of(code, d)) == d]
    assert any(phones.assigned(code, d) for d, _ in asked)
    assert [phones.assigned(code, d) for d, _ in asked] == [phonenumbers.is_valid_number(n) for _, n in asked]


def test_no_number_is_assigned_under_a_code_that_nobody_has():
    assert not phones.assigned(999, "123456789")
