"""The figures beside a verdict: Wilson's interval and what a sample may have missed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pii_scan.core.detection import unseen_bound, wilson


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    [
        # Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_agrees_with_published_intervals(hits, total, low, high):
    assert wilson(hits, total) == pytest.approx((low, high), abs=2e-4)


@given(st.integers(1, 10**7).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_the_interval_holds_the_share(pair):
    hits, total = pair
    low, high = wilson(hits, total)
    assert 0 <= low <= hits / total + 1e-12
    assert hits / total - 1e-12 <= high <= 1


def test_without_data_nothing_is_known():
    assert wilson(0, 0) == (0.0, 1.0)
    assert unseen_bound(0) == 1.0


@given(st.integers(1, 10**7))
def test_the_bound_is_where_a_clean_sample_becomes_unlikely(sampled):
    bound = unseen_bound(sampled)
    assert (1 - bound) ** sampled == pytest.approx(0.05, rel=1e-3)


def test_the_rule_of_three():
    assert unseen_bound(10_000) == pytest.approx(3 / 10_000, rel=0.01)
