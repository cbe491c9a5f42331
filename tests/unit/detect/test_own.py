"""The user's rules, names and ignored values inside the detector."""

from __future__ import annotations

import pickle
import re

import polars as pl
import pytest

from pii_scan.data.load import taxonomy
from pii_scan.detect import own, presidio, ruleset, vocabulary
from pii_scan.detect.identity import identity
from pii_scan.detect.ignored import Ignored, passing_over
from pii_scan.detect.options import Options
from pii_scan.detect.ownnames import check_names, joined
from pii_scan.detect.rulecheck import check_rules
from pii_scan.detect.rules import rule_of, shipped

from .batches import engine, scan, told

TAXONOMY = taxonomy()
RECORD = {
    "id": "staff",
    "category": "user.account.identifier",
    "regex": "EMP-[0-9]{5}",
    "match": ["EMP-12345"],
    "reject": ["EMP-1"],
    "strength": "strong",
    "validator": "",
    "context": [],
    "replaces": False,
}
STAFF = own.taken(RECORD, "own.yaml")


def by_id(name: str):
    return next(rule for rule in shipped() if rule.id == name)


@pytest.mark.parametrize(
    ("regex", "reason"),
    [
        ("(?!x)a", "look-around"),
        ("(?<!x)a", "look-around"),
        (r"(a|b)\1", "back reference"),
        (r"a\b", "engines read differently"),
        (r"\W[0-9]", "engines read differently"),
        (r"[^\w]a", "engines read differently"),
        ("[a&&b]", "engines read differently"),
        ("[a-z[0-9]]x", "engines read differently"),
        ("^a", "anchor"),
        ("a$", "anchor"),
        ("a[", "not valid"),
        ("a{2,1}", "not valid"),
        ("[0-9]*", "empty text"),
        (r"(?(1)a|b)", "not valid"),
        ("(?a:x)", "Rust"),
        ("x(?#note)", "Rust"),
        ("(a+)+b", "very long"),
    ],
)
def test_a_regex_that_can_t_be_taken(regex, reason):
    (fault,) = own.regex_faults(regex)
    assert reason in fault[0]


@pytest.mark.parametrize(
    "regex",
    [
        "EMP-[0-9]{5}",
        r"\$[0-9]{3}",
        r"[\^$]x",
        "[^0-9]E",
        "(?i:emp)[0-9]",
        r"a\\b",
        r"[\[\]]x",
        r"\d{4}",
        "a.b",
    ],
)
def test_a_regex_that_can(regex):
    assert list(own.regex_faults(regex)) == []
    assert pl.Series(["x"]).str.contains(regex).len() == 1
    assert re.compile(regex, re.ASCII)


def test_shipped_rules_would_be_taken():
    """But for their time, which the tests of linear patterns measure one by one."""
    checks = (own._portable, own._python, own._rust)
    assert [r.id for r in shipped() if any(check(r.regex) for check in checks)] == []


def test_a_rule_finds_and_passes_between_processes():
    options = pickle.loads(pickle.dumps(Options(rules=(STAFF,), ignored=(Ignored("user", ("x",)),))))
    found = scan(engine(options), "t", {"a": [f"EMP-{n:05d}" for n in range(20)]})[2]
    assert told(found) == {"a": "user.account.identifier"}
    assert "staff" in found[0].evidence[0].detail


def test_effective_rules():
    entities = [e.rule for e in presidio.entities()]
    rules = ruleset.effective(Options(rules=(STAFF,)), TAXONOMY, entities)
    assert rules[0] == STAFF
    assert len(rules) == 1 + len(shipped()) + len(entities)
    replacing = rule_of({**RECORD, "id": "email", "origin": "own.yaml"})
    rules = ruleset.effective(
        Options(rules=(replacing,), disabled=("presidio_*", "IBAN")), TAXONOMY, entities
    )
    assert [r.regex for r in rules if r.id == "email"] == [RECORD["regex"]]
    assert not {r.id for r in rules} & {"iban", *(e.id for e in entities)}


def test_countries():
    rules = {r.id for r in ruleset.effective(Options(countries=("FR", "GB")), TAXONOMY)}
    assert {"fr_nir", "fr_plate", "uk_nino", "email", "iban"} <= rules
    assert not {"us_ssn", "it_codice_fiscale", "us_routing"} & rules
    mine = rule_of({**RECORD, "id": "fr_mine", "country": "DE", "origin": "own.yaml"})
    assert ruleset.left_out(mine, Options(countries=("FR",))) == "country"
    bare = rule_of({**RECORD, "id": "de_mine", "origin": "own.yaml"})
    assert ruleset.left_out(bare, Options(countries=("FR",))) == ""


@pytest.mark.parametrize(
    ("rule", "value", "text", "left"),
    [
        ("card", "4111 1111 1111 1111", "4111-1111-1111-1111", False),
        ("card", "4111111111111111", "card 4111 1111 1111 1111.", False),
        ("card", "4111111111111111", "4242424242424242", True),
        ("email", "support@example.org", "to Support@Example.org, please", False),
        ("email", "support@example.org", "support@example.org.uk", True),
        ("email", "support@example.org", "mysupport@example.org", True),
        ("phone_international", "+33 6 12 34 56 78", "+33612345678", False),
        ("phone_international", "+33 6 12 34 56 78", "+336123456789", True),
    ],
)
def test_ignored_values_in_every_spelling(rule, value, text, left):
    passing = passing_over(by_id(rule), [Ignored(by_id(rule).category, (value,))], TAXONOMY)
    assert bool(passing.exact.search(text)) is left
    assert by_id(rule).exact.search(text)


def test_ignored_values_of_another_category_count():
    rule = by_id("email")
    assert passing_over(rule, [Ignored("user.financial", ("a@b.org",))], TAXONOMY) is rule
    assert passing_over(rule, [Ignored("user.contact", ("a@b.org",))], TAXONOMY) is not rule


def test_an_example_that_is_ignored_fails():
    passing = passing_over(STAFF, [Ignored("user", regexes=("EMP-1.*",))], TAXONOMY)
    assert [(f.kind, f.example) for f in check_rules([passing])] == [("match", 1)]


def test_own_phrases_take_the_place_of_shipped_ones():
    known = joined(vocabulary.shipped(), {"strong": {"user.unique_id": ("email", "crew number")}})
    assert {p.category for p in known.phrases[("email",)]} == {"user.unique_id"}
    assert {p.language for p in known.phrases[("crew", "number")]} == {"own"}
    assert known.phrases[("first", "name")] == vocabulary.shipped().phrases[("first", "name")]


def test_examples_of_names():
    options = Options(phrases={"weak": {"user.account.identifier": ("badge",)}})
    record = {
        "id": "b",
        "category": "user.account.identifier",
        "match": ["hr/employees#badge", "badge"],
        "reject": ["products#badge", "employees#badge"],
    }
    failures = check_names([record], TAXONOMY, options)
    assert [(f.kind, f.example) for f in failures] == [("match", 2), ("reject", 2)]


def recognizer(score: float):
    record = {
        "name": "Badge",
        "supported_entity": "BADGE",
        "patterns": [{"name": "b", "regex": r"\bB-\d{4}\b", "score": score}],
        "context": ["badge"],
    }
    return presidio.pattern_recognizer(record, {"BADGE": "user.account.identifier"})


@pytest.mark.parametrize(
    ("score", "text", "count"), [(0.2, "badge B-1234", 1), (0.2, "order B-1234", 0), (0.6, "order B-1234", 1)]
)
def test_context_words_of_recognizers(score, text, count):
    found = scan(engine(Options(recognizers=(recognizer(score),))), "t", {"x": [text, "nothing"]})[2]
    assert [d.count for d in found] == ([count] if count else [])


def test_the_detectors_identity():
    base = identity(Options(), TAXONOMY)
    assert base == identity(Options(), taxonomy())
    others = [
        Options(presidio=False),
        Options(countries=("FR",)),
        Options(rules=(STAFF,)),
        Options(disabled=("iban",)),
        Options(phrases={"strong": {"user": ("zebra",)}}),
        Options(ignored=(Ignored("user", ("x",)),)),
        Options(recognizers=(recognizer(0.5),)),
        Options(recognizers=(recognizer(0.6),)),
        Options(defaults={**Options().defaults, "verdict": {"prior": -2.0}}),
    ]
    assert len({base, *(identity(options, TAXONOMY) for options in others)}) == len(others) + 1
    again = own.taken({**RECORD, "match": ["EMP-54321"]}, "elsewhere.yaml")
    assert identity(Options(rules=(again,)), TAXONOMY) == identity(Options(rules=(STAFF,)), TAXONOMY)
