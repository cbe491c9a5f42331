"""Invented people: names by Faker, addresses at reserved domains, numbers from ranges kept for fiction."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any, Final

#: Ranges that regulators keep for drama (NANP 555-01xx, Ofcom, Arcep, Bundesnetzagentur, ACMA).
_FICTION: Final = (
    *(f"+1{area}55501" for area in ("202", "212", "303", "415", "512", "617", "702", "808")),
    *(
        f"+4420794{digits}"
        for digits in ("600", "601", "602", "603", "604", "605", "606", "607", "608", "609")
    ),
    *(f"+3319900{digits:02d}" for digits in range(40)),
    *(f"+493023125{digit}" for digit in range(10)),
    *(f"+614915701{digit}" for digit in (5, 6, 7)),
)
_PUBLIC_DOMAINS: Final = ("example.com", "example.net", "example.org")
_PLAIN: Final = str.maketrans({"ł": "l", "ß": "ss", "ø": "o", "æ": "ae", "đ": "d", "ð": "d", "þ": "th"})


@dataclass(frozen=True)
class Person:
    """One invented person."""

    number: int
    given: str
    family: str
    email: str
    phone: str
    locale: str
    country: str
    zone: str
    street: str
    city: str
    postcode: str

    @cached_property
    def name(self) -> str:
        """In the order of the person's language."""
        if self.locale == "ja_JP":
            return f"{self.family} {self.given}"
        return f"{self.given} {self.family}"

    @property
    def username(self) -> str:
        return f"{self.email.partition('@')[0]}{self.number}"


def slug(text: str) -> str:
    """Letters and digits of a name without accents, joined by dots."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    kept = "".join(c if c.isascii() and c.isalnum() else "." for c in plain if not unicodedata.combining(c))
    return ".".join(part for part in kept.split(".") if part)


def invent(seed: int, count: int, words: Mapping[str, Any]) -> tuple[Person, ...]:
    """`count` people of all locales in turn; no two share an address or a number."""
    from faker import Faker

    locales: Sequence[Sequence[str]] = words["locales"]
    makers = {}
    for index, (locale, _, _) in enumerate(locales):
        makers[locale] = Faker(locale)
        makers[locale].seed_instance(seed * 100 + index)
    rng = Random(f"people:{seed}")
    phones = _phones(rng, count)
    people = []
    for number in range(1, count + 1):
        locale, country, zone = locales[number % len(locales)]
        people.append(_person(makers[locale], number, next(phones), (locale, country, zone), rng))
    return tuple(people)


def _phones(rng: Random, count: int) -> Iterator[str]:
    """Numbers of the fiction ranges, padded to each country's length, every one once."""
    pool = [
        prefix + str(tail).zfill(_tail(prefix)) for prefix in _FICTION for tail in range(10 ** _tail(prefix))
    ]
    return iter(rng.sample(pool, count))


def _tail(prefix: str) -> int:
    lengths = {"+1": 12, "+44": 13, "+33": 12, "+49": 13, "+61": 12}
    country = next(code for code in sorted(lengths, key=len, reverse=True) if prefix.startswith(code))
    return lengths[country] - len(prefix)


def _city(maker: Any, rng: Random) -> str:
    """A city; Faker's Italian list has the order of a set, which is another in every process."""
    listed = next((p.cities for p in maker.get_providers() if hasattr(p, "cities")), ())
    return rng.choice(sorted(set(listed))) if listed else str(maker.city())


def _person(maker: Any, number: int, phone: str, place: tuple[str, str, str], rng: Random) -> Person:
    locale, country, zone = place
    given, family = maker.first_name(), maker.last_name()
    login = slug(f"{given} {family}")
    if locale == "ja_JP":
        login = slug(maker.romanized_name())
    domain = rng.choice(_PUBLIC_DOMAINS)
    street = maker.street_address().replace("\n", ", ") if hasattr(maker, "street_address") else ""
    return Person(
        number,
        given,
        family,
        f"{login}{number}@{domain}",
        phone,
        locale,
        country,
        zone,
        street or str(number),
        _city(maker, rng),
        maker.postcode(),
    )
