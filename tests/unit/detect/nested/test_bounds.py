"""Hostile and large cells: linear, bounded, never lost, never an exception."""

from __future__ import annotations

import base64
import json
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pii_scan.detect import nested

from .reading import BOUNDS, read

SIZE = 1 << 20
#: Measured at most 3 s on one busy core; what is quadratic takes minutes.
SECONDS = 20
PATTERNS = (
    "{", "[", '{"a":', "{a=", "User(a=", "User(a='", "{'a': '", "{'a': 'x\\'", "=", "&", "aa=b&", "ab=c ",
    'ab="', 'ab="\\" ', "[k] => ", "[k] => Array ( ", "[k", "{ ", "(" + " " * 99, "map[", "map[a:b ", "{A:b ",
    "#<User ", "#<User a: 1 ", "QUFB", "aaaa", "{'a': 'b'} ", "User(a=User(", "https://x/?aa=b&", "ab=c; ",
    "a[b]=c&", "<a>", "<a b='c'>", "{'a': ['b', ", '["a"]=>\n string(1) "b"\n', "' ", '"', "\\", "(b",
)  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("lead", ["", "User(a='"])
def test_a_megabyte_of_it_takes_time_by_its_length(pattern, lead):
    text = (lead + pattern * (SIZE // len(pattern) + 1))[:SIZE]
    started = time.process_time()
    read(text)
    assert time.process_time() - started < SECONDS


def test_a_cell_beyond_the_size_is_text():
    assert read("{'a': 'b'}", nested.Bounds(5, 16, 100, 50)) is None


def test_base64_in_base64_ends_at_the_depth():
    text = '{"email":"a@b.org"}'
    for _ in range(12):
        text = base64.b64encode(json.dumps({"k": text}).encode()).decode()
    found = read(text)
    assert found is not None
    ((path, leaf),) = found
    assert path.count("(base64)") < BOUNDS.depth
    assert len(leaf) > 30


def test_leaves_beyond_the_count_stay_as_text():
    bounds = nested.Bounds(1 << 20, 16, 10, 50)
    found = read(json.dumps([{"n": n, "email": f"p{n}@b.org"} for n in range(100)]), bounds)
    assert found is not None
    assert len(found) == 11
    assert found[-1][0] == ""
    said = "\n".join(leaf for _, leaf in found)
    assert all(f"p{n}@b.org" in said for n in range(100))


def test_levels_beyond_the_depth_stay_as_text():
    text: object = "a@b.org"
    for _ in range(40):
        text = {"k": text}
    found = read(json.dumps(text))
    assert found is not None
    assert "a@b.org" in found[0][1]


def test_an_object_of_many_keys_is_a_map_and_many_elements_are_none():
    assert read(json.dumps({f"k{n}": 1 for n in range(60)}))[:2] == [("[key]", "k0"), ("*", "1")]
    assert set(dict(read("<r>" + "<a>x</a>" * 60 + "</r>"))) == {"r/a"}


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from(" \n{}[]()<>=:&;,'\"\\#@?/-.aAb1é%+"), max_size=60))
@example("[a] => Array (")
@example("#<A a: ")
@example("{A:b")
@example("<r a='1'>")
@example("?a=%")
def test_any_text_is_read_without_an_exception(text):
    found = read(text)
    if found is None:
        return
    for path, leaf in found:
        assert leaf.strip()
        assert len(leaf) <= 4 * len(text) + 8
        leaf.encode()
        assert isinstance(path, str)
