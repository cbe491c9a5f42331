"""Corpora are brought to one convention: no titles, no quotes, no gaps, three labels."""

from __future__ import annotations

import gzip
import json

import pytest

from training.ner import corpora, mixture
from training.ner.texts import Text

RULES = corpora.conventions(("M.", "M", "Mme", "Me", "Sr", "Dr", "Mr"))


def labelled(text: str, *names: str, label: str = "PER") -> Text:
    return Text(text, tuple((text.index(n), text.index(n) + len(n), label) for n in names))


@pytest.mark.parametrize(
    ("text", "span", "kept"),
    [
        ("Selon M. Miller, tout va bien.", "M. Miller", ["Miller"]),
        ("représentée par Me J. Welch, avocat", "Me J. Welch", ["J. Welch"]),
        ("El Sr. Abdi Elmi vive aquí", "Sr. Abdi Elmi", ["Abdi Elmi"]),
        ("Mr Dr. Smith called", "Mr Dr. Smith", ["Smith"]),
        ("Mme est là", "Mme", []),
        ("de heer Delergis, die", "Delergis,", ["Delergis"]),
        ("W. prestó declaración", "W.", ["W."]),
        ("the heer Timmermans. Then", "Timmermans.", ["Timmermans"]),
        ("heeren Bright, Fawcett en", "Bright, Fawcett", ["Bright", "Fawcett"]),
        ("qui joua Frey, un jeune gaillard de 18 ans, ici", "Frey, un jeune gaillard de 18 ans", ["Frey"]),
        ("Medard et Martine", "Medard", ["Medard"]),
        ("@implantdds1 thanks", "implantdds1", []),
        ("l'avis de l'Yonne", "l'Yonne", ["Yonne"]),
    ],
)
def test_spans_of_persons(text, span, kept):
    assert corpora.cleaned(labelled(text, span), RULES).parts("PER") == kept


@pytest.mark.parametrize(
    ("text", "span", "repaired", "kept"),
    [
        ("le juge d ' Ankara", "Ankara", "le juge d'Ankara", "Ankara"),
        ("qu ' Anna vienne", "Anna", "qu'Anna vienne", "Anna"),
        ("Sr. E. O ' Neill, abogado", "Sr. E. O ' Neill", "Sr. E. O'Neill, abogado", "E. O'Neill"),
        ("the Kremlin ' s boy", "Kremlin", "the Kremlin's boy", "Kremlin"),
        ("la Dé¬ fense", "Dé¬ fense", "la Défense", "Défense"),
    ],
)
def test_gaps_of_tokens_close(text, span, repaired, kept):
    made = corpora.cleaned(labelled(text, span), RULES)
    assert made.text == repaired
    assert made.parts("PER") == [kept]


def test_hyphens_close_only_where_the_source_needs_it():
    text = labelled("à Saint - Pierre hier", "Saint - Pierre", label="LOC")
    assert corpora.cleaned(text, RULES).text == text.text
    closed = corpora.cleaned(text, corpora.conventions(("M",), hyphens=True))
    assert closed.parts("LOC") == ["Saint-Pierre"]


def test_portuguese_words_are_drawn_together_again():
    rules = corpora.conventions(("Sr",), contractions=True)
    made = corpora.cleaned(labelled("em a cidade de o Porto por o Sr. Reis a os pais", "Sr. Reis"), rules)
    assert made.text == "na cidade do Porto pelo Sr. Reis aos pais"
    assert made.parts("PER") == ["Reis"]


def test_other_kinds_are_dropped_when_read(tmp_path):
    path = tmp_path / "x.jsonl.gz"
    record = {"text": "Ana, 1989, iPhone", "spans": [[0, 3, "PER"], [5, 9, "DATE"], [11, 17, "MISC"]]}
    path.write_bytes(gzip.compress(json.dumps(record).encode()))
    assert list(corpora.read(path)) == [Text("Ana, 1989, iPhone", ((0, 3, "PER"),))]


def test_long_texts_are_cut_between_sentences_and_outside_of_spans():
    sentence = "Ana Ruiz vive en Soria. "
    text = sentence * 100
    spans = tuple((24 * i, 24 * i + 8, "PER") for i in range(100))
    pieces = mixture.cut(Text(text, spans))
    assert all(len(p.text) <= mixture.LONGEST for p in pieces)
    assert sum(len(p.spans) for p in pieces) == 100
    assert {name for p in pieces for name in p.parts("PER")} == {"Ana Ruiz"}
