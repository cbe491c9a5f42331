"""The shipped rules of policies: each proves itself by its examples, and every key is one that exists."""

from __future__ import annotations

import pytest

from pii_scan.core.errors import ConfigError
from pii_scan.data import load
from pii_scan.policy.draft.classify import Context, classify, own
from pii_scan.policy.draft.lexicon import LANGUAGES, Lexicon, Rule, language, lexicon, plain

RULES = [(lang, rule) for lang in LANGUAGES for rule in lexicon(lang).rules]


def read(sentence: str, rule: Rule, lexicon_: Lexicon) -> set[str]:
    """The rules that speak for a sentence, each without what negation does to its name."""
    context = Context(topics=(rule.section,) if rule.section else (), item=rule.item)
    mine = classify(plain(sentence), context, lexicon_)
    readings = [*own(plain(sentence), lexicon_), *([mine] if mine else [])]
    return {reading.rule.removeprefix("not.") for reading in readings}


@pytest.mark.parametrize(("lang", "rule"), RULES, ids=lambda v: v if isinstance(v, str) else v.id)
def test_a_rule_fits_its_examples_and_no_counterexample(lang, rule):
    words = lexicon(lang)
    assert rule.match
    assert rule.reject
    for sentence in rule.match:
        assert rule.id in read(sentence, rule, words), sentence
    for sentence in rule.reject:
        assert rule.id not in read(sentence, rule, words), sentence


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_category_is_one_of_the_taxonomy(lang):
    known = load.taxonomy()
    words = lexicon(lang)
    keys = {*words.groups["categories"], *(key for rule in words.rules for key in rule.data)}
    assert [key for key in keys if key not in known] == []


def test_both_languages_know_the_same_things():
    en, fr = lexicon("en"), lexicon("fr")
    assert set(en.groups["signs"]) == set(fr.groups["signs"])
    assert set(en.groups["headings"]) == set(fr.groups["headings"])
    assert {r.id for r in fr.rules} <= {r.id for r in en.rules}


def test_the_language_is_told_by_the_words():
    assert language("We keep your data as long as you have an account with us.") == "en"
    assert language("Nous conservons vos données dans les registres pour une année.") == "fr"
    with pytest.raises(ConfigError, match="neither in English nor in French"):
        language("Wir speichern Ihre Daten, solange Sie ein Konto haben und nutzen.")
    with pytest.raises(ConfigError, match="no rules for the language 'de'"):
        lexicon("de")
