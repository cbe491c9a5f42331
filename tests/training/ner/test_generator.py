"""Generated sentences: spans are where the names are, titles outside, seeds decide, halves are apart."""

from __future__ import annotations

import random
import re

import pytest

from training.ner import generator, names
from training.ner.everything import LANGUAGES
from training.ner.generator import Generator, Language


def language(
    *templates: str, titles: tuple[str, ...] = ("Dr.",), held: bool = False, **lists: tuple[str, ...]
) -> Language:
    return Language("en", templates, lists, (("en_GB", 1.0), ("es_ES", 1.0)), titles, held)


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("held", [False, True])
def test_every_template_of_every_language_fills(code, held):
    made = Generator(generator.language(code, held=held), 3)
    for template in made.source.templates:
        text = made.fill(template)
        assert not re.search(r"\{\w+(\|\w+)?\}", text.text), template
        last = 0
        for start, end, label in text.spans:
            assert last <= start < end <= len(text.text), template
            assert text.text[start:end] == text.text[start:end].strip(), template
            assert label in ("PER", "LOC", "ORG")
            last = end


@pytest.mark.parametrize("code", LANGUAGES)
def test_templates_name_people_and_do_not(code):
    made = Generator(generator.language(code), 3)
    named = [bool(made.fill(t).parts("PER")) for t in made.source.templates]
    assert 0.15 < named.count(False) / len(named) < 0.6


@pytest.mark.parametrize("code", LANGUAGES)
def test_development_has_templates_and_fillers_of_its_own(code):
    train, held = generator.language(code), generator.language(code, held=True)
    assert not set(train.templates) & set(held.templates)
    for slot in ("org", "city", "product", "feature"):
        assert not set(train.lists[slot]) & set(held.lists[slot]), slot


@pytest.mark.parametrize("locale", ["fr_FR", "en_US", "pl_PL"])
def test_names_are_halved(locale):
    train, held = names.names(locale, False), names.names(locale, True)
    for ours, theirs in ((train.given, held.given), (train.family, held.family)):
        assert ours
        assert theirs
        assert not set(ours) & set(theirs)
        assert len(theirs) < len(ours)


def test_a_name_held_in_one_locale_is_held_in_all():
    held = set(names.names("en_GB", True).given) | set(names.names("fr_FR", True).family)
    train = set(names.names("en_US", False).given) | set(names.names("fr_BE", False).family)
    assert not held & train


def test_a_locale_of_other_letters_is_refused():
    with pytest.raises(ValueError, match="ko_KR"):
        names.names("ko_KR", False)


def test_a_title_is_outside_of_the_span():
    made = Generator(language("Ask {titled}.", titles=("Mme", "le Dr")), 5)
    for _ in range(50):
        text = made.text()
        (name,) = text.parts("PER")
        assert text.text in (f"Ask Mme {name}.", f"Ask le Dr {name}.")


def test_names_inside_of_organisations_are_no_people():
    made = Generator(
        language("{given} works at {org} in {city}.", org=("{any_family} & Sons",), city=("Leeds",)), 5
    )
    for _ in range(20):
        text = made.text()
        assert [label for *_, label in text.spans] == ["PER", "ORG", "LOC"]
        assert text.parts("ORG")[0].endswith(" & Sons")
        assert text.parts("LOC") == ["Leeds"]


def test_the_same_person_is_named_again():
    text = Generator(language("{full} / {same_family}"), 9).text()
    first, again = text.parts("PER")
    assert again.lower() in first.lower()


@pytest.mark.parametrize(("slot", "form"), [("last_first", r"[^,]+, [^,]+"), ("initial_last", r"\w\. .+")])
def test_a_name_in_a_fixed_form_is_one_span(slot, form):
    text = Generator(language(f"By {{{slot}}} / {{same_family}}."), 4).text()
    first, again = text.parts("PER")
    assert re.fullmatch(form, first)
    assert again in first


def test_changes_of_case_keep_the_span():
    text = Generator(language("x {given|upper} y"), 2).text()
    assert text.parts("PER") == [text.text[2:-2]]
    assert text.text[2:-2].isupper()


def test_the_seed_decides():
    source = generator.language("fr")

    def drawn(seed: int) -> list[str]:
        made = Generator(source, seed)
        return [made.text().text for _ in range(40)]

    assert drawn(4) == drawn(4)
    assert drawn(4) != drawn(5)


def test_lists_that_name_each_other_are_refused():
    made = Generator(language("{a}", a=("{b}",), b=("{a}",)), 1)
    with pytest.raises(ValueError, match="name each other"):
        made.text()


def test_an_unknown_slot_is_refused():
    with pytest.raises(ValueError, match="no such slot: nobody"):
        Generator(language("{nobody}"), 1).text()


def test_forms_of_a_name_hold_its_family_name():
    rng = random.Random(1)
    who = names.Person("Ana", "Pérez", "Eva")
    forms = {names.full(rng, who) for _ in range(300)}
    assert forms == {
        "Ana Pérez",
        "Ana PÉREZ",
        "PÉREZ Ana",
        "Pérez, Ana",
        "A. Pérez",
        "Ana E. Pérez",
        "Pérez A.",
    }
