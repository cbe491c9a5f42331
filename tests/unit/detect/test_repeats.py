"""A column whose texts repeat has the profile that it has when every cell is looked at."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pii_scan.core.profile import Hits, Profile
from pii_scan.detect import repeats
from pii_scan.detect.cells import Column
from pii_scan.detect.hits import CHECKED, UNSEEN
from pii_scan.detect.rulecheck import example as filled
from pii_scan.detect.rules import shipped

from .batches import batch, dataset, engine

EXAMPLES = [filled(text) for rule in shipped() for text in (*rule.match, *rule.reject)]
OTHERS = [
    "Ada Lovelace", "Zoë", " Lyon ", "2024-05-01 10:00:00", "2024-05-02", "1700000000", "", "  ", "\u2003",
    "see https://api.stripe.com/v1", "Ada@Example.org", "ada@example.org ", '{"mail": "a@b.org"}',
    "a=1&b=c@d.org", "call +33 6 12 34 56 78", "ａｄａ＠ｅｘａｍｐｌｅ．ｏｒｇ",
]  # fmt: skip
NAMES = ("email", "phone", "x", "birth_date", "created_at")
ENGINE = engine()


def profiles(values: list[str | None], *, condensed: bool) -> Mapping[tuple[str, ...], Profile]:
    """How many values a limited check was given depends on the way, and is left out."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(repeats, "many", lambda array: condensed)
        found = ENGINE.profile(batch(dataset("t", *NAMES), dict.fromkeys(NAMES, values)))
    return {path: replace(one, hits=_counted(one.hits)) for path, one in found.items()}


def _counted(hits: Mapping[str, Hits]) -> dict[str, Hits]:
    return {key: hit for key, hit in hits.items() if key[0] not in (UNSEEN, CHECKED)}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.sampled_from([*EXAMPLES, *OTHERS, None]) | st.text(max_size=12), min_size=1, max_size=12),
    st.integers(1, 20),
    st.randoms(use_true_random=False),
)
def test_a_condensed_column_has_the_same_profile(texts, times, rng):
    values = texts * times
    rng.shuffle(values)
    assert profiles(values, condensed=True) == profiles(values, condensed=False)


def test_many_rows_have_the_same_profile():
    rng = random.Random(5)
    texts = [*EXAMPLES, *OTHERS, *(f"user{n}@example.org" for n in range(300))]
    values = [rng.choice(texts) for _ in range(6_000)]
    assert repeats.many(pa.array(values))
    assert profiles(values, condensed=True) == profiles(values, condensed=False)


@pytest.mark.parametrize(("texts", "told"), [(10, True), (1_000, True), (10_000, False), (20_000, False)])
def test_repeats_are_told_by_a_sample(texts, told):
    rng = random.Random(7)
    values = pa.array([f"text {rng.randrange(texts)}" for _ in range(20_000)])
    assert repeats.many(values) is told


def test_a_condensed_column_keeps_its_rows():
    column = Column(0, ("c",), np.array([3, 5, 7, 9]), pa.array(["a", "b", "a", "c"])).condensed()
    assert column.array.to_pylist() == ["a", "b", "c"]
    assert column.counts.tolist() == [2, 1, 1]
    assert column.rows_of(np.array([0])).tolist() == [3, 7]
    some = column.only(np.array([2, 0]))
    assert (some.array.to_pylist(), some.rows.tolist()) == (["c", "a"], [3, 7, 9])
    assert some.spread().array.to_pylist() == ["a", "a", "c"]
    assert some.spread().rows.tolist() == [3, 7, 9]
