"""Our short cuts through libphonenumber's metadata answer as the library does."""

from __future__ import annotations

import random
import re

import phonenumbers
import pytest

from pii_scan.detect.numberplans import assigned
from pii_scan.detect.phones import Phones

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
    assert any(assigned(code, d) for d, _ in asked)
    assert [assigned(code, d) for d, _ in asked] == [phonenumbers.is_valid_number(n) for _, n in asked]


@pytest.mark.parametrize(
    ("code", "digits"), [(33, "639980123"), (44, "7700900123"), (44, "1632960123"), (1, "2125550123")]
)
def test_a_number_for_fiction_counts(code, digits):
    assert assigned(code, digits)


def test_no_number_is_assigned_under_a_code_that_nobody_has():
    assert not assigned(999, "123456789")


REGIONS = (
    "US", "GB", "FR", "DE", "ES", "IT", "NL", "PT", "BE", "CH", "CA", "AU", "IN", "BR", "IE", "PL", "AT",
    "SE", "AR", "MX",
)  # fmt: skip


DATE_OR_DECIMAL = re.compile(
    r"[0-9]+\.[0-9]+|[0-9]{4}([-/. ][0-9]+){2}|([0-9]{1,2}[-/. ]){2}[0-9]{4}",
)


def written_in_many_ways(rng: random.Random, region: str) -> str:
    """A number as the region writes it, some digits changed, its groups kept, joined or broken."""
    number = phonenumbers.example_number_for_type(region, rng.choice([0, 1, 1, 3]))
    if number is None:
        number = phonenumbers.example_number(region)
    text = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    places = [place for place, sign in enumerate(text) if sign.isdigit()]
    signs = list(text)
    for place in rng.sample(places[2:], rng.randrange(len(places) - 2)):
        signs[place] = rng.choice("0123456789")
    text = "".join(signs)
    way = rng.random()
    if way < 0.3:
        digits = [sign for sign in text if sign.isdigit()]
        return "".join(d + (rng.choice(" .-/") if rng.random() < 0.3 else "") for d in digits).strip(" .-/")
    if way < 0.5:
        return text.replace(" ", rng.choice(["", ".", "-"]))
    if way < 0.6:
        return text.replace("(", "").replace(")", "")
    return f"{number.country_code} {text.lstrip('0')}" if way < 0.7 else text


def other(text: str) -> bool:
    """True for what is no number to us whatever the library says: decimals, dates, too few digits."""
    digits = re.sub("[^0-9]", "", text)
    few = not 8 <= len(digits) <= 12 or len(set(digits)) <= 2 or text.count("/") > 1
    return few or bool(DATE_OR_DECIMAL.fullmatch(text))


def in_the_library(text: str, region: str) -> tuple[bool, bool]:
    """Whether a whole text is a valid number of a region, and one in its groups."""
    try:
        valid = phonenumbers.is_valid_number(phonenumbers.parse(text, region))
    except phonenumbers.NumberParseException:
        valid = False
    strict = phonenumbers.Leniency.STRICT_GROUPING
    matcher = phonenumbers.PhoneNumberMatcher(text, region, leniency=strict)
    return valid, matcher.has_next() and len(matcher.next().raw_string) >= len(text.strip(" ()"))


@pytest.mark.parametrize("region", REGIONS)
def test_a_number_is_national_and_in_groups_as_the_library_says(region):
    rng = random.Random(region)
    texts = {written_in_many_ways(rng, rng.choice([region, region, *REGIONS])) for _ in range(400)}
    own = Phones((region,))
    told = {text: (own.national(text), own.written(text)) for text in texts if not other(text)}
    assert {t: told[t] for t in told if told[t] != in_the_library(t, region)} == {}
    assert {True, False} <= {written for _, written in told.values()}


@pytest.mark.parametrize("text", ["(415) 555-0132 x 204", "(415) 555-0132 ext. 77", "(415) 555-0132#9"])
def test_an_extension_is_no_part_of_the_number(text):
    assert Phones(("US",)).written(text)


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_number_with_a_country_code_is_valid_as_the_library_says(code):
    rng = random.Random(-code)
    digits = {d for known in examples(code) for d in (known, disturbed(rng, known), "0" + known, known[1:])}
    texts = [f"+{code} {d}" for d in digits if len(set(f"{code}{d}")) > 2]

    def valid(text: str) -> bool:
        try:
            return phonenumbers.is_valid_number(phonenumbers.parse(text, None))
        except phonenumbers.NumberParseException:
            return False

    told = {text: Phones(()).international(text) for text in texts}
    assert told == {text: valid(text) for text in texts}
    assert {Phones(()).international("00" + text[1:] + " x 12") for text in texts if told[text]} == {True}
