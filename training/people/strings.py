"""Labelled short texts by whose letters the classifier learns; none has a word that is held out."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterator, Sequence

from faker import Faker

from pii_scan.detect.gazetteer import EAST, plain, words

from . import sources
from .book import held

STREETS = (
    "en_US",
    "en_GB",
    "en_AU",
    "en_CA",
    "en_IE",
    "fr_FR",
    "fr_CH",
    "fr_CA",
    "de_DE",
    "de_AT",
    "de_CH",
    "es_ES",
)
STREETS = (
    *STREETS,
    "es_MX",
    "it_IT",
    "nl_NL",
    "nl_BE",
    "pt_BR",
    "pt_PT",
    "pl_PL",
    "cs_CZ",
    "sv_SE",
    "da_DK",
    "ru_RU",
)
FIRMS = (*STREETS, "fi_FI", "tr_TR", "hu_HU", "ro_RO", "no_NO", "ja_JP", "ko_KR", "zh_CN", "el_GR")
Texts = list[tuple[str, str]]


def faked(locale: str, method: str, count: int, seed: int) -> list[str]:
    """Values that Faker invents."""
    fake = Faker(locale)
    fake.seed_instance(seed)
    call = getattr(fake, method)
    return [str(call()) for _ in range(count)]


def full_name(given: str, family: str, rng: random.Random) -> str:
    """A person's name in one of the orders that are met."""
    if given > EAST:
        return f"{family}{given}" if rng.random() < 0.7 else f"{family} {given}"
    style = rng.random()
    if style < 0.55:
        return f"{given} {family}"
    if style < 0.75:
        return f"{family} {given}"
    if style < 0.85:
        return f"{given} {rng.choice('abcdefghijklmnoprstvw')} {family}"
    return (
        f"{rng.choice(('dr', 'mr', 'mrs', 'ms', 'm', 'mme', 'herr', 'frau', 'sr', 'sra'))} {given} {family}"
    )


def of(seed: int, without: Collection[str] = ()) -> Texts:
    """Plain texts with their class of `ngrams.CLASSES`."""
    rng = random.Random(seed)
    found: Texts = []
    for label, make in _MAKERS.items():
        texts = [t for t in make(rng, without) if t and not any(held(w) for w in _weighty(label, t))]
        found += [(text, label) for text in texts]
    rng.shuffle(found)
    return found


def _weighty(label: str, text: str) -> list[str]:
    """The words that must not be held out: all of names and places, none of addresses and codes."""
    return words(text) if label in ("given", "family", "person", "place") else []


def _names(without: Collection[str]) -> list[tuple[str, Sequence[str], Sequence[str]]]:
    listed = [(code, *sources.faker_names(code)) for code in sources.locales() if code not in without]
    if "en_US" not in without:
        firsts = (*sources.census("female.first")[:2000], *sources.census("male.first"))
        listed.append(("census", firsts, sources.census("all.last")))
    return [(code, given, family) for code, given, family in listed if given and family]


def _given(rng: random.Random, without: Collection[str]) -> Iterator[str]:
    for _, given, _ in _names(without):
        yield from (plain(n) for n in given)


def _family(rng: random.Random, without: Collection[str]) -> Iterator[str]:
    for code, _, family in _names(without):
        yield from (plain(n) for n in (rng.sample(family, 12_000) if code == "census" else family))


def _people(rng: random.Random, without: Collection[str]) -> Iterator[str]:
    for code, given, family in _names(without):
        seen_given = [n for n in given if not held(n)] or given
        seen_family = [n for n in family if not held(n)] or family
        for _ in range(6000 if code == "census" else 1000):
            yield plain(full_name(rng.choice(seen_given), rng.choice(seen_family), rng))


def _places(rng: random.Random, without: Collection[str]) -> Iterator[str]:
    towns = sources.cities()
    for name, _, _ in rng.sample(towns, 20_000):
        yield plain(name)
    for _, population, others in towns:
        if population > 1_000_000:
            yield from (plain(o) for o in others if len(o) > 3)
    yield from (plain(n) for n in (*sources.countries(), *sources.regions()))


def _streets(rng: random.Random, without: Collection[str]) -> Iterator[str]:
    for locale in STREETS:
        yield from (plain(t) for t in faked(locale, "street_address", 500, 1))
        yield from (plain(t) for t in faked(locale, "street_name", 200, 2))


def _companies(rng: random.Random, without: Collection[str]) -> Iterator[str]:
    for locale in FIRMS:
        yield from (plain(t) for t in faked(locale, "company", 400, 3))
    family, common = (
        sources.census("all.last")[:4000],
        [w for w in sources.frequent("en", 6000) if len(w) > 4],
    )
    ends = (
        "inc",
        "ltd",
        "llc",
        "gmbh",
        "ag",
        "sa",
        "sarl",
        "group",
        "co",
        "corp",
        "holdings",
        "systems",
        "motors",
    )
    tails = ("ify", "ly", "io", "tech", "soft", "net", "corp", "works", "lab")
    for _ in range(3000):
        yield f"{rng.choice(common)} {rng.choice(ends)}"
        first, second = plain(rng.choice(family)), plain(rng.choice(family))
        yield f"{first} & {rng.choice(('sons', 'co', 'partners', second))}"
        yield f"{rng.choice(common)}{rng.choice(tails)}"


def _wordy(rng: random.Random, without: Collection[str]) -> Iterator[str]:
    names = {plain(n) for code in sources.locales() for part in sources.faker_names(code) for n in part}
    for language in sources.LANGUAGES:
        listed = [w for w in sources.frequent(language, 20_000) if plain(w) not in names and len(w) > 2]
        yield from (plain(w) for w in listed[:9000])
        for _ in range(5000):
            yield " ".join(
                plain(w) for w in rng.choices(listed[:12_000], k=rng.choice((2, 2, 2, 3, 3, 4, 5)))
            )
    for locale in (
        "ar_AA",
        "el_GR",
        "fa_IR",
        "he_IL",
        "ja_JP",
        "ru_RU",
        "th_TH",
        "uk_UA",
        "zh_CN",
        "hy_AM",
        "pl_PL",
    ):
        yield from (plain(w) for w in sources.lorem(locale))
    yield from (plain(w) for w in sources.calendar_words())
    for method in ("job", "catch_phrase", "bs", "color_name", "currency_name"):
        yield from (plain(t) for t in faked("en_US", method, 600, 4))
    for locale in ("fr_FR", "de_DE", "es_ES", "it_IT", "nl_NL", "pt_BR", "pl_PL", "tr_TR", "ru_RU"):
        yield from (plain(t) for t in faked(locale, "job", 300, 5))


def _codes(rng: random.Random, without: Collection[str]) -> Iterator[str]:
    letters, digits = "abcdefghijklmnopqrstuvwxyz", "0123456789"
    for _ in range(6000):
        yield "".join(rng.choices(letters, k=rng.choice((2, 3, 3))))
        yield (
            "".join(rng.choices(letters, k=rng.randint(1, 4)))
            + "-"
            + "".join(rng.choices(digits, k=rng.randint(2, 6)))
        )
        yield "".join(rng.choices(letters + digits, k=rng.randint(5, 14)))
    for method in (
        "file_name",
        "domain_name",
        "uuid4",
        "ean",
        "license_plate",
        "hostname",
        "user_name",
        "mime_type",
    ):
        yield from (plain(t) for t in faked("en_US", method, 800, 6))


Maker = Callable[[random.Random, Collection[str]], Iterator[str]]
_MAKERS: dict[str, Maker] = {
    "person": _people,
    "given": _given,
    "family": _family,
    "place": _places,
    "street": _streets,
    "company": _companies,
    "text": _wordy,
    "code": _codes,
}
