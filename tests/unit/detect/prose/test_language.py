"""A text's language, alone and in its column."""

from __future__ import annotations

import pytest

from pii_scan.detect.prose.language import Languages

SENTENCES = {
    "en": "The customer asked us to move her appointment to next week.",
    "fr": "La cliente demande de déplacer son rendez-vous à la semaine prochaine.",
    "es": "La clienta pide cambiar su cita a la próxima semana.",
    "de": "Die Kundin möchte ihren Termin auf nächste Woche verschieben.",
    "it": "La cliente chiede di spostare il suo appuntamento alla prossima settimana.",
    "nl": "De klant wil haar afspraak graag naar volgende week verplaatsen.",
    "pt": "A cliente pede para mudar a sua consulta para a próxima semana.",
}


@pytest.fixture(scope="module")
def languages() -> Languages:
    return Languages()


@pytest.mark.parametrize("code", SENTENCES)
def test_a_sentence_alone(languages: Languages, code: str) -> None:
    assert languages.guess([SENTENCES[code]]) == [code]
    assert languages.guess([SENTENCES[code].upper()]) == [code]


def test_a_short_text_is_of_its_column_s_language(languages: Languages) -> None:
    texts = ["ok merci", "Paul ok", *[SENTENCES["fr"]] * 5]
    assert languages.guess(texts) == ["fr"] * len(texts)


def test_a_long_text_in_another_language_keeps_its_own(languages: Languages) -> None:
    assert languages.guess([*[SENTENCES["fr"]] * 9, SENTENCES["de"]])[-1] == "de"


def test_a_sentence_of_several_words_keeps_its_own(languages: Languages) -> None:
    sentence = "Bitte beim nächsten Termin die Unterlagen bereitlegen."
    assert languages.guess([*[SENTENCES["en"]] * 9, sentence])[-1] == "de"
    assert languages.guess([*[SENTENCES["en"]] * 9, "bitte zurückrufen"])[-1] == "en"


def test_other_scripts_are_none_of_ours(languages: Languages) -> None:
    assert languages.guess(["Клиент просит перенести встречу на следующую неделю."]) == ["ru"]


def test_nothing_to_guess(languages: Languages) -> None:
    assert languages.guess([]) == []
    assert len(languages.guess([""])) == 1


def test_names_and_labels_are_in_no_language(languages: Languages) -> None:
    names = ["Gustavo Henrique Pires", "Aiden van Hagen", "Nogueira de Gonçalves", "Pocket Diary XL"]
    assert languages.guess(names) == ["en"] * len(names)
    assert languages.guess([*names, SENTENCES["fr"]]) == ["fr"] * 5
