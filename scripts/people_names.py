"""Makes pii_scan/data/people.txt: given and family names, by which names of columns and files are masked.

The names come from Faker's lists of Latin-script locales, without the words by which columns are named. Those
that are places, months or other words as well are listed a second time.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from faker import Faker

from pii_scan.data import load

LOCALES = [
    "en_US",
    "en_GB",
    "fr_FR",
    "de_DE",
    "es_ES",
    "it_IT",
    "nl_NL",
    "pt_BR",
    "pt_PT",
    "pl_PL",
    "sv_SE",
    "da_DK",
    "fi_FI",
    "cs_CZ",
    "tr_TR",
    "ro_RO",
]
WORDS = [
    "ace",
    "al",
    "amber",
    "angel",
    "april",
    "art",
    "august",
    "autumn",
    "basil",
    "bill",
    "bird",
    "bishop",
    "book",
    "bush",
    "call",
    "case",
    "chance",
    "chapman",
    "chase",
    "chip",
    "christian",
    "clay",
    "cliff",
    "cook",
    "crystal",
    "daisy",
    "dale",
    "day",
    "dean",
    "drew",
    "early",
    "faith",
    "field",
    "fields",
    "fish",
    "ford",
    "forest",
    "frank",
    "french",
    "garden",
    "gene",
    "ginger",
    "glen",
    "glass",
    "grace",
    "grant",
    "gray",
    "green",
    "grove",
    "guy",
    "hall",
    "hand",
    "hazel",
    "head",
    "hill",
    "holiday",
    "home",
    "honor",
    "hope",
    "house",
    "iris",
    "ivy",
    "jack",
    "jade",
    "jesus",
    "joy",
    "june",
    "junior",
    "keys",
    "king",
    "lake",
    "lane",
    "law",
    "lily",
    "long",
    "lord",
    "love",
    "major",
    "mark",
    "marks",
    "max",
    "may",
    "mays",
    "miles",
    "mill",
    "moon",
    "park",
    "page",
    "parks",
    "pat",
    "pearl",
    "penny",
    "pole",
    "pope",
    "post",
    "price",
    "prince",
    "ray",
    "read",
    "reed",
    "reid",
    "rice",
    "rich",
    "ring",
    "rivers",
    "rob",
    "rock",
    "rose",
    "ruby",
    "rush",
    "sandy",
    "short",
    "silver",
    "snow",
    "stone",
    "street",
    "strong",
    "sue",
    "summer",
    "sun",
    "system",
    "temple",
    "town",
    "valentine",
    "van",
    "vega",
    "violet",
    "wall",
    "waters",
    "weeks",
    "west",
    "will",
    "winter",
    "wise",
    "wood",
    "woods",
    "work",
    "worth",
    "young",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "january",
    "february",
    "march",
    "july",
    "september",
    "october",
    "november",
    "december",
    "north",
    "south",
    "east",
    "america",
    "africa",
    "asia",
    "europe",
    "india",
    "israel",
    "georgia",
    "jordan",
    "chad",
    "virginia",
    "carolina",
    "dakota",
    "washington",
    "florida",
    "paris",
    "london",
    "vienna",
    "berlin",
    "roma",
    "milano",
    "florence",
    "austin",
    "dallas",
    "houston",
    "phoenix",
    "orlando",
    "denver",
    "lincoln",
    "madison",
    "jackson",
    "victoria",
    "sydney",
    "adelaide",
    "santiago",
    "san",
    "santa",
    "saint",
    "sofia",
    "valencia",
]


def plain(name: str) -> str:
    """Lower case without accents."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def words_of(value: Any) -> Iterator[str]:
    """Every text inside lists and mappings, split into words."""
    if isinstance(value, str):
        yield from plain(value).replace("_", " ").split()
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from words_of(key)
            yield from words_of(item)
    elif isinstance(value, list):
        for item in value:
            yield from words_of(item)


def names(kind: str) -> Iterator[str]:
    for locale in LOCALES:
        for provider in Faker(locale).get_providers():
            for attribute in dir(type(provider)):
                if attribute.startswith(kind) and isinstance(getattr(provider, attribute), Iterable):
                    yield from (str(name) for name in getattr(provider, attribute))


def listed(kind: str, excluded: set[str]) -> list[str]:
    found = {plain(name) for name in names(kind)}
    return sorted(n for n in found if n.isalpha() and n.isascii() and len(n) >= 3 and n not in excluded)


def main() -> None:
    vocabulary: set[str] = set()
    for name in load.names("names"):
        vocabulary.update(words_of(load.read("names", name)))
    vocabulary -= set(WORDS)
    sections = {"given": listed("first_names", vocabulary), "family": listed("last_names", vocabulary)}
    known = set(sections["given"]) | set(sections["family"])
    sections["words"] = sorted(known & set(WORDS))
    for heading, found in sections.items():
        sys.stdout.write(f"[{heading}]\n" + "\n".join(found) + "\n")


if __name__ == "__main__":
    main()
