"""Windows over an integer key: every key once, gaps cut out, shards that cover everything."""

import bisect
import random

from hypothesis import given
from hypothesis import strategies as st

from connectors.sql.windows import Span, Windows, shard_bounds, tighten


def probe_of(keys):
    def probe(pieces):
        found = []
        for piece in pieces:
            inside = keys[bisect.bisect_left(keys, piece.low) : bisect.bisect_right(keys, piece.high)]
            found.append(Span(inside[0], inside[-1]) if inside else None)
        return found

    return probe


keys_strategy = st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=200, unique=True).map(sorted)


@given(keys_strategy)
def test_tightening_loses_no_key(keys):
    spans = tighten(Span(keys[0], keys[-1]), len(keys), probe_of(keys))
    assert all(sum(s.low <= key <= s.high for s in spans) == 1 for key in keys)


@given(st.lists(st.integers(0, 500), min_size=1, max_size=40, unique=True).map(sorted), st.integers(0, 5))
def test_every_key_is_in_one_window(keys, seed):
    spans = tuple(tighten(Span(keys[0], keys[-1]), len(keys), probe_of(keys)))
    windows = list(Windows(spans, len(keys)).draw(str(seed), 500))
    for key in keys:
        assert sum(r.low <= key <= r.high for window in windows for r in window) == 1


def test_a_far_outlier_does_not_empty_the_windows():
    keys = [*range(1, 10_001), 2**62]
    spans = tighten(Span(1, 2**62), len(keys), probe_of(keys))
    assert sum(span.width for span in spans) < 3 * len(keys)


@given(keys_strategy)
def test_shards_cover_every_key_once(keys):
    bounds = shard_bounds(Span(keys[0], keys[-1]))
    assert len(bounds) <= 16
    for key in [*keys, keys[0] - 10**6, keys[-1] + 10**6]:
        holding = [
            i
            for i, (start, stop) in enumerate(bounds)
            if (i == 0 or key >= start) and (stop is None or key < stop)
        ]
        assert len(holding) == 1


def test_bounds_of_shards_tell_only_the_size_of_the_keys():
    key = random.Random(1).randrange(10**12, 10**13)
    assert all(str(key) not in (str(start), str(stop)) for start, stop in shard_bounds(Span(1, key)))
    assert all(start % 2**30 == 0 for start, _ in shard_bounds(Span(1, key)))
