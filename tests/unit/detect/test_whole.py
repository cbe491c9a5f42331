"""Validators over columns answer as their twins that look at one text."""

from __future__ import annotations

import random

import polars as pl
import pytest

from pii_scan.detect import checksums, formats, whole

DRAW = random.Random(7)


def digits(count: int, of: str = "0123456789") -> str:
    return "".join(DRAW.choice(of) for _ in range(count))


def cards() -> list[str]:
    plain = [DRAW.choice("23456") + digits(DRAW.randint(12, 18)) for _ in range(4000)]
    few = [DRAW.choice("23456") + digits(DRAW.randint(12, 18), "01") for _ in range(500)]
    grouped = [" ".join(number[i : i + 4] for i in range(0, len(number), 4)) for number in plain[:1500]]
    ragged = ["".join(c + DRAW.choice(["", "", "", " ", "-"]) for c in n).strip(" -") for n in plain[:1500]]
    return [*plain, *few, *grouped, *ragged, "4" * 16, "4444444444444448", "5555555555554444"]


def addresses() -> list[str]:
    odd = [0, 1, 9, 10, 99, 100, 126, 127, 128, 169, 199, 223, 224, 249, 250, 254, 255, 256, 300]
    numbers = [[DRAW.choice([*odd, DRAW.randint(0, 399)]) for _ in range(4)] for _ in range(6000)]
    return [".".join(map(str, n)) for n in numbers] + ["1.02.3.4", "169.254.1.1", "10.0.0.0", "08.1.1.1"]


EMAILS = ["a@b.co", "a..b@c.de", "a.@c.de", "git@x.org", "GIT@x.org", "x@y.png"]
EMAILS += ["x@y.PNG", "a@b.local", "a@b.c-d.io"]
MACS = ["00:1a:2b:3c:4d:5e", "00:00:00:00:00:00", "FF-FF-FF-FF-FF-FF"]
MACS += ["ff:fF:ff:Ff:ff:ff", "0a:0a:0a:0a:0a:0a", "1234.5678.9012", "001a.2b3c.4d5e", "aaaa.aaaa.aaaa"]


@pytest.mark.parametrize(
    ("column", "twin", "values"),
    [
        (whole.card, checksums.card, cards()),
        (whole.card_like, checksums.card_like, cards()),
        (whole.ipv4, formats.ipv4, addresses()),
        (whole.email, formats.email, EMAILS),
        (whole.mac_address, formats.mac_address, MACS),
    ],
)
def test_a_column_is_judged_as_its_texts_are(column, twin, values):
    expected = [bool(twin(value)) for value in values]
    assert column(pl.Series(values)).tolist() == expected
    assert any(expected)
    assert not all(expected)


def test_luhn_takes_what_one_number_at_a_time_takes():
    numbers = [digits(DRAW.randint(1, 19)) for _ in range(5000)]
    assert whole.luhn(pl.Series(numbers)).tolist() == [checksums.luhn(number) for number in numbers]
