"""Special categories in sentences: said of a person, or not."""

from __future__ import annotations

import unicodedata

import pytest

from pii_scan.data.load import read, taxonomy
from pii_scan.detect.prose import Special
from pii_scan.detect.prose.lexicon import LANGUAGES, STRENGTHS, entries
from pii_scan.detect.prose.phrases import listed

from .sentences import said, unsaid

SPECIAL = Special()
SETS = ("seen", "later", "last")
TREE = taxonomy()
#: Of the sentences that were written after the rules: those that are still missed, or told wrongly.
MISSED = {"Her son is on probation."}
WRONG = {
    "I'm so depressed about the new UI.",
    "My boss is a democrat in how he leads.",
    "Ma maladie préférée, c'est la flemme.",
    "Le film sur la vie en prison m'a ennuyé.",
}
SAID = [(f"{kind}.{key}", *pair) for kind in SETS for key in LANGUAGES for pair in said(f"{kind}.{key}")]
UNSAID = [(f"{kind}.{key}", text) for kind in SETS for key in LANGUAGES for text in unsaid(f"{kind}.{key}")]


def found(text: str, language: str, category: str) -> bool:
    keys = {span.category for span in SPECIAL.find(text, language)}
    return any(TREE.subsumes(category, key) or TREE.subsumes(key, category) for key in keys)


@pytest.mark.parametrize(("name", "category", "text"), SAID)
def test_what_is_said_of_a_person_is_found(name, category, text):
    assert found(text, name[-2:], category) == (text not in MISSED)


@pytest.mark.parametrize(("name", "text"), UNSAID)
def test_a_word_alone_is_nothing(name, text):
    assert bool(SPECIAL.find(text, name[-2:])) == (text in WRONG)


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_enough_sentences(language):
    for kind, texts in (("said", said), ("unsaid", unsaid)):
        counts = [len(texts(f"{part}.{language}")) for part in ("seen", "later")]
        assert min(counts) >= 40, kind


@pytest.mark.parametrize(("name", "category", "text"), SAID[::3])
def test_case_and_accents_do_not_matter(name, category, text):
    if text in MISSED or text.isascii():
        return
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    decomposed = unicodedata.normalize("NFD", text)
    assert found(bare, name[-2:], category)
    assert found(decomposed, name[-2:], category)


def test_a_span_lies_on_its_words_whatever_the_form_of_the_accents():
    text = "Ma mère est diabétique."
    for form in ("NFC", "NFD"):
        written = unicodedata.normalize(form, text)
        (span,) = SPECIAL.find(written, "fr")
        assert unicodedata.normalize("NFC", written[span.start : span.end]) == "diabétique"


def test_the_object_belongs_to_an_open_phrase():
    text = "I am allergic to bee stings and eggs."
    assert [text[s.start : s.end] for s in SPECIAL.find(text, "en")] == ["allergic to bee stings"]


def test_a_person_in_the_sentence_before_is_carried():
    assert SPECIAL.find("Mr Okafor called. Has epilepsy.", "en")
    assert not SPECIAL.find("The leaflet is new. Has epilepsy on the front.", "en")


def test_a_person_is_surer_than_people():
    (one,) = SPECIAL.find("She has asthma.", "en")
    assert one.confidence > 0.9
    assert not SPECIAL.find("Patients with asthma are many.", "en")


@pytest.mark.parametrize("empty", ["none", "N/A", "unknown"])
def test_an_empty_field_is_nothing(empty):
    assert SPECIAL.find("Allergies: shellfish", "en")
    assert not SPECIAL.find(f"Allergies: {empty}", "en")


def test_other_languages_give_nothing_and_none_gives_both():
    assert not SPECIAL.find("Sie hat Diabetes und I have asthma.", "de")
    assert SPECIAL.find("I have asthma.", "")
    assert SPECIAL.find("Elle est enceinte de 5 mois.", "")
    assert SPECIAL.find("I have asthma.", "en-GB")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_lexicon_is_whole(language):
    data = read("texts", f"special.{language}.yaml")
    assert data["language"] == language
    assert entries(language) >= 120
    for category, strengths in data["terms"].items():
        assert TREE.is_special(category)
        assert set(strengths) <= set(STRENGTHS)
    assert all(TREE.is_special(category) for category in data["fields"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_phrase_stands_for_two_things(language):
    data = read("texts", f"special.{language}.yaml")
    phrases = [
        phrase.removesuffix("+")
        for strengths in data["terms"].values()
        for lines in strengths.values()
        for line in lines
        for phrase in listed(line)
    ]
    neutral = listed(data["neutral"])
    assert not {p for p in phrases if phrases.count(p) > 1}
    assert not set(phrases) & set(neutral)
    assert not {p for p in neutral if neutral.count(p) > 1}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_strong_phrase_counts_by_itself(language):
    """Each is heard in a sentence that says nothing else."""
    data = read("texts", f"special.{language}.yaml")
    for category, strengths in data["terms"].items():
        for phrase in (p for line in strengths.get("strong", ()) for p in listed(line)):
            assert found(phrase.removesuffix("+") + " xyz", language, category), phrase


@pytest.mark.parametrize("language", LANGUAGES)
def test_examples_do_what_they_should(language):
    data = read("texts", f"special.{language}.yaml")
    assert set(data["examples"]) == set(data["terms"])
    for category, examples in data["examples"].items():
        assert [t for t in examples["match"] if not found(t, language, category)] == []
        assert [t for t in examples["reject"] if SPECIAL.find(t, language)] == []
