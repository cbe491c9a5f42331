"""The coverage ledger: parts combine in any order, and nothing missed is ever called clean."""

from __future__ import annotations

from functools import reduce
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pii_scan.core.inventory import Coverage
from pii_scan.core.model import Dataset, Note, Shard, Store
from pii_scan.run.coverage import combine, of_listing, of_parts, of_shard
from pii_scan.run.reading import ShardResult

URN = "files://x/a.csv"
DATASET = Dataset(Store("files", "x"), ("a.csv",), "file")

parts = st.builds(
    Coverage,
    dataset=st.just(URN),
    state=st.sampled_from(["scanned", "sampled", "failed", "empty", "changed"]),
    rows=st.integers(0, 100),
    bytes=st.integers(0, 100),
    total=st.none() | st.integers(0, 1000),
    reason=st.sampled_from(["", "one", "two", "one; two"]),
)


def result(rows=1, notes=(), error=""):
    return ShardResult("x", Shard(DATASET), {}, rows, 10, tuple(notes), error)


@given(st.lists(parts, min_size=3, max_size=3))
def test_parts_combine_in_any_order(found):
    outcomes = {reduce(combine, order) for order in permutations(found)}
    assert len(outcomes) == 1


@given(st.lists(parts, min_size=1, max_size=5))
def test_one_missed_part_makes_the_whole_missed(found):
    whole = reduce(combine, found)
    assert whole.missed == any(part.missed for part in found)
    assert whole.rows == sum(part.rows for part in found)


@pytest.mark.parametrize(
    ("shard", "state", "missed"),
    [
        (result(), "scanned", False),
        (result(rows=0), "empty", False),
        (result(notes=[Note(sampled=True, total=50)]), "sampled", False),
        (result(notes=[Note(changed=True)]), "changed", True),
        (result(notes=[Note("3 lines are not JSON", lost=3)]), "failed", True),
        (result(notes=[Note(lost=2)]), "failed", True),
        (result(notes=[Note("the connection was lost")], error="gone"), "failed", True),
        (result(rows=0, error="permission denied"), "failed", True),
    ],
)
def test_a_shard_says_what_became_of_it(shard, state, missed):
    found = of_shard(URN, shard)
    assert (found.state, found.missed) == (state, missed)
    assert found.reason or not missed


def test_an_unfinished_dataset_is_failed_until_its_last_part():
    done = [Coverage(URN, "scanned", 10, 5)]
    assert of_parts(done, 3).state == "failed"
    assert "1 of 3" in of_parts(done, 3).reason
    assert of_parts(done * 3, 3).state == "scanned"


def test_a_skip_is_missed_unless_it_loses_nothing():
    skipped = of_listing(Dataset(DATASET.store, ("s",), "file", skip="a socket"))
    view = of_listing(
        Dataset(DATASET.store, ("v",), "view", skip="a view: its tables are read", planned=True)
    )
    assert skipped is not None
    assert skipped.missed
    assert view is not None
    assert not view.missed
    assert of_listing(DATASET) is None
