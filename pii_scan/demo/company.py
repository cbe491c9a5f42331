"""Who takes part: the businesses, their users and the people who book with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any, Final

from . import resources
from .people import Person, invent, slug

NAME: Final = "Horalune"
DOMAIN: Final = "horalune.example"
ACCOUNTS: Final = 140
USERS: Final = 400
GUESTS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Business:
    """A customer of the service."""

    number: int
    name: str
    domain: str
    country: str
    zone: str


@dataclass(frozen=True, slots=True)
class Company:
    """The cast of one seed. `rng(topic)` gives every part its own stream of chance."""

    seed: int
    words: Mapping[str, Any] = field(repr=False)
    businesses: Sequence[Business] = ()
    users: Sequence[Person] = field(default=(), repr=False)
    guests: Sequence[Person] = field(default=(), repr=False)

    def rng(self, topic: str) -> Random:
        return Random(f"{topic}:{self.seed}")

    def account_of(self, user: int) -> Business:
        """The business of the user with this index."""
        return self.businesses[user % len(self.businesses)]


def found(seed: int) -> Company:
    """The company of a seed."""
    words = resources.document("words.yaml")
    people = invent(seed, USERS + GUESTS, words)
    businesses = _businesses(Random(f"businesses:{seed}"), words)
    users = [_employed(person, index, businesses) for index, person in enumerate(people[:USERS])]
    return Company(seed, words, businesses, users, people[USERS:])


def _businesses(rng: Random, words: Mapping[str, Any]) -> list[Business]:
    pairs = [(a, k) for a in words["company_adjectives"] for k in words["company_kinds"]]
    made = []
    for number, (adjective, kind) in enumerate(rng.sample(pairs, ACCOUNTS), 1):
        name = f"{adjective} {kind}"
        _, country, zone = rng.choice(words["locales"])
        made.append(Business(number, name, f"{slug(name).replace('.', '-')}.example", country, zone))
    return made


def _employed(person: Person, index: int, businesses: Sequence[Business]) -> Person:
    """Every second user writes from the business's own domain."""
    if index % 2:
        return person
    domain = businesses[index % len(businesses)].domain
    return replace(person, email=f"{person.email.partition('@')[0]}@{domain}")
