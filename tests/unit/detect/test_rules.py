"""Every rule's own examples, and what holds of all rules."""

from __future__ import annotations

import re

import polars as pl
import pytest

from pii_scan.data.load import taxonomy
from pii_scan.detect import presidio
from pii_scan.detect.checksums import validators
from pii_scan.detect.rulecheck import check_rules
from pii_scan.detect.rules import rule_of, shipped

RULES = shipped()
ALL = (*RULES, *(e.rule for e in presidio.entities()))


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
    assert not rule.validator or rule.validator in {*validators(), "phone_international", "phone_national"}
    assert rule.free or rule.context


@pytest.mark.parametrize("rule", ALL, ids=lambda r: r.id)
def test_rust_reads_every_rule(rule):
    assert pl.Series(["x"]).str.contains(rule.regex).to_list() in ([True], [False])


@pytest.mark.parametrize("rule", ALL, ids=lambda r: r.id)
def test_no_quantifier_inside_an_unbounded_one(rule):
    """Nested unbounded repetition is what makes a backtracking matcher explode."""
    assert not re.search(r"[*+]\)[*+]|\{\d+,\}\)[*+{]", rule.regex)


@pytest.mark.parametrize("rule", ALL, ids=lambda r: r.id)
@pytest.mark.parametrize(
    "seed",
    ["0", "1 ", "a", "a@", "a.", "+1", "A1", "0:", "eyJ", "4111 ", "?token=", "(1) ", "%40a", "12.5, "],
)
def test_matching_time_grows_with_length_alone(rule, seed):
    """Ten times the text takes about ten times as long, not a hundred."""
    import time

    def seconds(text: str) -> float:
        start = time.process_time()
        rule.exact.search(text)
        return time.process_time() - start

    short, long = seed * 400, seed * 8000
    quick = min(seconds(short) for _ in range(3))
    assert min(seconds(long) for _ in range(2)) < max(quick * 20 * 8, 0.05)


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_classes_mean_the_same_to_rust_and_python(rule):
    """Rust's `\\s`, `\\w` and `\\d` take all of Unicode, so that their negation takes less than Python's."""
    assert not re.search(r"\\[swdbSWDB]", rule.regex)
