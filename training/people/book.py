"""The gazetteer: every known name with what it is known as."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from functools import partial

from pii_scan.detect import gazetteer as g
from pii_scan.detect.gazetteer import EAST, joined, plain, words

from . import sources

#: Locales whose lists mix in what is hardly a name there.
LOOSE = frozenset({"en", "is_IS", "ta_IN", "zu_ZA"})
LOREM = (
    "en_US",
    "fr_FR",
    "de_DE",
    "es_ES",
    "it_IT",
    "nl_NL",
    "la",
    "pl_PL",
    "cs_CZ",
    "da_DK",
    "ru_RU",
    "el_GR",
)
LARGE, WORLD = 100_000, 200_000
#: Parts of which one in `PARTS` is held out.
PARTS = 5


def held(name: str) -> bool:
    """True for the fifth of all words that the classifiers do not see while they are trained."""
    return zlib.crc32(plain(name).encode()) % PARTS == 0


def lowered(name: str) -> str:
    """The last word of a name of several, which is what a reader looks up."""
    found = [w for w in words(plain(name)) if len(w) > 1 or w > EAST]
    return found[-1] if found else ""


class Book:
    """Collects entries."""

    def __init__(self, without: Collection[str] = ()) -> None:
        self.entries: defaultdict[str, int] = defaultdict(int)
        self.without = frozenset(without)

    def names(self, listed: Iterable[str], seldom: int, often: int, is_often: Callable[[int], bool]) -> None:
        for rank, name in enumerate(listed):
            word = lowered(name)
            if not word or any(c.isdigit() for c in word) or (len(word) < 2 and word < EAST):
                continue
            short = len(word) < 3 and word.isascii()
            self.entries[word] |= seldom | (often if is_often(rank) and not short else 0)

    def places(self, listed: Iterable[str], flag: int) -> None:
        for name in listed:
            key = joined(plain(name))
            if len(key) > 2 or (len(key) > 1 and not key.isascii()):
                self.entries[key] |= flag

    def marked(self, listed: Iterable[str]) -> None:
        for word in listed:
            key = plain(word)
            if len(key) > 1 and key.replace("'", "").isalpha():
                self.entries[key] |= g.WORD


def of(without: Collection[str] = (), mimesis: bool = True) -> dict[str, int]:
    """All entries; `without` leaves locales out, and Mimesis' names come last or not at all."""
    book = Book(without)
    _add_faker(book)
    if "en_US" not in book.without:
        _add_census(book)
    if mimesis:
        _add_mimesis(book)
    _add_words(book)
    _add_places(book)
    return dict(book.entries)


def _add_faker(book: Book) -> None:
    for locale in sources.locales():
        if locale in book.without:
            continue
        given, family = sources.faker_names(locale)
        sure = locale not in LOOSE
        book.names(given, g.GIVEN, g.GIVEN_OFTEN, lambda _, sure=sure: sure)
        book.names(family, g.FAMILY, g.FAMILY_OFTEN, lambda _, sure=sure: sure)


def _add_census(book: Book) -> None:
    book.names(sources.census("all.last"), g.FAMILY, g.FAMILY_OFTEN, lambda rank: rank < 4000)
    for kind in ("male.first", "female.first"):
        book.names(sources.census(kind), g.GIVEN, g.GIVEN_OFTEN, lambda rank: rank < 600)


def _add_mimesis(book: Book) -> None:
    for locale in sources.mimesis_locales():
        given, family = sources.mimesis_names(locale)
        book.names(given, g.GIVEN, g.GIVEN_OFTEN, partial(_often, locale))
        book.names(family, g.FAMILY, g.FAMILY_OFTEN, partial(_often, locale))


def _often(locale: str, rank: int) -> bool:
    return locale not in ("en", "is")


def _add_words(book: Book) -> None:
    """Ordinary words; a common given name counts as one only where a dictionary has it in lower case."""
    book.marked(w for w in sources.frequent("en", 25_000) if w in sources.english() and len(w) > 2)
    for locale in LOREM:
        book.marked(w for w in sources.lorem(locale) if not book.entries.get(plain(w), 0) & g.GIVEN_OFTEN)
    for locale in sources.mimesis_locales():
        listed = sources.strings(sources.mimesis_data(locale, "text").get("words", []))
        book.marked(w for w in listed if w.islower() and not book.entries.get(plain(w), 0) & g.NAME)
    for phrase in sources.calendar_words():
        if " " not in phrase:
            book.marked([phrase])


def _add_places(book: Book) -> None:
    for name, population, others in sources.cities():
        book.places([name], g.CITY | (g.CITY_LARGE if population >= LARGE else 0))
        if population >= WORLD:
            book.places([o for o in others if len(o) > 3 or not o.isascii()], g.CITY | g.CITY_LARGE)
    book.places(sources.countries(), g.COUNTRY)
    book.places(sources.regions(), g.REGION)
