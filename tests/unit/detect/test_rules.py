"""Every rule's own examples, and what holds of all rules."""

from __future__ import annotations

import random
import re
import uuid

import polars as pl
import pytest

from pii_scan.data.load import taxonomy
from pii_scan.detect import presidio
from pii_scan.detect.checksums import validators
from pii_scan.detect.literals import needed
from pii_scan.detect.options import Options
from pii_scan.detect.patterns import Matcher
from pii_scan.detect.phones import Phones
from pii_scan.detect.rulecheck import check_rules, example
from pii_scan.detect.rules import neutral, rule_of, shipped

PERSONAL = shipped()
RULES = (*PERSONAL, *neutral())
ALL = (*RULES, *(e.rule for e in presidio.entities()))
MATCHER = Matcher(RULES, Phones(Options().regions))


def test_examples_do_what_they_should():
    assert check_rules() == []


def test_an_example_that_fails_is_told():
    record = {"id": "x", "category": "user", "regex": "[0-9]{3}", "match": ["12"], "reject": ["a 123 b"]}
    assert [(f.kind, f.example) for f in check_rules([rule_of(record)])] == [("match", 1), ("reject", 1)]


def test_ids_are_unique():
    assert len({r.id for r in ALL}) == len(ALL)


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_a_rule_is_whole(rule):
    assert rule.category in taxonomy()
    assert rule.match
    assert rule.reject
    phones = {"phone_international", "phone_national", "phone_written"}
    assert {rule.validator, rule.alone} - {""} <= {*validators(), *phones}
    assert rule.free or rule.context


@pytest.mark.parametrize("rule", ALL, ids=lambda r: r.id)
def test_rust_reads_every_rule(rule):
    assert pl.Series(["x"]).str.contains(rule.regex).to_list() in ([True], [False])


@pytest.mark.parametrize("rule", ALL, ids=lambda r: r.id)
def test_no_quantifier_inside_an_unbounded_one(rule):
    """Nested unbounded repetition is what makes a backtracking matcher explode."""
    assert not re.search(r"[*+]\)[*+]|\{\d+,\}\)[*+{]", rule.regex)


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_classes_mean_the_same_to_rust_and_python(rule):
    """Rust's `\\s`, `\\w` and `\\d` take all of Unicode, so that their negation takes less than Python's."""
    assert not re.search(r"\\[swdbSWDB]", rule.regex)


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_a_rule_has_several_examples(rule):
    assert len(rule.reject) >= 2 or rule.id == "it_codice_fiscale"
    assert len({*rule.match, *rule.reject}) >= 3


def test_all_fifteen_countries_have_their_numbers():
    known = {rule.country for rule in PERSONAL}
    assert {"US", "GB", "FR", "DE", "ES", "IT", "NL", "BE", "CH", "PT", "PL", "CA", "AU", "IN", "BR"} <= known


def test_numbers_of_companies_are_nobodys():
    assert {rule.personal for rule in neutral()} == {False}
    assert all(rule.personal for rule in PERSONAL)


def numbers() -> list[str]:
    """Ids, order numbers, times since 1970 and decimal numbers, as they stand and in a sentence."""
    rng = random.Random(9)
    plain = [str(rng.randrange(10 ** (n - 1), 10**n)) for n in range(5, 21) for _ in range(60)]
    plain += [str(rng.randrange(1_500_000_000, 1_800_000_000)) for _ in range(100)]
    plain += [str(rng.randrange(1_500_000_000_000, 1_800_000_000_000)) for _ in range(100)]
    plain += [f"{rng.uniform(-999, 999):.{rng.randrange(1, 15)}f}" for _ in range(200)]
    plain += [str(uuid.UUID(int=rng.getrandbits(128), version=4)) for _ in range(200)]
    return [*plain, *(f"item {text} was shipped" for text in plain)]


def test_plain_numbers_are_never_told_for_sure():
    """Only a card's form counts as a candidate, for the column to bear out."""
    allowed = {"card", "fr_nir", "ch_ahv", "es_dni", "fr_rib"}
    for text in numbers():
        for match in MATCHER.look(text, RULES):
            assert match.kind != "hit", (match.rule.id, text)
            assert match.rule.id in allowed, (match.rule.id, text)


@pytest.mark.parametrize("rule", ALL, ids=lambda r: r.id)
def test_every_match_holds_what_it_needs(rule):
    needs = needed(rule.regex)
    for text in map(example, rule.match):
        found = [m.group().lower() for m in rule.exact.finditer(text)]
        assert not needs or all(any(n in part for n in needs) for part in found)


@pytest.mark.parametrize(
    ("regex", "needs"),
    [
        ("abc[0-9]+", ("abc",)),
        ("(?:foo|ba[rz])x?", ("bar", "baz", "foo")),
        ("[a-z]+@[a-z]+", ("@",)),
        ("[0-9]{3}", ()),
        ("(?i:Key)=", ("key=",)),
        ("a?b", ("b",)),
        ("(?:ab)*c", ("c",)),
        ("x|[0-9]+", ()),
        ("(?:ab){2}", ("abab",)),
    ],
)
def test_literals_of_a_regex(regex, needs):
    assert needed(regex) == needs
