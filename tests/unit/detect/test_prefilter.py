"""The prefilter contains the exact set: nothing that a rule would find is lost before it."""

from __future__ import annotations

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pii_scan.detect import presidio, shapes
from pii_scan.detect.hits import folded
from pii_scan.detect.options import Options
from pii_scan.detect.patterns import Matcher
from pii_scan.detect.phones import Phones
from pii_scan.detect.prefilter import Prefilter, superset
from pii_scan.detect.rulecheck import example
from pii_scan.detect.rules import shipped

RULES = (*shipped(), *(e.rule for e in presidio.entities()))
MATCHER = Matcher(shipped(), Phones(Options().regions))
PREFILTER = Prefilter(RULES)
EXAMPLES = [example(text) for rule in shipped() for text in (*rule.match, *rule.reject)]
QUIET = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def texts(draw: st.DrawFn) -> list[str]:
    """Examples cut, joined and disturbed, and strings of each rule's own regex."""
    regexes = st.sampled_from(RULES).flatmap(
        lambda r: st.from_regex(r.exact, alphabet=st.characters(codec="utf-8"))
    )
    pieces = st.one_of(
        st.sampled_from(EXAMPLES),
        regexes,
        st.text(max_size=12),
        st.sampled_from([" ", ",", "né le ", "SSN "]),
    )
    return draw(st.lists(st.lists(pieces, min_size=1, max_size=3).map("".join), min_size=1, max_size=8))


def frame(values: list[str]) -> pl.DataFrame:
    table = pl.DataFrame({"c": [0] * len(values), "r": range(len(values)), "t": values})
    return table.with_columns(shape=shapes.shape())


@QUIET
@given(texts())
def test_a_rules_superset_contains_its_exact_matches(values):
    table = frame(values)
    for rule in RULES:
        mask = table["t"].str.contains(superset(rule.regex)).to_list()
        for value, seen in zip(values, mask, strict=True):
            assert seen or not rule.exact.search(value), rule.id


@QUIET
@given(texts())
def test_the_prefilter_loses_no_hit(values):
    survivors = set(PREFILTER.survivors(frame(values))["t"])
    for value in values:
        if value not in survivors:
            assert not [m.rule.id for m in MATCHER.look(value, MATCHER.rules) if m.kind != "failed"]


@QUIET
@given(texts())
def test_the_masks_lose_no_match(values):
    masks = PREFILTER.masks(frame(values), MATCHER.rules)
    for index, value in enumerate(values):
        chosen = [rule for rule, mask in masks if mask[index]]
        assert MATCHER.look(value, chosen) == MATCHER.look(value, MATCHER.rules)


@QUIET
@given(texts())
def test_the_masks_of_a_named_column_lose_no_match(values):
    named = frozenset(rule.id for rule in MATCHER.rules)
    masks = PREFILTER.masks(frame(values), MATCHER.rules, [0])
    for index, value in enumerate(values):
        chosen = [rule for rule, mask in masks if mask[index]]
        assert MATCHER.look(value, chosen, named) == MATCHER.look(value, MATCHER.rules, named)


@QUIET
@given(texts())
def test_shapes_left_out_hold_no_hit(values):
    for value, shape in frame(values).select("t", "shape").iter_rows():
        if shape in shapes.PLAIN:
            assert not [m.rule.id for m in MATCHER.look(value, MATCHER.rules) if m.kind == "hit"]


def test_hidden_forms_are_folded_before_matching():
    values = [
        "ada\u200b@example.org",
        "ａｄａ＠ｅｘａｍｐｌｅ．ｏｒｇ",
        "4111\u00a01111\u00a01111\u00a01111",
        "+33\u20116\u201112345678",
    ]
    plain = folded(frame(values))["t"].to_list()
    assert plain == ["ada@example.org", "ada@example.org", "4111 1111 1111 1111", "+33-6-12345678"]
