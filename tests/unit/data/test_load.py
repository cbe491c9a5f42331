"""The shipped rules hang together: every key that a file names is a category."""

from __future__ import annotations

import pytest

from pii_scan.data import load

TREE = load.taxonomy()
OWN = load.read("categories.yaml")


def test_every_key_is_a_category_and_has_its_parents():
    for section in ("extra", "parents", "labels", "dpv"):
        assert set(OWN[section]) <= set(TREE.categories)
    assert set(OWN["special"]) | set(OWN["sensitivity"]) <= set(TREE.categories)
    for category in TREE.categories.values():
        assert set(category.parents) <= set(TREE.categories)
        assert category.label
        assert category.sensitivity in ("low", "medium", "high", "critical")


def test_it_is_a_graph_without_cycles_under_one_root():
    for key in TREE.categories:
        assert all(TREE.ancestors(parent).get(key) is None for parent in TREE[key].parents)
        if key.startswith("user"):
            assert TREE.is_personal(key)
        else:
            assert not TREE.is_personal(key)


def test_several_parents():
    assert TREE.subsumes("user.unique_id", "user.device.cookie_id")
    assert TREE.subsumes("user.content.private", "user.content.calendar")
    assert TREE.subsumes("user.payment", "user.financial.credit_card")
    assert not TREE.subsumes("user.financial.credit_card", "user.payment.card")


def test_special_categories_and_sensitivity_are_inherited():
    assert TREE.is_special("user.biometric.voice")
    assert TREE.is_special("user.health_and_medical.disability")
    assert not TREE.is_special("user.contact.email")
    assert TREE["user.authorization.password"].sensitivity == "critical"
    assert TREE["user.contact.address.city"].sensitivity == "low"


LANGUAGES = [n for n in load.names("names") if n not in ("context.yaml", "weights.yaml")]


@pytest.mark.parametrize("name", LANGUAGES)
def test_the_vocabulary_names_categories(name):
    data = load.read("names", name)
    assert data["language"] == name.removesuffix(".yaml")
    for section in ("strong", "weak", "event", "money", "letter", "inside"):
        for category, text in data[section].items():
            phrases = [phrase.strip() for phrase in text.split(",")]
            assert category in TREE
            assert all(phrase and phrase == phrase.lower() for phrase in phrases)
            assert len(phrases) == len(set(phrases))


def test_every_clue_has_a_weight_near_its_prior_and_a_meaning():
    for clue, entry in load.read("names", "weights.yaml")["clues"].items():
        assert abs(entry["weight"] - entry["prior"]) <= 1.0, clue
        assert entry["means"]


def test_a_missing_file_is_an_error():
    with pytest.raises(FileNotFoundError):
        load.read("names", "xx.yaml")
