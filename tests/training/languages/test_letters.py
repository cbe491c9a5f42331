"""The letters that are shipped guess as the model does that they are taken from."""

from __future__ import annotations

import numpy as np
import pytest

from pii_scan.detect.prose import letters
from pii_scan.detect.prose.language import OTHERS, READ
from tests.unit.detect.prose.test_language import SENTENCES
from training.languages.automaton import packed

TEXTS = (
    *SENTENCES.values(),
    *(sentence[start : start + 19] for sentence in SENTENCES.values() for start in range(0, 40, 7)),
    "Клиент просит перенести встречу.",
    "お客様は予約の変更を希望しています。",
    "المريض يطلب تغيير الموعد",
    "0049 30 1234-567",
    "e\u0301te\u0301",  # composed before it is looked at
    "broken \ud800 text",
    "",
)


@pytest.fixture(scope="module")
def shipped() -> letters.Letters:
    return letters.shipped()


def test_as_py3langid(shipped):
    langid = pytest.importorskip("py3langid.langid", reason="py3langid is not installed (group dev)")
    model = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)
    model.set_languages([*READ, *OTHERS])
    for text in map(str.lower, TEXTS):
        code, chance = model.classify(text)
        assert shipped.classify(text) == (code, pytest.approx(chance, abs=1e-6)), text


def test_it_knows_our_languages(shipped):
    assert sorted(shipped.codes) == sorted((*READ, *OTHERS))


def _rows(known: list[bytes]) -> tuple[np.ndarray, list[int]]:
    """All steps of the automaton of some texts and their beginnings, by state; the first is the root."""
    states = {b"": 0} | {text: number for number, text in enumerate(known, 1)}
    rows = np.zeros((len(states), 256), np.int64)
    for text, state in states.items():
        for byte in range(256):
            after = text + bytes([byte])
            rows[state, byte] = next(
                states[after[cut:]] for cut in range(len(after) + 1) if after[cut:] in states
            )
    return rows, list(range(len(states)))


def test_the_longest_known_text_that_ends_at_a_byte_counts():
    rows, row = _rows([b"a", b"ab", b"abc", b"b", b"bc", b"c"])
    automaton = packed(rows, row, [-1, -1, 7, 8, -1, 9, -1])
    assert dict(automaton.grams(b"abxbcabcab")) == {7: 3, 9: 1, 8: 1}


def test_other_steps_are_refused():
    rows, row = _rows([b"a", b"ab"])
    rows[2, ord("a") : ord("z")] = 2
    with pytest.raises(ValueError, match="n-grams"):
        packed(rows, row, [-1, 0, 1])
