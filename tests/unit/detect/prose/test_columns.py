"""Texts in columns: rows are counted, also of texts that were read once or left out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pii_scan.core.profile import PLACES
from pii_scan.detect.hits import FOREIGN, LEFT
from pii_scan.detect.options import Options, shipped
from tests.unit.detect import batches

MARIA = "Please call Maria Jensen about the invoice that we sent last week."
OMAR = "Yesterday Omar Haddad told us that the parcel has not arrived yet."
NOBODY = "The parcel was on its way to us again when the rain began to fall."
FINNISH = "Lähetimme paketin viime viikolla mutta se ei ole vielä tullut perille kotiin."


def hits(rows, **limits):
    defaults = shipped()
    defaults["limits"] = {**defaults["limits"], **limits}
    engine = batches.engine(replace(Options(), defaults=defaults))
    source = batches.dataset("tickets", "body")
    return batches.merged(engine, [batches.batch(source, {"body": rows})])[("body",)].hits


def test_rows_are_counted_though_equal_texts_are_read_once():
    found = hits([MARIA, NOBODY, MARIA, OMAR, None, MARIA])
    assert found["user.name"].rows == 4
    assert "ner_en" in found["user.name"].detector
    assert LEFT not in found


def test_a_condensed_column_counts_like_any():
    texts = [f"{MARIA} {n % 50}" if n % 4 == 0 else f"{NOBODY} {n % 50}" for n in range(6000)]
    found = hits(texts)
    assert found["user.name"].rows == 1500
    assert len(found["user.name"].places) == PLACES
    assert all(place % 4 == 0 for place in found["user.name"].places)


def test_what_the_budget_leaves_out_is_counted():
    texts = [f"{MARIA} Number {n}." for n in range(40)]
    found = hits([*texts, *texts], texts=10)
    assert found["user.name"].rows == 20
    assert found[LEFT].rows == 60
    short = hits(texts, text_characters=3 * len(texts[0]))
    assert short["user.name"].rows + short[LEFT].rows == 40
    assert 1 <= short["user.name"].rows <= 4


def test_texts_in_a_language_without_a_model_are_counted_as_such():
    found = hits([FINNISH] * 3)
    assert found[FOREIGN].rows == 3
    assert "user.name" not in found


@pytest.mark.parametrize("cell", ["", "Maria", "Maria Jensen", "12 12 12 12 12 12", "a-b-c-d-e-f-g-h"])
def test_values_are_not_read_as_texts(cell):
    found = hits([cell] * 5)
    assert not any("ner_" in hit.detector for hit in found.values())
    assert LEFT not in found
    assert FOREIGN not in found


def test_an_address_is_no_text():
    assert "user.name" not in hits([f"maria.jensen{n}@post.example.com" for n in range(40)])


TITLES = ["The Songs of Maria Jensen and Friends", "Omar Haddad: Live at the River", "Nights Without Rain"]


def test_titles_that_name_somebody_are_no_names_unless_they_are_nothing_else():
    assert "user.name" not in hits(TITLES * 20)
    assert hits([*TITLES, "Omar Yusuf Haddad"] * 20)["user.name"].rows == 20


def test_among_notes_a_title_is_read_like_any_text():
    assert hits([TITLES[0], NOBODY, NOBODY])["user.name"].rows == 1
