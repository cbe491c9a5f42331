"""Gates let through every text in which something is found, one by one and in a series."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import polars as pl
import pytest

from pii_scan.detect.prose import (
    Addresses,
    Dates,
    Ids,
    Phones,
    Prose,
    Relations,
    Secrets,
    Special,
    Titles,
    fold,
)
from pii_scan.detect.prose.dates import rule_of_births
from pii_scan.detect.prose.gate import gate

from .sentences import said, sentences, unsaid

COMPONENTS = (Special(), Dates(), Addresses(), Relations(), Titles(), Phones(), Ids(), Secrets())
RULES = [rule for c in COMPONENTS[1:] for rule in (*c.rules.rules, rule_of_births(COMPONENTS[1].rules))]


def texts() -> list[str]:
    """All examples and sentences; as they are, in capitals, with accents apart, with no accents."""
    found = [text for rule in RULES for text in (*rule.match, *rule.reject)]
    for name in ("seen.en", "seen.fr", "later.en", "later.fr"):
        found += [text for _, text in said(name)] + unsaid(name)
    for name in ("later.others", "seen.told", "later.told", "last.told"):
        found += [text for rows in sentences(name).values() for text, _ in rows]
    return [
        form
        for text in found
        for form in (text, text.upper(), unicodedata.normalize("NFD", text), fold(text).base, f"_{text}_")
    ]


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda c: type(c).__name__)
def test_the_mask_holds_all_that_is_found(component):
    series = pl.Series("text", texts())
    mask = component.gate(series)
    assert mask.dtype == pl.Boolean
    lost = [t for t, kept in zip(series, mask, strict=True) if not kept and component.find(t, "")]
    assert not lost


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda c: type(c).__name__)
def test_nothing_is_found_behind_a_closed_gate(component):
    """The word gate of one text may not lose what the rules alone would find."""
    opened = ungated(component)
    assert not [
        t for t in texts()[::2] for key in ("", "fr") if opened.find(t, key) != component.find(t, key)
    ]


def ungated(component):
    """The component with gates that are always open."""
    always = gate([], [""])
    if isinstance(component, Special):
        lexicons = {key: replace(entry, gate=always) for key, entry in component.lexicons.items()}
        return replace(component, lexicons=lexicons)
    return replace(component, rules=replace(component.rules, gates=(always,)))


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda c: type(c).__name__)
def test_words_of_gates_are_plain(component):
    if isinstance(component, Special):
        gates = [entry.gate for entry in component.lexicons.values()]
    else:
        gates = list(component.rules.gates)
    assert all(word.isascii() and word.isalnum() for entry in gates for word in entry.words)


def test_plain_prose_is_kept_out():
    plain = [
        "The pipeline failed again after the second retry, so we rolled it back.",
        "Logs show that the cache was cold while the index was rebuilt.",
        "Le déploiement a encore échoué, nous avons donc ouvert un ticket.",
        "Les journaux montrent que le cache était froid.",
    ]
    assert Prose().gate(pl.Series(plain)).to_list() == [False] * 4


def test_nulls_and_nothing():
    opening = gate(["née"], digit=True)
    assert opening.mask(pl.Series(["née le 3", None, "NÉE LE 3", "née"])).to_list() == [
        True,
        False,
        True,
        False,
    ]
    assert opening.mask(pl.Series([], dtype=pl.String)).to_list() == []
    assert Prose().gate(pl.Series([], dtype=pl.String)).to_list() == []
