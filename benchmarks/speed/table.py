"""A table like those of a booking service: what a scan meets, in the shares that it meets it."""

from __future__ import annotations

import random
from typing import Final

import numpy as np
import pyarrow as pa
from faker import Faker

LOCALES: Final = ("en_US", "en_GB", "fr_FR", "de_DE", "es_ES")
#: Distinct records; rows repeat them with other numbers, as tables of events do.
PEOPLE: Final = 4_000


def table(rows: int, seed: int = 0, people: int = PEOPLE) -> pa.Table:
    """`rows` rows of fourteen columns of text; nine of them are those of so many people."""
    fakers = [Faker(locale) for locale in LOCALES]
    persons = [_person(fakers[n % 5], n, seed) for n in range(people)]
    draw = np.random.default_rng(seed)
    chosen = draw.integers(0, people, rows) if people < rows else np.arange(rows)
    columns = {name: pa.array([p[name] for p in persons]).take(pa.array(chosen)) for name in persons[0]}
    numbers = draw.integers(10**9, 10**10, rows)
    seconds = draw.integers(1_650_000_000, 1_750_000_000, rows).astype("datetime64[s]")
    return pa.table(
        {
            "id": [str(n) for n in range(1, rows + 1)],
            **columns,
            "order_no": numbers.astype(str),
            "amount": [f"{value:.2f}" for value in draw.random(rows) * 500],
            "status": np.array(["confirmed", "cancelled", "pending", "no_show"])[draw.integers(0, 4, rows)],
            "created_at": np.char.replace(seconds.astype(str), "T", " "),
        }
    ).cast(pa.schema([(name, pa.string()) for name in _names(persons[0])]))


def _names(person: dict[str, str]) -> list[str]:
    return ["id", *person, "order_no", "amount", "status", "created_at"]


def _person(fake: Faker, number: int, seed: int) -> dict[str, str]:
    fake.seed_instance(seed * PEOPLE + number)
    draw = random.Random(number)
    note = fake.sentence(draw.randint(4, 18))
    if draw.random() < 0.05:
        note = f"{note} {draw.choice([fake.email(), 'call ' + fake.phone_number(), fake.ipv4()])}"
    return {
        "name": fake.name(),
        "email": fake.email(),
        "phone": fake.phone_number(),
        "street": fake.street_address(),
        "city": fake.city(),
        "country": fake.country_code(),
        "notes": note,
        "ip": fake.ipv4(),
        "token": fake.uuid4(),
    }
