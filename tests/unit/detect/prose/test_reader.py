"""Reading: names by a model, patterns by rules, and where they stand in texts of any length and alphabet."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pii_scan.data.load import taxonomy
from pii_scan.detect.matching import matching
from pii_scan.detect.options import Options
from pii_scan.detect.prose import chunks
from pii_scan.detect.prose.reader import Entity, Reader, trimmed
from pii_scan.detect.prose.ruled import Ruled
from pii_scan.detect.text import fold, placed


@dataclass
class Finds:
    """A model that knows some strings, and counts how long the texts were that it got."""

    known: dict[str, str]
    name: str = "finds"
    trust: float = 0.0
    longest: int = 0

    def entities(self, texts):
        self.longest = max(self.longest, *map(len, texts))
        return [list(self._of(text)) for text in texts]

    def _of(self, text) -> list[Entity]:
        return sorted(
            (start, start + len(word), label)
            for word, label in self.known.items()
            for start in range(len(text))
            if text.startswith(word, start)
        )


@dataclass
class English:
    """The only language that has a model."""

    model: Finds

    def of(self, language):
        return self.model if language == "en" else None


@pytest.fixture(scope="module")
def ruled() -> Ruled:
    return Ruled(matching(taxonomy(), Options()).matcher)


def read(text: str, known: dict[str, str], language: str = "en", rules: Ruled | None = None):
    spans = Reader(English(Finds(known)), ruled=rules).read([text], [language])[0]
    return [(text[s.start : s.end], s.category) for s in spans]


def test_a_name_is_found_and_places_and_companies_are_not():
    text = "We met Maria Jensen of Initech in Oslo on Friday."
    known = {"Maria Jensen": "PER", "Initech": "ORG", "Oslo": "LOC"}
    assert read(text, known) == [("Maria Jensen", "user.name")]
    assert read(text, known, "fi") == []


def test_a_value_that_a_rule_finds_covers_the_name_in_it(ruled):
    text = "Please write to maria.jensen@example.com about the invoice of Friday."
    assert read(text, {"maria.jensen": "PER"}, rules=ruled) == [
        ("maria.jensen@example.com", "user.contact.email")
    ]


def test_what_is_said_of_a_person_stands_beside_the_values():
    text = "My wife Maria Jensen was diagnosed with epilepsy in March."
    found = dict(read(text, {"Maria Jensen": "PER"}))
    assert found["Maria Jensen"] == "user.name"
    assert found["diagnosed with epilepsy"].startswith("user.health_and_medical")
    assert "user.relationship" in found.values()


def test_places_hold_beyond_the_first_piece_of_a_long_text(ruled):
    filler = "The parcel was on its way to us again. "
    text = filler * 130 + "Maria Jensen wrote from maria@example.com. " + filler * 70 + "Call Omar Haddad."
    model = Finds({"Maria Jensen": "PER", "Omar Haddad": "PER"})
    spans = Reader(English(model), ruled=ruled).read([text], ["en"])[0]
    assert [text[s.start : s.end] for s in spans] == ["Maria Jensen", "maria@example.com", "Omar Haddad"]
    assert model.longest <= chunks.LONGEST


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Maria Jensen's", "Maria Jensen"),
        ("Maria Jensen\u2019s", "Maria Jensen"),
        ("(Maria Jensen),", "Maria Jensen"),
        ("J. R.", "J. R."),
        ("«Élodie»", "Élodie"),
        ("...", ""),
        ("James", "James"),
    ],
)
def test_signs_and_possessives_are_no_part_of_a_name(text, name):
    start, end = trimmed(text, 0, len(text))
    assert text[start:end] == name


@pytest.mark.parametrize(
    "mail",
    ["ma\u200bria@example.com", "\uff4d\uff41\uff52\uff49\uff41@example.com", "maria\u00ad@example.com"],
    ids=["zero width", "full width", "soft hyphen"],
)
def test_odd_characters_hide_nothing_and_move_no_place(ruled, mail):
    text = f"Caf\u0065\u0301 \u2014 write to {mail} today, please."
    spans = Reader(English(Finds({})), ruled=ruled).read([text], ["en"])[0]
    assert [text[s.start : s.end] for s in spans] == [mail]


ODD = st.text(
    st.sampled_from("aZ9 @.-\u00a0\u00ad\u200b\u2013\u2060\ufeff\uff21\uff10\u0665\ufb01\u00bde\u0301\u2460")
)


@given(ODD)
@settings(max_examples=200, deadline=None)
def test_places_are_those_of_the_characters_that_a_folded_text_came_from(text):
    folded, places = placed(text)
    if places is None:
        assert folded == text
        return
    assert len(places) == len(folded) + 1
    assert places[-1] == len(text)
    assert list(places) == sorted(places)
    for at, char in enumerate(folded):
        start = places[at]
        end = next((p for p in places[at:] if p > start), len(text))
        assert char in fold(f"{text[start:end]}\u00ad")  # what is odd is folded, whatever it is


@given(ODD)
@settings(max_examples=200, deadline=None)
def test_a_folded_text_with_places_is_the_folded_text(text):
    assert placed(text)[0] == fold(text)


def test_the_weekday_and_month_of_a_date_are_no_person():
    known = {"Thu Jul": "PER", "Maria Jensen": "PER"}
    assert read("It began at Thu Jul  7 16:33:52 2005, says Maria Jensen", known) == [
        ("Maria Jensen", "user.name")
    ]


@pytest.mark.parametrize("behind", [" (RH-0042)", " (ID 448812) rang", " #4471882", " [n° 44-812]"])
def test_a_number_in_brackets_behind_a_name_is_the_persons(behind):
    found = {category: value for value, category in read(f"Lars Holm{behind}", {"Lars Holm": "PER"})}
    assert found["user.name"] == "Lars Holm"
    assert found["user.unique_id"] in behind


@pytest.mark.parametrize(
    "behind",
    [" (2024)", " (2024-01-05)", " (12/03/1981)", " (3)", ", 44712 rows", " (448812 rows)"],
)
def test_dates_and_counts_behind_a_name_are_none(behind):
    assert [c for _, c in read(f"Lars Holm{behind}", {"Lars Holm": "PER"})] == ["user.name"]


@pytest.mark.parametrize("before", ["448812 | ", "RH-0042,", "E0412 (", "name,id\n48812;"])
def test_a_number_in_the_cell_before_a_name_is_the_persons(before):
    found = {category: value for value, category in read(f"{before}Lars Holm", {"Lars Holm": "PER"})}
    assert found["user.name"] == "Lars Holm"
    assert found["user.unique_id"] in before


@pytest.mark.parametrize("before", ["2024-01-05;", "448812 ", "12, ", "order RH-0042: ", "4471 | ", "08:30,"])
def test_dates_and_other_things_before_a_name_are_none(before):
    assert [c for _, c in read(f"{before}Lars Holm", {"Lars Holm": "PER"})] == ["user.name"]


def test_a_cell_of_digits_that_a_model_took_into_the_name_is_none_of_it():
    assert read("448812,Lars Holm", {"448812,Lars Holm": "PER"})[-1] == ("Lars Holm", "user.name")


def test_a_phone_number_in_brackets_behind_a_name_is_one():
    found = [c for _, c in read("Lars Holm (07700900123)", {"Lars Holm": "PER"})]
    assert found == ["user.name", "user.contact.phone_number"]
