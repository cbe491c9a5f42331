"""Every rule's time grows with the length of the text alone; a regex whose time doesn't is refused."""

from __future__ import annotations

import re
from time import process_time

import pytest

from pii_scan.detect import presidio
from pii_scan.detect.attacks import Attack, attacks, readable
from pii_scan.detect.linear import Bounds, check
from pii_scan.detect.rulecheck import example
from pii_scan.detect.rules import Rule, neutral, shipped

RULES = (*shipped(), *neutral(), *(e.rule for e in presidio.entities()))
SHORT, LONG = 8_192, 1_048_576
#: Seconds that a rule may take for a megabyte of the worst text: less than checksums of real text take.
RATE = 4.0


def seconds(pattern: re.Pattern[str], text: str) -> float:
    start = process_time()
    for _ in pattern.finditer(text):
        pass
    return process_time() - start


def hostile(rule: Rule) -> list[Attack]:
    """Texts built from the rule's pattern, and its own examples over and over, whole and cut short."""
    items, flags = readable(rule.exact.pattern, re.ASCII)
    found = attacks(items, flags)
    for text in map(example, (*rule.match, *rule.reject)):
        found += [Attack("", text), Attack("", text[:-1] or text), Attack("", text + " ")]
    return found


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_a_rule_is_linear(rule):
    """From 8 kB to 1 MB on the hardest of the texts, the rate stays the same."""
    worst = max(hostile(rule), key=lambda a: seconds(rule.exact, a.text(SHORT)))
    short = min(seconds(rule.exact, worst.text(SHORT)) for _ in range(3))
    long = seconds(rule.exact, worst.text(LONG))
    assert long < RATE
    assert long < max(short * LONG / SHORT * 2.5, 0.25)


@pytest.mark.parametrize(
    "regex",
    [
        r"(?<![A-Za-z0-9])EMP-[0-9]{4,9}(?![0-9])",
        r"\b[A-Z]{2}\d{6}\b",
        r"(?:[a-z]{1,20}\.){1,4}example",
        r"\bticket \w+",
        r"\d+",
    ],
)
def test_a_linear_regex_passes(regex):
    assert check(regex) == ""


@pytest.mark.parametrize(
    "regex",
    [
        r"(a+)+b",
        r"(\w+\s?)*x",
        r"([a-z]+)*1",
        r"\b\d+\d+x",
        r"\b\d+\.?\d*\b",
        r"(?:a|a.)*b",
        r"\w+@example",
        r"\b[\w.]+@example",
        r"\d+-\d+",
        r".*secret",
        r"x(?:[a-z]{1,9000})y",
        r"(x+x+)+y",
        r"([a-zA-Z0-9])(([\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+[.]{1}[a-z]{2,3}",
    ],
)
def test_a_regex_that_explodes_is_refused(regex):
    assert check(regex)


def test_the_reason_is_in_plain_words():
    assert check(r"(a+)+b") == "a repeat inside a repeat takes the same characters"
    assert re.fullmatch(r".*[0-9] (?:characters|times|seconds).*", check(r"\d+-\d+"))


def test_measuring_ends():
    """Even a process that hangs is ended, and the regex refused."""
    start = process_time()
    assert check(r"(?:a|a.)*b", bounds=Bounds(seconds=0.01)) == "it was not done within 0.01 seconds"
    assert process_time() - start < 5


def test_what_no_engine_reads_is_refused():
    assert check("(") == "it could not be compiled or measured"


def test_what_the_other_engine_reads_is_measured():
    assert check(r"\p{Lu}{2}[0-9]{4}", 0) == ""
