"""Invented people by locale, from Faker; the same seed invents the same people."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any, Final

_DOMAINS: Final = ("example.com", "example.net", "example.org", "mail.example.com", "example.co.uk")
_PLAIN: Final = str.maketrans({"ł": "l", "ß": "ss", "ø": "o", "æ": "ae", "đ": "d", "ð": "d", "þ": "th"})
#: Makers of the part of a country above the city, whichever the locale has.
_REGIONS: Final = ("administrative_unit", "department_name", "state", "province", "county", "region")


@dataclass(frozen=True, slots=True)
class Person:
    """One invented person; texts are in the forms of `locale`."""

    locale: str
    gender: str
    first: str
    last: str
    email: str
    username: str
    birth: date
    facts: Mapping[str, str]

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"


def invent(seed: str, count: int, locales: Sequence[str]) -> tuple[Person, ...]:
    """`count` people, the locales in turn."""
    from faker import Faker

    rng = Random(f"people:{seed}")
    sources = []
    for locale in locales:
        maker = Faker(locale)
        maker.seed_instance(f"{seed}:{locale}")
        sources.append(Source(locale, maker, _cities(maker)))
    return tuple(_person(sources[n % len(sources)], rng) for n in range(count))


@dataclass(frozen=True, slots=True)
class Source:
    """A locale's Faker, and its cities where it lists them."""

    locale: str
    maker: Any
    cities: tuple[str, ...]


def _cities(maker: Any) -> tuple[str, ...]:
    """Sorted: Faker's Italian list has the order of a set, which is another in every process."""
    listed = next((p.cities for p in maker.get_providers() if hasattr(p, "cities")), ())
    return tuple(sorted(set(listed)))


def _person(source: Source, rng: Random) -> Person:
    maker = source.maker
    gender = rng.choice("fm")
    first = maker.first_name_female() if gender == "f" else maker.first_name_male()
    last = maker.last_name()
    login = _login(first, last, rng)
    email = f"{login}@{rng.choice(_DOMAINS)}"
    username = login.replace(".", rng.choice(("", "_", "."))) + rng.choice(("", "", str(rng.randrange(99))))
    return Person(
        source.locale,
        gender,
        first,
        last,
        email,
        username,
        maker.date_of_birth(minimum_age=17, maximum_age=88),
        _facts(source, rng),
    )


def _facts(source: Source, rng: Random) -> dict[str, str]:
    """What Faker knows of a place, a job, numbers and machines."""
    maker = source.maker
    region = next((getattr(maker, name) for name in _REGIONS if hasattr(maker, name)), maker.city)
    return {
        "phone": maker.phone_number(),
        "street": maker.street_address().replace("\n", ", "),
        "city": rng.choice(source.cities) if source.cities else maker.city(),
        "postcode": maker.postcode(),
        "region": region(),
        "country": maker.current_country(),
        "country_code": source.locale[-2:],
        "job": maker.job(),
        "company": maker.company(),
        "national_id": maker.ssn(),
        "iban": maker.iban(),
        "bic": maker.swift(),
        "plate": maker.license_plate(),
        "agent": maker.user_agent(),
        "ip": maker.ipv4_public(),
        "ip6": maker.ipv6(),
        "passport": maker.passport_number() if hasattr(maker, "passport_number") else "",
    }


def _login(first: str, last: str, rng: Random) -> str:
    one, two = plain(first), plain(last)
    forms = (f"{one}.{two}", f"{one[:1]}{two}", f"{one}{rng.randrange(1000)}", f"{one}_{two}", f"{two}.{one}")
    return rng.choice(forms)


def plain(text: str) -> str:
    """Letters alone, lower case, without accents."""
    folded = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    return "".join(c for c in folded if c.isascii() and c.isalpha()) or "x"
