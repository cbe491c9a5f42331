"""Numbers of the form of telephone numbers and of devices, and what stands in ciphertexts by chance."""

from __future__ import annotations

import base64
import random

import pytest

from pii_scan.detect.checksums import validators
from tests.unit.detect import batches

ROWS = 1500
CHANCE = random.Random(5)
PHONE = "user.contact.phone_number"
AREAS = (212, 213, 305, 312, 415, 617, 702, 713)


def digits(count: int) -> str:
    return "".join(CHANCE.choices("0123456789", k=count))


def pages() -> str:
    first = CHANCE.randint(1000, 8000)
    return f"{first}-{first + CHANCE.randint(1, 1500)}"


LOOKALIKES = {
    "ISSN": lambda: f"{digits(4)}-{digits(3)}{CHANCE.choice('0123456789X')}",
    "pages": pages,
    "references": lambda: f"{CHANCE.randint(100, 999)}-{digits(3)}-{digits(4)}",
    "serials": lambda: digits(15),
}
PHONES = {
    "american": lambda: f"({CHANCE.choice(AREAS)}) {CHANCE.randint(200, 999)}-{digits(4)}",
    "american, dashes": lambda: f"{CHANCE.choice(AREAS)}-{CHANCE.randint(200, 999)}-{digits(4)}",
    "french": lambda: "06 " + " ".join(digits(2) for _ in range(4)),
    "spanish": lambda: f"6{digits(2)} {digits(3)} {digits(3)}",
}


def found(name: str, values: list[str]) -> list[tuple[str, str]]:
    detections = batches.scan(batches.engine(), "things", {name: values})[2]
    return [(d.category, d.verdict) for d in detections]


@pytest.mark.parametrize("kind", LOOKALIKES)
def test_what_looks_like_a_number_of_somebody_is_none(kind):
    assert (
        found("serial15" if kind == "serials" else "col_a", [LOOKALIKES[kind]() for _ in range(ROWS)]) == []
    )


@pytest.mark.parametrize("kind", PHONES)
def test_telephone_numbers_need_no_telling_name(kind):
    assert found("col_a", [PHONES[kind]() for _ in range(ROWS)]) == [(PHONE, "type")]


def test_letters_of_a_ciphertext_are_no_plate():
    sealed = [base64.b64encode(CHANCE.randbytes(48)).decode() for _ in range(ROWS)]
    plates = [f"{text[:20]}+AB-123-CD/{text[31:]}" for text in sealed[:40]]
    assert all(verdict != "contains" for _, verdict in found("nif_cifrado", [*plates, *sealed[40:]]))


def test_a_chinese_number_of_a_province_without_counties_is_none() -> None:
    assert not validators()["cn_ric"]("110001190001110001")
