"""Pools of values of which development columns are drawn, each with what such a column is."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from mimesis import Generic
from mimesis.locales import Locale as MimesisLocale
from ruamel.yaml import YAML

from pii_scan.detect.gazetteer import EAST, plain

from . import sources
from .strings import FIRMS, STREETS, faked

#: Values by name of the pool: what the column is, and the values.
Pool = tuple[str, str, list[str]]
TITLES = {
    "en": ("Mr. ", "Mrs. ", "Ms. ", "Dr. "),
    "de": ("Herr ", "Frau ", "Dr. "),
    "fr": ("M. ", "Mme "),
    "es": ("Sr. ", "Sra. "),
}
METHODS: dict[str, tuple[str, ...]] = {
    "hardware": ("cpu", "graphics", "manufacturer", "phone_model", "ram_type", "resolution", "ssd_or_hdd"),
    "food": ("dish", "drink", "fruit", "spices", "vegetable"),
    "transport": ("airplane", "car", "manufacturer"),
    "development": ("ility", "os", "programming_language", "software_license", "version"),
    "finance": ("bank", "company", "stock_name", "stock_ticker", "currency_iso_code", "stock_exchange"),
    "internet": ("content_type", "hostname", "http_status_message", "path", "slug", "user_agent", "url"),
    "file": ("file_name", "size", "extension"),
    "person": (
        "occupation",
        "university",
        "nationality",
        "language",
        "academic_degree",
        "blood_type",
        "gender",
    ),
    "datetime": ("timezone", "month", "day_of_week", "formatted_date", "periodicity"),
    "text": ("color", "hex_color", "level", "sentence", "quote", "word"),
    "address": ("country_code", "iata_code", "icao_code", "postal_code", "street_suffix", "continent"),
    "cryptographic": ("token_hex", "uuid", "mnemonic_phrase"),
    "code": ("isbn", "locale_code", "imei"),
}
COMPANIES = frozenset({"finance bank", "finance company", "finance stock_name"})


def of(seed: int) -> list[Pool]:
    """All pools, in one order."""
    rng = random.Random(seed)
    makers: list[Callable[[random.Random], Iterator[Pool]]] = [
        _people,
        _places,
        _addresses,
        _companies,
        _mimesis,
        _listed,
        _faked,
        _words,
        _codes,
    ]
    made = [(name, kind, sorted(set(values))) for make in makers for name, kind, values in make(rng)]
    return [pool for pool in made if len(pool[2]) > 2]


def _people(rng: random.Random) -> Iterator[Pool]:
    for code in sources.mimesis_locales():
        given, family = sources.mimesis_names(code)
        if not family:
            continue
        yield f"given {code}", "given", list(given)
        yield f"family {code}", "family", list(family)
        if given[0] > EAST and code in ("ja", "ko", "zh"):
            for copy in ("full", "joined", "native"):
                yield f"{copy} {code}", "person", [_native(rng, given, family) for _ in range(400)]
            continue
        for style, make in STYLES.items():
            yield f"{style} {code}", "person", [make(rng, code[:2], given, family) for _ in range(400)]
    givens = [*sources.census("male.first"), *sources.census("female.first")]
    families = sources.census("all.last")
    for style, make in STYLES.items():
        mixed = [make(rng, "en", givens[:3000], families[:40_000]) for _ in range(400)]
        yield f"{style} census", "person", mixed
    yield "given census", "given", givens
    yield "family census", "family", list(families[:20_000])


def of_locale(locale: str, seed: int) -> list[Pool]:
    """Pools of the names of one of Faker's locales, in every style but initials."""
    rng = random.Random(seed)
    given, family = sources.faker_names(locale)
    made = {style: make for style, make in STYLES.items() if style != "initial"}
    return [
        (f"{style} {locale}", "person", sorted({make(rng, locale[:2], given, family) for _ in range(300)}))
        for style, make in made.items()
    ]


def _full(rng: random.Random, code: str, given: Any, family: Any) -> str:
    second = f" {rng.choice(family)}" if code in ("es", "pt") and rng.random() < 0.6 else ""
    return f"{rng.choice(given)} {rng.choice(family)}{second}"


def _middle(rng: random.Random, code: str, given: Any, family: Any) -> str:
    first = rng.choice(given)
    middle = rng.choice((f"{rng.choice(given)[0]}.", rng.choice(given), rng.choice(given)[0]))
    return f"{first} {middle} {rng.choice(family)}"


def _titled(rng: random.Random, code: str, given: Any, family: Any) -> str:
    title = rng.choice(TITLES.get(code, TITLES["en"])) if rng.random() < 0.7 else ""
    return f"{title}{rng.choice(given)} {rng.choice(family)}{rng.choice(('', '', '', ' Jr.', ' PhD'))}"


def _initial(rng: random.Random, code: str, given: Any, family: Any) -> str:
    first = rng.choice(given)[0]
    return rng.choice((f"{first}. {rng.choice(family)}", f"{rng.choice(family)}, {first}."))


def _double(rng: random.Random, code: str, given: Any, family: Any) -> str:
    first = f"{rng.choice(given)}-{rng.choice(given)}" if rng.random() < 0.4 else rng.choice(given)
    return f"{first} {rng.choice(family)}-{rng.choice(family)}"


def _native(rng: random.Random, given: Any, family: Any) -> str:
    return f"{rng.choice(family)}{rng.choice(('', '', ' '))}{rng.choice(given)}"


STYLES: dict[str, Callable[[random.Random, str, Any, Any], str]] = {
    "full": _full,
    "comma": lambda r, c, g, f: f"{r.choice(f)}, {r.choice(g)}",
    "reverse": lambda r, c, g, f: f"{r.choice(f).upper()} {r.choice(g)}",
    "middle": _middle,
    "titled": _titled,
    "initial": _initial,
    "double": _double,
}


def _places(rng: random.Random) -> Iterator[Pool]:
    towns = sources.cities()
    yield "cities", "city", [name for name, _, _ in towns]
    yield "cities large", "city", [name for name, population, _ in towns if population > 300_000]
    names = {
        plain(n) for code in ("en", "en_US", "fr_FR") for part in sources.faker_names(code) for n in part
    }
    like = [name for name, population, _ in towns if population > 20_000 and plain(name) in names]
    plainer = rng.sample([name for name, population, _ in towns if population > 100_000], len(like) // 2)
    yield "cities like names", "city", like
    yield "cities often like names", "city", [*like, *plainer]
    for code in sources.LANGUAGES:
        listed = list(sources.strings(sources.mimesis_data(code, "address").get("city", [])))
        yield f"cities {code}", "city", [c for c in listed if c]
        names = sources.mimesis_data(code, "address").get("country", {}).get("name", [])
        yield f"countries {code}", "country", list(sources.strings(names))
        states = sources.mimesis_data(code, "address").get("state", {}).get("name", [])
        yield f"regions {code}", "region", list(sources.strings(states))
    yield "regions", "region", sources.regions()


def _addresses(rng: random.Random) -> Iterator[Pool]:
    for locale in STREETS:
        yield f"streets {locale}", "street", faked(locale, "street_address", 300, 11)
        yield (
            f"addresses {locale}",
            "address",
            [a.replace("\n", ", ") for a in faked(locale, "address", 300, 12)],
        )


def _companies(rng: random.Random) -> Iterator[Pool]:
    for locale in FIRMS:
        yield f"companies {locale}", "company", faked(locale, "company", 300, 13)
    family = sources.census("all.last")[:8000]
    ends = (" & Sons", " Inc", " Ltd", " Group", " LLC", " and Company", " Brothers", " Motors", " GmbH")
    yield "companies of families", "company", [rng.choice(family) + rng.choice(ends) for _ in range(400)]
    yield "pairs of partners", "company", [f"{rng.choice(family)} & {rng.choice(family)}" for _ in range(300)]


def _mimesis(rng: random.Random) -> Iterator[Pool]:
    for locale in (MimesisLocale.EN, MimesisLocale.FR, MimesisLocale.DE, MimesisLocale.ES, MimesisLocale.NL):
        generic = Generic(locale, seed=5)
        for provider, methods in METHODS.items():
            for method in methods:
                key = f"{provider} {method}"
                if locale != MimesisLocale.EN and provider not in ("food", "person", "text", "datetime"):
                    continue
                call = getattr(getattr(generic, provider), method)
                kind = "company" if key in COMPANIES else "other"
                yield f"{key} {locale.value}", kind, [str(call()) for _ in range(300)]


def _listed(rng: random.Random) -> Iterator[Pool]:
    found = YAML(typ="safe").load((Path(__file__).parent / "lists.yaml").read_text(encoding="utf-8"))
    for name, values in found.items():
        kind = "company" if name in ("firms", "brands") else "other"
        for copy in range(3):
            yield f"{name} {copy}", kind, [str(v) for v in values]


def _faked(rng: random.Random) -> Iterator[Pool]:
    for method in (
        "job",
        "catch_phrase",
        "bs",
        "color_name",
        "currency_name",
        "sentence",
        "language_name",
        "user_agent",
    ):
        yield f"{method}", "other", faked("en_US", method, 300, 14)
    for method in (
        "cryptocurrency_name",
        "file_name",
        "domain_name",
        "hostname",
        "month_name",
        "day_of_week",
        "user_name",
    ):
        yield f"{method}", "other", faked("en_US", method, 300, 15)
    for locale in ("fr_FR", "de_DE", "es_ES", "it_IT", "nl_NL", "pt_BR", "pl_PL", "ru_RU", "ja_JP", "zh_CN"):
        yield f"job {locale}", "other", faked(locale, "job", 200, 16)
        yield f"sentence {locale}", "other", faked(locale, "sentence", 200, 17)


def _words(rng: random.Random) -> Iterator[Pool]:
    yield "calendar", "other", rng.sample(sources.calendar_words(), 1500)
    for language in sources.LANGUAGES:
        listed = [w for w in sources.frequent(language, 12_000) if len(w) > 3]
        if language == "en":
            listed = [w for w in listed if w in sources.english()]
        yield f"words {language}", "other", listed
        two = [" ".join(rng.sample(listed[500:], 2)) for _ in range(500)]
        yield f"two words {language}", "other", two
        yield f"titles {language}", "other", [t.title() for t in two]
        yield (
            f"long titles {language}",
            "other",
            [" ".join(rng.sample(listed, 4)).title() for _ in range(300)],
        )
    family = sources.census("all.last")[:4000]
    nouns = [w for w in sources.frequent("en", 8000) if w in sources.english() and len(w) > 4]
    known = set(map(plain, sources.census("all.last")[:20_000])) | {
        plain(n) for n in sources.faker_names("en")[0]
    }
    names = [w for w in sources.frequent("en", 20_000) if w in sources.english() and w in known]
    for copy in ("one", "two", "three"):
        yield f"words that are names {copy}", "other", [w.title() if copy == "one" else w for w in names]
    yield (
        "names' things",
        "other",
        [f"{rng.choice(family)}'s {rng.choice(nouns).title()}" for _ in range(300)],
    )
    yield "named things", "other", [f"{rng.choice(family)} {rng.choice(nouns).title()}" for _ in range(500)]


def _codes(rng: random.Random) -> Iterator[Pool]:
    capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    for size in (2, 3):
        yield f"codes of {size}", "other", ["".join(rng.choices(capitals, k=size)) for _ in range(300)]
    yield (
        "skus",
        "other",
        [f"{''.join(rng.choices(capitals, k=3))}-{rng.randint(100, 99999)}" for _ in range(300)],
    )
    yield "numbers", "other", [str(rng.randint(1, 10**6)) for _ in range(300)]
