"""The names by which names of columns and files are masked: fewer than the gazetteer, for certainty.

The names come from Faker's lists of Latin-script locales, without the words by which columns are named. Those
that are places, months or other words as well (`words_too.txt`) are listed a second time.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from faker import Faker

from pii_scan.data import load

LOCALES = (
    *("en_US", "en_GB", "fr_FR", "de_DE", "es_ES", "it_IT", "nl_NL", "pt_BR", "pt_PT", "pl_PL"),
    *("sv_SE", "da_DK", "fi_FI", "cs_CZ", "tr_TR", "ro_RO"),
)


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


def render() -> str:
    """The text of `masking.txt`."""
    doubtful = set((Path(__file__).parent / "words_too.txt").read_text(encoding="utf-8").split())
    vocabulary: set[str] = set()
    for name in load.names("names"):
        vocabulary.update(words_of(load.read("names", name)))
    vocabulary -= doubtful
    sections = {"given": listed("first_names", vocabulary), "family": listed("last_names", vocabulary)}
    known = set(sections["given"]) | set(sections["family"])
    sections["words"] = sorted(known & doubtful)
    return "".join(f"[{heading}]\n" + "\n".join(found) + "\n" for heading, found in sections.items())
