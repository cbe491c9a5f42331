"""The sketch: exact when small, close when large, and the same whatever the order."""

from __future__ import annotations

import random
import statistics

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pii_scan.core.keyed import Key
from pii_scan.core.sketch import K, Sketch

from .strategies import sketches

KEY = Key(bytes(range(32)))
HASHES = st.integers(0, (1 << 64) - 1)


def of_numbers(start: int, stop: int, key: Key = KEY) -> Sketch:
    return Sketch.of(key.number(str(number)) for number in range(start, stop))


@given(st.lists(HASHES, max_size=200))
def test_small_sets_are_counted_exactly(hashes):
    sketch = Sketch.of(hashes)
    assert sketch.exact
    assert sketch.distinct == len(set(hashes))


@given(sketches, sketches, sketches)
@settings(max_examples=50, deadline=None)
def test_merging_follows_the_laws(a, b, c):
    assert a.merge(b).merge(c) == a.merge(b.merge(c))
    assert a.merge(b) == b.merge(a)
    assert a.merge(a) == a
    assert a.merge(Sketch()) == a == Sketch().merge(a)


@pytest.mark.parametrize("parts", [2, 7])
def test_parts_merged_equal_the_whole(parts):
    step = 21_000 // parts
    pieces = [of_numbers(start, start + step + 300) for start in range(0, 21_000, step)]
    random.Random(1).shuffle(pieces)
    merged = Sketch()
    for piece in pieces:
        merged = merged.merge(piece)
    assert merged == of_numbers(0, 21_300)


@pytest.mark.parametrize("size", [2_000, 20_000])
def test_the_error_is_what_theory_says(size):
    """Relative standard error 1/sqrt(k-2), 3.1%: over 30 keys, at most half as much again."""
    errors = []
    for seed in range(30):
        key = KEY.derive(str(seed))
        errors.append(of_numbers(0, size, key).distinct / size - 1)
    theory = (K - 2) ** -0.5
    assert statistics.pstdev(errors) < 1.5 * theory
    assert abs(statistics.fmean(errors)) < 4 * theory / 30**0.5


def test_a_full_sketch_holds_k_hashes_and_is_no_longer_exact():
    sketch = of_numbers(0, K)
    assert len(sketch.hashes) == K
    assert not sketch.exact
    assert of_numbers(0, K - 1).exact
