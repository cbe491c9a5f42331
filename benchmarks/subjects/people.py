"""Made-up people who are easily taken for each other: namesakes, households, addresses that look alike."""

from __future__ import annotations

import hashlib
import random
import uuid
from dataclasses import dataclass
from typing import Final

_GIVEN: Final = [
    "Ada",
    "Bruno",
    "Chloe",
    "Dario",
    "Elsa",
    "Farid",
    "Greta",
    "Hugo",
    "Ines",
    "Jonas",
    "Katya",
    "Liam",
    "Mara",
    "Nils",
    "Oona",
    "Petra",
]
_FAMILY: Final = [
    "Ember",
    "Vasseur",
    "Hale",
    "Lindqvist",
    "Moreau",
    "Okafor",
    "Prieto",
    "Quist",
    "Rossi",
    "Tanaka",
    "Ullmann",
    "Wolanski",
]
_HOSTS: Final = ("lantern.example", "harbour.example", "gmail.com", "mail.lantern.example")
_FIRMS: Final = 12


@dataclass(frozen=True, slots=True)
class Person:
    """`number` is the key of their account; people of a household have one phone."""

    number: int
    name: str
    mail: str
    phone: str
    code: str  # a UUID by which other systems know them
    firm: int

    @property
    def digests(self) -> tuple[str, ...]:
        raw = self.mail.encode()
        return tuple(hashlib.new(name, raw, usedforsecurity=False).hexdigest() for name in _HASHES)

    @property
    def local(self) -> str:
        return self.mail.partition("@")[0]


_HASHES: Final = ("md5", "sha1", "sha256", "sha512")


def crowd(draw: random.Random, subjects: int) -> tuple[list[Person], list[Person]]:
    """The people who are asked about, and others, each of whom looks like one of them."""
    asked: list[Person] = []
    for number in range(1, subjects + 1):
        name = f"{draw.choice(_GIVEN)} {draw.choice(_FAMILY)}"
        given, family = name.lower().split()
        local = draw.choice(
            [f"{given}.{family}{number}", f"{given[0]}{family}.{number}", f"{family}_{number}"]
        )
        shared = number % 10 == 0 and number > 1
        phone = asked[-1].phone if shared else f"+447{400_000_000 + number * 7919:09d}"
        mail = f"{local}@{draw.choice(_HOSTS)}"
        asked.append(Person(number, name, mail, phone, _code(draw), draw.randint(1, _FIRMS)))
    others = [_alike(draw, like, subjects + n) for n, like in enumerate(asked, 1)]
    return asked, others


def _alike(draw: random.Random, like: Person, number: int) -> Person:
    """A namesake whose address holds, or is held by, the other's."""
    local, _, host = like.mail.partition("@")
    mail = (
        f"x{local}@{host}",
        f"{local}{number}@{host}",
        f"{local}@{host}.org" if host != "gmail.com" else f"{local}@harbour.example",
        f"{local}@other-{host}",
        f"{local}-{number}@{host}",
    )[number % 5]
    return Person(number, like.name, mail, f"+447{800_000_000 + number * 6007:09d}", _code(draw), like.firm)


def _code(draw: random.Random) -> str:
    return str(uuid.UUID(int=draw.getrandbits(128), version=4))


def firms() -> range:
    return range(1, _FIRMS + 1)
