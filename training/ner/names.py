"""Names of people by locale, halved for training and development, and the forms in which they are written."""

from __future__ import annotations

import hashlib
import importlib
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

GIVEN = re.compile(r"first_name|first_romanized")
FAMILY = re.compile(r"last_name|surname|last_romanized")
_NAME = re.compile(r"[^\W\d_][\w'’ .-]*", re.UNICODE)
#: The share of each locale's names that only the development set has.
HELD = 0.2
_DUTCH = ("van", "de", "van de", "van der", "van den", "ten")
PARTICLES = {
    "fr": ("de", "Le", "de La", "du", "d'"),
    "de": ("von", "zu", "von der"),
    "nl": _DUTCH,
    "it": ("De", "Di", "Della", "D'", "Lo"),
    "es": ("de", "de la", "del"),
    "pt": ("da", "de", "dos", "do"),
    "en": ("Mc", "O'", "St. ", "van"),
}


@dataclass(frozen=True, slots=True)
class Names:
    """Given and family names of one locale."""

    locale: str
    given: tuple[str, ...]
    family: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """One made-up person."""

    given: str
    family: str
    middle: str


@cache
def names(locale: str, held: bool) -> Names:
    """Faker's names of a locale in Latin letters: those held for development, or the others."""
    provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
    found: dict[re.Pattern[str], set[str]] = {GIVEN: set(), FAMILY: set()}
    for attribute in dir(provider):
        value = getattr(provider, attribute)
        for kind, into in found.items():
            if isinstance(value, list | tuple | dict) and kind.search(attribute):
                into.update(n for n in _strings(value) if _NAME.fullmatch(n) and _latin(n) and len(n) > 1)
    halves = [tuple(n for n in sorted(found[kind]) if is_held(n) == held) for kind in (GIVEN, FAMILY)]
    if not all(halves):
        raise ValueError(f"no names in Latin letters: {locale}")
    return Names(locale, *halves)


def is_held(name: str, share: float = HELD) -> bool:
    """Whether a name is of the development set: by its letters alone, so in whatever locale it occurs."""
    digest = hashlib.blake2b(name.lower().encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") / 2**32 < share


def _latin(name: str) -> bool:
    return all(ord(c) < 0x250 or 0x1E00 <= ord(c) < 0x1F00 or c in "’ʻ" for c in name)


def _strings(item: object) -> Iterator[str]:
    if isinstance(item, str):
        yield item
    elif isinstance(item, Iterable) and not isinstance(item, bytes):
        for part in item:
            yield from _strings(part)


def person(rng: random.Random, source: Names) -> Person:
    """A person of a locale: now and then with a double name, a particle or two family names."""
    language = source.locale[:2]
    given, family = rng.choice(source.given), rng.choice(source.family)
    if rng.random() < 0.06:
        given += rng.choice("- ") + rng.choice(source.given)
    if rng.random() < 0.05 and (particles := PARTICLES.get(language)):
        particle = rng.choice(particles)
        family = particle + ("" if particle[-1] in "'c " else " ") + family
    doubled = 0.5 if language in ("es", "pt") else 0.06
    if rng.random() < doubled:
        family += ("-" if doubled < 0.5 or rng.random() < 0.1 else " ") + rng.choice(source.family)
    return Person(given, family, rng.choice(source.given))


def full(rng: random.Random, who: Person) -> str:
    """Given and family name, in one of the orders and with the shortenings that people use."""
    styles = (_plain, _last_upper, _last_first, _comma, _initial, _middle, _initial_last)
    return rng.choices(styles, (62, 5, 6, 6, 8, 8, 5))[0](who)


def _plain(who: Person) -> str:
    return f"{who.given} {who.family}"


def _last_upper(who: Person) -> str:
    return f"{who.given} {who.family.upper()}"


def _last_first(who: Person) -> str:
    return f"{who.family.upper()} {who.given}"


def _comma(who: Person) -> str:
    return f"{who.family}, {who.given}"


def _initial(who: Person) -> str:
    return f"{who.given[0]}. {who.family}"


def _middle(who: Person) -> str:
    return f"{who.given} {who.middle[0]}. {who.family}"


def _initial_last(who: Person) -> str:
    return f"{who.family} {who.given[0]}."
