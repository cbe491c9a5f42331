"""The fast way finds what the exact patterns find, cell by cell: nothing is lost, nothing added."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping

import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pii_scan.core.keyed import Key
from pii_scan.core.profile import Hits
from pii_scan.detect import needs, pool, prefilter, presidio, sampling, shapes, stretches
from pii_scan.detect.cells import Column
from pii_scan.detect.fingerprint import Fingerprints
from pii_scan.detect.hits import CHECKED, UNSEEN, findings
from pii_scan.detect.options import Options
from pii_scan.detect.patterns import Matcher
from pii_scan.detect.phones import Phones
from pii_scan.detect.rulecheck import example as filled
from pii_scan.detect.rules import shipped
from pii_scan.detect.seek import Seeker
from pii_scan.detect.text import fold, folded

ENTITIES = presidio.entities()
RULES = (*shipped(), *(e.rule for e in ENTITIES))


def check(least: int) -> Callable[[str], bool]:
    """Stands in for a recognizer: takes what has enough digits, by its length."""
    return lambda text: sum(map(str.isdigit, text)) >= max(least, len(text) % 3)


CHECKS = {e.rule.validator: check(e.rule.digits) for e in ENTITIES}
MATCHER = Matcher(RULES, Phones(Options().regions), extra=CHECKS)
#: Texts go one by one through Python's patterns, or all together through Rust's.
SEEKERS = (Seeker(MATCHER, dear=1000), Seeker(MATCHER, dear=1000, few=0))
PRINTS = Fingerprints(Key(bytes(32)))
EXAMPLES = [filled(text) for rule in shipped() for text in (*rule.match, *rule.reject)]
QUIET = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
WORDS = ["call ", "né le ", "NÉ LE ", "SSN ", "iban:", "version ", "card no ", "Chrome/"]
SIGNS = [" ", ",", "  ", '"', "(", "x", "-"]


@st.composite
def texts(draw: st.DrawFn) -> list[str]:
    """Examples cut, joined and disturbed, and strings of each rule's own regex."""
    regexes = st.sampled_from(RULES).flatmap(
        lambda r: st.from_regex(r.exact, alphabet=st.characters(codec="utf-8"))
    )
    whole = st.sampled_from(RULES).flatmap(
        lambda r: st.from_regex(r.regex, fullmatch=True, alphabet=st.characters(codec="utf-8"))
    )
    pieces = st.one_of(
        st.sampled_from(EXAMPLES), regexes, whole, st.text(max_size=12), st.sampled_from([*SIGNS, *WORDS])
    )
    values = draw(st.lists(st.lists(pieces, min_size=1, max_size=3).map("".join), min_size=1, max_size=8))
    return [value for value in values if value.strip()] or ["x"]


def column(values: list[str]) -> Column:
    one = Column.of(0, ("c",), np.arange(len(values)), pa.array(values, pa.string()))
    sampling.shape_counts([one])
    return one


def fast(
    values: list[str], hinted: frozenset[str] = frozenset(), seeker: Seeker = SEEKERS[0]
) -> dict[str, set[int]]:
    """Rows by key of what the columns' way finds, and rows of whole matches by key and `=`."""
    one = column(values)
    found: dict[str, set[int]] = {}
    names = {0: hinted} if hinted else {}
    for row in range(len(values)):  # a cell at a time: places tell rows apart
        single = Column(0, ("c",), one.rows[row : row + 1], one.array.slice(row, 1))
        sampling.shape_counts([single])
        for key, hits in sought(seeker, single, names).items():
            found.setdefault(key, set()).add(row)
            if hits.whole:
                found.setdefault(key + "=", set()).add(row)
    assert {key: hits.rows for key, hits in sought(seeker, one, names).items()} == {
        key: len(rows) for key, rows in found.items() if not key.endswith("=")
    }
    return found


def sought(seeker: Seeker, one: Column, names: Mapping[int, frozenset[str]]) -> dict[str, Hits]:
    """What is found; how many values a limited check was given depends on the way, and is left out."""
    found = seeker.seek([one], names, {0: PRINTS.mixed(one)}).get(0, {})
    return {key: hits for key, hits in found.items() if key[0] not in (UNSEEN, CHECKED)}


def exact(values: list[str], hinted: frozenset[str] = frozenset()) -> dict[str, set[int]]:
    """The same by the exact patterns, every rule on every text."""
    found: dict[str, set[int]] = defaultdict(set)
    for row, value in enumerate(values):
        text = fold(value)
        rules = [rule for rule in RULES if rule.id in hinted] if plain(text) else RULES
        for key, _, whole in findings(text, MATCHER.look(text, rules, hinted)):
            found[key].add(row)
            if whole:
                found[key + "="].add(row)
    return dict(found)


def plain(text: str) -> bool:
    frame = pl.DataFrame({"t": [text]}).select(shape=shapes.shape())
    return frame["shape"][0] in shapes.PLAIN


@QUIET
@given(texts())
@example(["1.2.3.4 5.6.7.8", "4111 1111 1111 1111", "a@b.co, +33 6 12 34 56 78", "version 10.1.2.3"])
@example(["Steuernummer 181/815/08155?phone=0000000"])  # two rules match the same, the first given counts
def test_columns_are_searched_as_their_cells_would_be(values):
    found = exact(values)
    assert [fast(values, seeker=seeker) for seeker in SEEKERS] == [found, found]


@QUIET
@given(texts(), st.sets(st.sampled_from([rule.id for rule in RULES]), min_size=1, max_size=6))
def test_named_columns_are_searched_as_their_cells_would_be(values, named):
    found = exact(values, frozenset(named))
    assert [fast(values, frozenset(named), seeker) for seeker in SEEKERS] == [found, found]


def test_limits_of_one_check_take_no_values_from_another_rule():
    """MAC addresses have the form of IPv6 addresses, but lack what the check of these asks for."""
    values = [f"00:1a:2b:3c:{n >> 8:02x}:{n & 255:02x}" for n in range(300)]
    found = Seeker(MATCHER, dear=10, few=0).seek([one := column(values)], {}, {0: PRINTS.mixed(one)})[0]
    assert {key: hits.rows for key, hits in found.items()} == {"user.device.mac_address": len(values)}


@QUIET
@given(texts())
def test_a_rules_superset_contains_its_exact_matches(values):
    table = pl.Series("t", values)
    for rule in RULES:
        seen = table.str.contains(prefilter.superset(rule)).to_list()
        for value, kept in zip(values, seen, strict=True):
            assert kept or not rule.exact.search(value), rule.id


@QUIET
@given(texts())
def test_a_match_has_what_its_rule_needs(values):
    for rule in RULES:
        need = needs.of(rule.regex)
        for value in values:
            for match in rule.exact.finditer(value):
                raw = match.group().encode()
                marks = int(np.bitwise_or.reduce(needs.MARKS[np.frombuffer(raw, np.uint8)]))
                assert len(raw) >= need.length
                assert sum(48 <= byte < 58 for byte in raw) >= need.digits
                assert all(marks & mark for mark in need.marks)


@QUIET
@given(texts())
def test_cells_with_a_match_are_in_the_pool(values):
    one = column(values)
    chosen = pool.pool([one], RULES, {0: frozenset(rule.id for rule in RULES)})
    for rule in RULES:
        cells = set(chosen.cell[chosen.may[rule.id]].tolist())
        for row, value in enumerate(values):
            text = fold(value)
            valid = [m for m in MATCHER.look(text, [rule], frozenset({rule.id})) if m.kind != "failed"]
            assert row in cells or not valid, rule.id


@pytest.mark.parametrize(
    ("regex", "digits", "token"),
    [
        ("[0-9]{9}", 9, 9),
        ("[0-9]{3}[- ][0-9]{2}[- ][0-9]{4}", 9, 4),
        ("[0-9]{2}x[0-9]{3}", 3, 6),
        (r"[0-9](?:[ -]?[0-9]){7,9}", 8, 1),
        ("(?:[0-9]{4}|[a-z]{9})", 0, 4),
        ("(?:[0-9]{2})?[0-9]{3}", 3, 3),
        ("[0-9]{3}.{0,2}[0-9]{3}", 3, 3),
        ("[^0-9]{5}", 0, 0),
    ],
)
def test_stretches_are_never_told_longer_than_they_are(regex, digits, token):
    import re._parser as parser

    tree = parser.parse(regex)
    assert (stretches.digits(tree), stretches.token(tree)) == (digits, token)


@QUIET
@given(texts())
def test_shapes_left_out_hold_no_hit(values):
    for value in values:
        if plain(value):
            assert not [m.rule.id for m in MATCHER.look(value, shipped()) if m.kind == "hit"]


def test_hidden_forms_are_folded_before_matching():
    values = [
        "ada\u200b@example.org",
        "ａｄａ＠ｅｘａｍｐｌｅ．ｏｒｇ",
        "4111\u00a01111\u00a01111\u00a01111",
        "+33\u20116\u201112345678",
    ]
    plain_texts = folded(pl.Series("t", values)).to_list()
    assert plain_texts == ["ada@example.org", "ada@example.org", "4111 1111 1111 1111", "+33-6-12345678"]
    told = {"user.contact.email", "user.financial.credit_card", "user.contact.phone_number"}
    assert told <= set(fast(values))
