"""How sure a name is: by the words in it that are known, and by what stands around it."""

from __future__ import annotations

import pytest

from pii_scan.detect.gazetteer import CITY, FAMILY, GIVEN, WORD, Gazetteer
from pii_scan.detect.prose import shipped
from pii_scan.detect.prose.columns import SURE
from pii_scan.detect.prose.kinds import KINDS
from pii_scan.detect.prose.known import EVERY, SIGNS, TIERS, Known

BOOK = Gazetteer(
    {"maria": GIVEN, "jensen": FAMILY, "rose": GIVEN | WORD, "hill": FAMILY | WORD, "paris": GIVEN | CITY}
)
KNOWN = Known(BOOK)


@pytest.mark.parametrize(
    ("name", "tier"),
    [
        ("Maria Jensen", "pair"),
        ("Rose Jensen", "pair"),
        ("Rose Hill", "words"),
        ("Maria Quux", "names"),
        ("Jensen", "name"),
        ("Rose", "word"),
        ("Quux Zork", "unknowns"),
        ("Quux", "unknown"),
    ],
)
def test_the_tier_of_a_name(name, tier):
    assert KNOWN.look(name, 0, len(name), "prose").tier == tier


def test_signs_are_seen():
    text = '"Paris" and rose'
    assert KNOWN.look(text, 1, 6, "prose").signs == {"place", "quoted"}
    assert KNOWN.look(text, 12, 16, "prose").signs == {"lower"}


def test_every_kind_has_a_weight_for_every_tier_and_sign():
    assert set(KNOWN._weights) == {EVERY, *shipped.languages()}
    for weights in KNOWN._weights.values():
        assert set(weights) == set(KINDS)
        assert all(set(of_kind) == {*TIERS, *SIGNS} for of_kind in weights.values())


def test_a_known_pair_in_a_sentence_is_surer_than_a_known_word_in_a_log():
    pair = KNOWN.confidence("Maria Jensen", 0, 12, "prose")
    word = KNOWN.confidence("Jensen", 0, 6, "machine")
    assert 0 < word < 0.5 < pair < 1


@pytest.mark.parametrize("kind", ["prose", "label"])
def test_a_better_model_is_trusted_with_names_that_no_list_knows(kind):
    least, trusted = (KNOWN.confidence("Quux", 0, 4, kind, "en", trust) for trust in (0.0, 2.0))
    assert max(least + 0.2, SURE) < trusted


def test_in_machine_text_no_model_is_trusted_with_them():
    assert KNOWN.confidence("Quux", 0, 4, "machine", "en", 2.0) == 0
