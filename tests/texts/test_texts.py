"""The held-out texts are well formed: spans fit, numbers are valid, the mix is as the README says."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from stdnum import iban, luhn

Text = dict[str, Any]

FILES = sorted(Path(__file__).parent.glob("*.jsonl"))
LABELS = {
    *("PERSON", "ORG", "LOC", "ADDRESS", "EMAIL", "PHONE", "CARD", "IBAN", "IP", "URL", "ID"),
    *("DATE_OF_BIRTH", "AGE", "SECRET"),
}
FEWEST_TEXTS, FEWEST_STYLES = 200, 8
WITHOUT_PERSON, FEWEST_LOWER = (0.15, 0.40), 0.15

each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


def read(path: Path) -> list[Text]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def values(path: Path, label: str) -> list[str]:
    return [t["text"][start:end] for t in read(path) for start, end, kind in t["spans"] if kind == label]


def share(flags: list[bool]) -> float:
    return sum(flags) / len(flags)


def test_english_is_among_them():
    assert "en" in {path.stem for path in FILES}


@each_file
def test_every_line_has_the_same_fields(path):
    for text in read(path):
        assert set(text) == {"id", "style", "text", "spans", "lang"}
        assert text["lang"] == path.stem
        assert re.fullmatch(rf"{path.stem}-\d{{3,}}", text["id"])
        assert text["text"].strip()


@each_file
def test_spans_lie_inside_their_text_in_order_and_apart(path):
    wrong = []
    for text in read(path):
        before = 0
        for start, end, label in text["spans"]:
            if not (before <= start < end <= len(text["text"]) and label in LABELS):
                wrong.append((text["id"], start, end, label))
            before = end
    assert not wrong


@each_file
def test_spans_begin_and_end_with_a_character_that_shows(path):
    wrong = [
        (text["id"], start, end)
        for text in read(path)
        for start, end, _ in text["spans"]
        if text["text"][start:end] != text["text"][start:end].strip() or not text["text"][start:end]
    ]
    assert not wrong


@each_file
def test_names_are_whole_words(path):
    """A name is not cut out of the middle of a word; `_` of a file name is a border."""
    cut = []
    for text in read(path):
        for start, end, label in text["spans"]:
            around = text["text"][max(start - 1, 0) : start], text["text"][end : end + 1]
            if label == "PERSON" and any(edge.isalnum() for edge in around):
                cut.append((text["id"], start, end))
    assert not cut


def test_ids_and_texts_are_unique():
    texts = [text for path in FILES for text in read(path)]
    for key in ("id", "text"):
        assert not [value for value, count in Counter(text[key] for text in texts).items() if count > 1]


@each_file
def test_there_are_enough_texts_of_enough_styles(path):
    texts = read(path)
    assert len(texts) >= FEWEST_TEXTS
    assert len({text["style"] for text in texts}) >= FEWEST_STYLES


@each_file
def test_some_texts_name_nobody(path):
    low, high = WITHOUT_PERSON
    nobody = [all(label != "PERSON" for *_, label in text["spans"]) for text in read(path)]
    assert low <= share(nobody) <= high


@each_file
def test_many_texts_have_no_capital_letter(path):
    assert share([text["text"] == text["text"].lower() for text in read(path)]) >= FEWEST_LOWER


@each_file
def test_card_numbers_pass_luhn(path):
    cards = [re.sub(r"[ -]", "", card) for card in values(path, "CARD")]
    assert cards
    assert not [card for card in cards if not luhn.is_valid(card)]


@each_file
def test_ibans_have_valid_check_digits(path):
    ibans = values(path, "IBAN")
    assert ibans
    assert not [value for value in ibans if not iban.is_valid(value, check_country=False)]
