"""Values of the row's person; the argument `other` takes the other one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from ..people import Person, plain
from .row import NOW, Row


def _of(read: Callable[[Person], Any]) -> Callable[[Row, str], Any]:
    return lambda row, argument: read(row.other if argument == "other" else row.person)


def _fact(key: str) -> Callable[[Row, str], Any]:
    return _of(lambda person: person.facts[key])


def _age(person: Person) -> int:
    return (NOW.date() - person.birth).days // 365


def _gender(row: Row, argument: str) -> str:
    """The argument's two words, women's first: `Frau/Herr`."""
    words = (argument or "F/M").split("/")
    return words[0 if row.person.gender == "f" else 1]


def _written_date(row: Row, argument: str) -> str:
    """A birth date as text in the argument's format, underscores for blanks."""
    return row.person.birth.strftime((argument or "%d.%m.%Y").replace("_", " "))


def _handle(person: Person) -> str:
    return f"@{person.username}"


def _dn(person: Person) -> str:
    return f"uid={person.username},ou=people,dc=example,dc=com"


def _international(person: Person) -> str:
    """Digits of the phone number after the country's code, as messaging services keep them."""
    codes = {"US": "1", "GB": "44", "FR": "33", "DE": "49", "ES": "34", "IT": "39", "NL": "31", "PT": "351"}
    digits = "".join(c for c in person.facts["phone"].partition("x")[0] if c.isdigit())
    return f"+{codes.get(person.locale[-2:], '1')}{digits[-9:]}"


def _birth(person: Person) -> date:
    return person.birth


MAKERS: Final[Mapping[str, Callable[[Row, str], Any]]] = {
    "first": _of(lambda p: p.first),
    "last": _of(lambda p: p.last),
    "name": _of(lambda p: p.name),
    "name_reversed": _of(lambda p: f"{p.last}, {p.first}"),
    "initials": _of(lambda p: p.first[0] + p.last[0]),
    "slug_name": _of(lambda p: f"{plain(p.first)}-{plain(p.last)}"),
    "email": _of(lambda p: p.email),
    "username": _of(lambda p: p.username),
    "handle": _of(_handle),
    "dn": _of(_dn),
    "phone": _fact("phone"),
    "phone_international": _of(_international),
    "street": _fact("street"),
    "city": _fact("city"),
    "postcode": _fact("postcode"),
    "region": _fact("region"),
    "country": _fact("country"),
    "country_code": _fact("country_code"),
    "address": _of(lambda p: f"{p.facts['street']}, {p.facts['postcode']} {p.facts['city']}"),
    "job": _fact("job"),
    "employer": _fact("company"),
    "national_id": _fact("national_id"),
    "iban": _fact("iban"),
    "bic": _fact("bic"),
    "plate": _fact("plate"),
    "passport": _fact("passport"),
    "agent": _fact("agent"),
    "ip": _fact("ip"),
    "ip6": _fact("ip6"),
    "birth": _of(_birth),
    "birth_text": _written_date,
    "age": _of(_age),
    "gender": _gender,
    "locale": _of(lambda p: p.locale),
    "language": _of(lambda p: p.locale[:2]),
}
