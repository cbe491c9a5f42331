"""Lines of logs, searched by their forms: as their cells would be, one by one."""

from __future__ import annotations

import re
from hashlib import sha256
from string import digits

import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pii_scan.core.lineage import Processor
from pii_scan.detect import lines, needs, prefilter, wishes
from pii_scan.detect.cells import MASK, Column
from pii_scan.detect.contacts import Contacts
from pii_scan.detect.rules import shipped
from pii_scan.detect.text import fold

from .test_prefilter import QUIET, RULES, SEEKERS, column, exact, sought, texts

NAMES = st.sets(st.sampled_from([rule.id for rule in RULES]), max_size=6).map(frozenset)


def formed(values: list[str]) -> Column:
    """A column of lines, short as it is."""
    one = column(values)
    one.templates = one.formed()
    return one


def masked(text: str) -> str:
    return text.encode().translate(MASK).decode()


def log(count: int) -> list[str]:
    """Lines of a few forms."""
    kinds = (
        "{n:06} sshd[{n}]: Failed password for root from 203.0.{a}.{b} port {n}",
        "{n:06} mail: to=<ada{n}@example.org> relay=smtp{a}.example.org status=sent",
        "{n:06} phone app: call +33 6 12 34 {a:02} {b:02} ended after {n} s, no error was seen",
        "{n:06} kernel: eth{a}: link up, 00:1a:2b:3c:4d:{b:02x}, nothing else to be told about it",
    )
    return [kinds[n % len(kinds)].format(n=n, a=n % 90, b=n % 250) for n in range(count)]


@QUIET
@given(texts(), NAMES)
@example(["1.2.3.4 5.6.7.8", "4111 1111 1111 1111", "a@b.co, +33 6 12 34 56 78"], frozenset())
@example(["call 0612345678", "ring 415-555-2671 now", "2001:db8::8a2e:370:7334"], frozenset({"ipv4"}))
def test_lines_are_searched_as_their_cells_would_be(values, named):
    wanted = exact(values, named)
    for seeker in SEEKERS:
        found = sought(seeker, formed(values), {0: named} if named else {})
        assert {key: hits.rows for key, hits in found.items()} == {
            key: len(rows) for key, rows in wanted.items() if not key.endswith("=")
        }
        assert {key: hits.whole for key, hits in found.items()} == {
            key: len(wanted.get(key + "=", ())) for key in found
        }


@QUIET
@given(texts(), st.integers(1, 4))
def test_repeated_lines_are_searched_once_by_their_forms(values, times):
    wanted = exact(values)
    one = column(values * times).condensed()
    one.templates = one.formed()
    found = sought(SEEKERS[1], one, {})
    assert len(one) == len(set(values))
    assert {key: (hits.rows, hits.whole) for key, hits in found.items()} == {
        key: (times * len(rows), times * len(wanted.get(key + "=", ())))
        for key, rows in wanted.items()
        if not key.endswith("=")
    }


@QUIET
@given(texts())
def test_the_form_of_a_text_has_what_the_text_has(values):
    one, lined = column(values), formed(values)
    assert lined.seen == one.seen
    for name in ("marks", "digits", "padded"):
        assert getattr(lined, name).tolist() == getattr(one, name).tolist()
    found = wishes.able(one, RULES, told=True)
    assert {rule: some.tolist() for rule, some in wishes.able(lined, RULES, told=True).items()} == {
        rule: some.tolist() for rule, some in found.items()
    }


@QUIET
@given(texts())
def test_the_widened_superset_finds_in_the_form_what_the_rule_finds_in_the_text(values):
    forms = pl.Series("t", [masked(fold(value)) for value in values])
    for rule in RULES:
        for regex in (prefilter.superset(rule), prefilter.ornamented(rule)):
            plain = pl.Series("t", [fold(value) for value in values]).str.contains(regex)
            widened = forms.str.contains(lines.widened(regex))
            assert not (plain & ~widened).any(), rule.id


def test_a_widened_regex_takes_all_digits_or_none():
    """Every character and class of it, as Python's own parser tells them."""
    import re._constants as op
    import re._parser as parser

    def walk(tree):
        for kind, value in tree:
            if kind in (op.IN, op.LITERAL, op.NOT_LITERAL):
                part = re.compile(_written(kind, value))
                yield sum(part.fullmatch(digit) is not None for digit in digits)
            elif kind is op.BRANCH:
                yield from (count for branch in value[1] for count in walk(branch))
            elif kind is op.SUBPATTERN:
                yield from walk(value[3])
            elif kind in (op.MAX_REPEAT, op.MIN_REPEAT):
                yield from walk(value[2])

    def _written(kind, value):
        if kind is op.IN:
            parts = {op.LITERAL: lambda v: re.escape(chr(v)), op.NEGATE: lambda _: "^"}
            ranged = {op.RANGE: lambda v: f"{re.escape(chr(v[0]))}-{re.escape(chr(v[1]))}"}
            classes = {op.CATEGORY: lambda v: CLASSES[str(v)]}
            return "[" + "".join((parts | ranged | classes)[k](v) for k, v in value) + "]"
        return ("[^%s]" if kind is op.NOT_LITERAL else "%s") % re.escape(chr(value))

    for rule in shipped():
        widened = lines.widened(prefilter.superset(rule))
        assert set(walk(parser.parse(widened))) <= {0, 10}, rule.id


CLASSES = {
    "CATEGORY_DIGIT": r"\d",
    "CATEGORY_NOT_DIGIT": r"\D",
    "CATEGORY_SPACE": r"\s",
    "CATEGORY_NOT_SPACE": r"\S",
    "CATEGORY_WORD": r"\w",
    "CATEGORY_NOT_WORD": r"\W",
}


@pytest.mark.parametrize(
    ("regex", "widened"),
    [
        ("[0-9]{3}x", "[0-9]{3}x"),
        ("[1-9][0-9]{2,4}", "(?:[1-9]|[0-9])[0-9]{2,4}"),
        ("00[^5]", "(?:0|[0-9])(?:0|[0-9])(?:[^5]|[0-9])"),
        (r"\x31\.[^0-9]", r"(?:\x31|[0-9])\.[^0-9]"),
        (r"(?P<n1>\d)[]1]", r"(?P<n1>\d)(?:[]1]|[0-9])"),
    ],
)
def test_digits_of_a_regex_are_widened(regex, widened):
    assert lines.widened(regex) == widened


def test_logs_have_few_forms_and_other_columns_have_none():
    many = column(log(4000))
    assert many.templates is not None
    assert len(many.templates.forms) < 100
    assert [masked(text) for text in many.series] == many.templates.forms.series.gather(
        many.templates.codes
    ).to_list()
    assert column(log(100)).templates is None
    assert column([sha256(b"%d" % n).hexdigest() for n in range(4000)]).templates is None


def test_parts_of_lines_keep_their_forms():
    many = column(log(4000))
    assert many.templates is not None
    some = np.arange(5, 4000, 7)
    few = many.only(some)
    both = few.with_inner(Column.of(0, ("c",), np.arange(2), pa.array(["a=1 ÿ", "Bob 22"]), inner=True))
    assert few.templates is not None
    assert both.templates is not None
    fresh = Column.of(0, ("c",), both.rows, both.array, inner=True)
    assert both.marks.tolist() == fresh.marks.tolist()
    assert both.digits.tolist() == fresh.digits.tolist()
    assert both.seen & needs.WIDE
    assert both.inner


def test_repeated_lines_keep_their_forms_however_they_are_coded():
    many = column(log(4000) * 2)
    assert many.templates is not None
    once = many.condensed()
    assert once.__dict__["templates"].forms is many.templates.forms
    for one in (once, once.only(np.arange(100, 300)), once.spread(), once.spread().condensed()):
        forms = one.templates
        assert forms is not None
        assert [masked(text) for text in one.series] == forms.forms.series.gather(forms.codes).to_list()
    assert once.spread().series.to_list() == log(4000) * 2
    assert len(once) == 4000


def test_recipients_are_found_in_lines_by_hosts_with_digits():
    values = [f"{n:04} GET https://s3.example-{n % 9}.test/{n} done in {n} milliseconds" for n in range(3000)]
    hosts = (Processor(id="seven", name="Seven", hosts=("example-7.test",)),)
    found = Contacts(hosts).count([column(values)])
    assert found == {0: {"seven": sum(n % 9 == 7 for n in range(3000))}}
