"""Keyed hashes of columns: the same wherever the text stands, and nothing without the key."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from pii_scan.core.keyed import Key
from pii_scan.core.sketch import K, Sketch
from pii_scan.detect.cells import Column
from pii_scan.detect.fingerprint import Fingerprints, siphash

PRINTS = Fingerprints(Key(bytes(range(32))))
TEXTS = st.lists(st.text(min_size=1, max_size=40).filter(str.strip), min_size=1, max_size=30)


def column(values: list[str]) -> Column:
    return Column.of(0, ("c",), np.arange(len(values)), pa.array(values, pa.string()))


def prints(values: list[str]) -> list[int]:
    return PRINTS.mixed(column(values)).tolist()


def test_siphash_gives_the_published_vector():
    """The ninth of the vectors of SipHash-2-4 (key 00..0f, message 00..07)."""
    first, second = (np.uint64(int.from_bytes(bytes(range(n, n + 8)), "little")) for n in (0, 8))
    message = np.array([int.from_bytes(bytes(range(8)), "little")], np.uint64)
    with np.errstate(over="ignore"):
        assert int(siphash(message, first, second)[0]) == 0x93F5F5799A932462


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_a_text_has_one_hash_wherever_it_stands(values):
    assert prints(values) == [prints([value])[0] for value in values]


@settings(max_examples=60, deadline=None)
@given(TEXTS, st.sampled_from(["", " ", "\t"]))
def test_case_and_space_around_do_not_matter(values, space):
    ascii_values = [value for value in values if value.isascii() and value.isprintable()] or ["Ada"]
    raised = [f"{space}{value.strip().upper()}{space}" for value in ascii_values]
    assert prints(ascii_values) == prints(raised)


def test_different_texts_have_different_hashes():
    values = [f"{n}{'x' * (n % 300)}" for n in range(20_000)]
    assert len(set(prints(values))) == len(values)


def test_long_texts_differ_by_their_ends_and_length():
    base = "a" * 1000
    assert len({*prints([base, base + "a", "b" + base[1:], base[:-1] + "b"])}) == 4


def test_another_key_gives_other_hashes():
    other = Fingerprints(Key(bytes(32))).mixed(column(["ada@example.org"])).tolist()
    assert other != prints(["ada@example.org"])


def test_a_sketch_does_not_depend_on_how_the_column_is_cut():
    values = [f"user{n % 30_000}@example.org" for n in range(40_000)]
    whole = PRINTS.sketch(PRINTS.mixed(column(values)))
    merged = Sketch()
    for start in range(0, len(values), 7_000):
        merged = merged.merge(PRINTS.sketch(PRINTS.mixed(column(values[start : start + 7_000]))))
    assert merged == whole
    assert len(whole.hashes) == K
    assert abs(whole.distinct - 30_000) < 3_000
