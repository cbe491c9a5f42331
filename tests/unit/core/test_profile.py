"""The laws of merging: what lets one process, many and a cluster give the same inventory."""

from __future__ import annotations

import json
from functools import reduce

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pii_scan.core.profile import EMPTY, PLACES, Hits, Profile
from pii_scan.core.sketch import Sketch

from .strategies import profiles


@given(profiles, profiles, profiles)
@settings(max_examples=60, deadline=None)
def test_merging_is_associative(a, b, c):
    assert a.merge(b).merge(c) == a.merge(b.merge(c))


@given(profiles, profiles)
@settings(max_examples=60, deadline=None)
def test_merging_is_commutative(a, b):
    assert a.merge(b) == b.merge(a)


@given(profiles)
@settings(max_examples=60, deadline=None)
def test_the_empty_profile_is_the_unit(profile):
    assert EMPTY.merge(profile) == profile == profile.merge(EMPTY)


@given(st.lists(profiles, min_size=2, max_size=5), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_any_order_gives_the_same_bytes(parts, random):
    shuffled = list(parts)
    random.shuffle(shuffled)
    first, second = (reduce(Profile.merge, order, EMPTY) for order in (parts, shuffled))
    assert json.dumps(first.to_json()) == json.dumps(second.to_json())


@given(profiles)
@settings(max_examples=60, deadline=None)
def test_json_round_trip(profile):
    assert Profile.from_json(json.loads(json.dumps(profile.to_json()))) == profile


def test_merging_adds_counts_and_keeps_the_longest():
    left = Profile(rows=5, nulls=1, characters=40, longest=12, times={"2024-01-01": 2})
    right = Profile(rows=3, nulls=3, characters=0, longest=0, times={"2023-05": 1, "2024-01-01": 1})
    merged = left.merge(right)
    assert (merged.rows, merged.nulls, merged.values) == (8, 4, 4)
    assert (merged.characters, merged.longest) == (40, 12)
    assert (merged.oldest, merged.newest) == ("2023-05", "2024-01-01")


def test_a_profile_without_times_has_no_age():
    assert (EMPTY.oldest, EMPTY.newest) == (None, None)


def test_hits_keep_the_smallest_places_and_both_detectors():
    merged = Hits(4, 1, "regex", (9, 11, 12, 13)).merge(Hits(3, 2, "model", (1, 2, 9)))
    assert merged == Hits(7, 3, "model+regex", (1, 2, 9, 11, 12))
    assert len(merged.places) == PLACES


@pytest.mark.parametrize("name", ["rows", "hits", "sketch"])
def test_a_profile_does_not_change(name):
    with pytest.raises(AttributeError):
        setattr(EMPTY, name, 1)


def test_no_field_of_a_profile_holds_text_of_a_value():
    kinds = {type(value) for value in EMPTY.to_json().values()}
    assert kinds <= {int, dict, list}
    assert Sketch.of([3, 1, 2]).hashes == (1, 2, 3)
