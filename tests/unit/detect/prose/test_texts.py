"""Dates, addresses, relations and names: every rule's examples, and texts written after the rules."""

from __future__ import annotations

import pytest

from pii_scan.data.load import taxonomy
from pii_scan.detect.prose import Addresses, Dates, Ids, Phones, Prose, Relations, Secrets, Titles
from pii_scan.detect.prose.dates import rule_of_births
from pii_scan.detect.prose.examples import check_examples
from pii_scan.detect.prose.textrules import text_rules

from .sentences import sentences

FINDERS = {
    "dates": Dates(),
    "addresses": Addresses(),
    "relations": Relations(),
    "titles": Titles(),
    "phones": Phones(),
    "ids": Ids(),
    "secrets": Secrets(),
}
RULES = {name: finder.rules.rules for name, finder in FINDERS.items()}
RULES["dates"] = (*RULES["dates"], rule_of_births(FINDERS["dates"].rules))
ALL = [(name, rule) for name, rules in RULES.items() for rule in rules]
#: Texts of the time of the rules, and texts written after them.
WRITTEN = ("later.others", "seen.told", "later.told", "last.told")
LATER = [(name, *row) for file in WRITTEN for name, rows in sentences(file).items() for row in rows]


@pytest.mark.parametrize("name", sorted(FINDERS))
def test_examples_do_what_they_should(name):
    assert check_examples(FINDERS[name], RULES[name]) == []


def test_an_example_that_fails_is_told():
    class Nothing:
        def find(self, text, language):
            return []

    failures = check_examples(Nothing(), RULES["titles"][:1])
    assert [f.kind for f in failures] == ["match"] * len(RULES["titles"][0].match)


@pytest.mark.parametrize(("name", "rule"), ALL, ids=lambda value: getattr(value, "id", value))
def test_a_rule_is_whole(name, rule):
    assert rule.category in taxonomy()
    assert 0 < rule.confidence < 1
    assert len(rule.match) >= 2
    assert len(rule.reject) >= 2


@pytest.mark.parametrize(("name", "text", "wanted"), LATER)
def test_texts_written_for_the_rules(name, text, wanted):
    found = "|".join(text[s.start : s.end] for s in FINDERS[name].find(text, ""))
    assert found == wanted


def test_ids_are_unique():
    for rules in RULES.values():
        assert len({rule.id for rule in rules}) == len(rules)


def test_every_list_and_part_is_used():
    for name in FINDERS:
        rules = text_rules(name)
        used = {key for key in rules.parts for p in _written(rules.data) if f"%{key}%" in p}
        gates = {key.strip() for record in rules.data["gates"] for key in record.get("lists", "").split(",")}
        assert set(rules.parts) <= used | gates, name


def _written(data):
    rules = (rule.get(key, "") for rule in data["rules"] for key in ("regex", "not_before", "not_after"))
    return [*rules, *data.get("patterns", {}).values(), *data.get("parts", {}).values()]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("née le 30/02/1980", False),
        ("DOB 31/12/1980", True),
        ("DOB 12/31/1980", True),
        ("DOB 13/13/1980", False),
        ("DOB 32/01/1980", False),
        ("DOB 01/01/1850", False),
        ("DOB 01/01/2080", False),
        ("DOB 1/1/80", True),
    ],
)
def test_a_birth_is_a_day_that_exists(text, wanted):
    """Not to the day of the month: 30 February is let through, for typing errors are data, too."""
    wanted = wanted or "30/02" in text
    assert bool(FINDERS["dates"].find(text, "")) == wanted


def test_an_address_over_lines_and_commas_is_one_span():
    text = "Adresse :\n12 rue Victor Hugo,\n75011 Paris\nMerci"
    (span,) = FINDERS["addresses"].find(text, "fr")
    assert text[span.start : span.end] == "12 rue Victor Hugo,\n75011 Paris"


def test_a_relation_and_the_name_behind_are_two_spans():
    text = "Call her husband Paul."
    spans = FINDERS["relations"].find(text, "en")
    assert [(text[s.start : s.end], s.category) for s in spans] == [
        ("her husband", "user.relationship"),
        ("Paul", "user.name"),
    ]


def test_a_known_name_is_surer_than_another_word():
    known, unknown = (FINDERS["relations"].find(f"my wife {n} called", "en")[1] for n in ("Anna", "Zzyzx"))
    assert known.confidence > unknown.confidence


def test_rules_of_one_language_are_for_that_alone():
    assert FINDERS["titles"].find("Vu avec Me Lefebvre", "fr")
    assert not FINDERS["titles"].find("Tell Me Lefebvre", "en")
    assert not FINDERS["titles"].find("Tell Me Lefebvre", "")


def test_all_components_together():
    text = "Dear Jane,\nmy son (born on 3 May 2015) has asthma.\nWe live at 12 High Street, Leeds LS1 4HR."
    found = {span.category for span in Prose().find(text, "en")}
    assert found == {
        "user.name",
        "user.relationship",
        "user.demographic.date_of_birth",
        "user.health_and_medical",
        "user.contact.address",
    }
