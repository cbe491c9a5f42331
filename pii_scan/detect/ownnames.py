"""The user's names of columns beside the shipped vocabulary, and the examples that prove them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..core.category import ROOT, Taxonomy
from . import vocabulary
from .names import Names
from .options import Options
from .rulecheck import Failure
from .vocabulary import STRENGTHS, Vocabulary, listed

OWN = "own"
Phrases = Mapping[str, Mapping[str, tuple[str, ...]]]


def joined(known: Vocabulary, phrases: Phrases) -> Vocabulary:
    """The vocabulary with the user's phrases; what these mean elsewhere no longer counts."""
    if not phrases:
        return known
    own = {known.plain(text) for said in phrases.values() for texts in said.values() for text in texts}
    own |= {("".join(words),) for words in own}
    languages = tuple(_without(known, language, own) for language in known.languages)
    return replace(known, languages=(*languages, {"language": OWN, **phrases}))


def _without(known: Vocabulary, language: Mapping[str, Any], own: set[tuple[str, ...]]) -> dict[str, Any]:
    changed = dict(language)
    for strength in STRENGTHS:
        changed[strength] = {
            category: [text for text in listed(texts) if known.plain(text) not in own]
            for category, texts in language.get(strength, {}).items()
        }
    return changed


def check_names(records: Sequence[Mapping[str, Any]], taxonomy: Taxonomy, options: Options) -> list[Failure]:
    """The failures of the examples of name rules (`id`, `category`, `match`, `reject`)."""
    names = Names(taxonomy, joined(vocabulary.shipped(), options.phrases), options)
    return [failure for record in records for failure in _failures(names, record)]


def _failures(names: Names, record: Mapping[str, Any]) -> Iterator[Failure]:
    for number, example in enumerate(record["match"], 1):
        if _said(names, example)[:1] != [record["category"]]:
            yield Failure(record["id"], "match", number)
    for number, example in enumerate(record["reject"], 1):
        if record["category"] in _said(names, example):
            yield Failure(record["id"], "reject", number)


def _said(names: Names, example: str) -> list[str]:
    """The categories that a column's name alone would give it, the strongest first."""
    dataset, mark, field = example.rpartition("#")
    path = tuple(dataset.split("/")) if mark else ()
    needed = -names.options.prior(ROOT)
    return [hit.category for hit in names.read(path, field.split("/")) if hit.weight >= needed]
