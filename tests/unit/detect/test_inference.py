"""The shipped models' own reading finds what spaCy's pipeline finds with the same weights."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from benchmarks.accuracy import spans
from pii_scan.detect.inference import Recogniser
from pii_scan.detect.prose import shipped

FOLDER = Path(__file__).parents[3] / "benchmarks" / "texts"
BLANKS = (" ", "  ", "\n", " \n ", "\t", "\n\n  ", "\u00a0", "\u3000", "\u2009")
#: What the tokenizer treats in its own ways: marks that are one with spaces or without, elisions, hyphens.
ODD = (
    ":)",
    ": )",
    "8-)",
    "o.O",
    "don't",
    "l'abbé",
    "Jean-Pierre",
    "(Dr.",
    "a.m.",
    "U.S.",
    "...",
    "—",
    "'s",
    "x)",
)
NAMES = ("Anna", "Peter Smith", "Mme Dupont", "LEFEBVRE", "dr khan", "O'Neill", "von Berg", "Łukasz", "")


def _spacy(recogniser: Recogniser, texts: list[str]) -> list[list[tuple[int, int, str]]]:
    with recogniser.pipeline.memory_zone():
        docs = recogniser.pipeline.pipe(texts)
        return [[(e.start_char, e.end_char, e.label_) for e in doc.ents] for doc in docs]


def _made(seed: int) -> list[str]:
    pick = random.Random(seed)
    words = (*ODD, *NAMES, "called", "about", "the", "invoice", "de", "Paris", "42")
    parts = [[pick.choice(pick.choice((words, BLANKS, (" ",)))) for _ in range(pick.randrange(24))]
             for _ in range(150)]  # fmt: skip
    return ["", " ", "   ", "\n", " Anna", "Anna ", *("".join(part) for part in parts)]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_entities_are_spacys(language: str) -> None:
    recogniser = Recogniser(shipped.pipeline(language))
    texts = [text.text for text in spans.read(FOLDER / f"{language}.jsonl", 60)]
    texts += [text.upper() for text in texts[:20]] + _made(7) + _made(3)
    told = recogniser.entities(texts)
    assert told == _spacy(recogniser, texts)
    assert sum(map(len, told)) > 60


def test_what_is_kept_of_words_changes_nothing() -> None:
    pipeline = shipped.pipeline("en")
    texts = _made(3)[:15]
    whole = Recogniser(pipeline).entities(texts)
    forgetful = Recogniser(pipeline, kept=5)
    assert [found for text in texts for found in forgetful.entities([text])] == whole
    assert len(forgetful.tokens.vectors) < 200
