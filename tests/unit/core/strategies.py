"""Well-formed values of the core for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

from pii_scan.core.profile import PLACES, Hits, Profile
from pii_scan.core.sketch import Sketch

#: Names as sources have them: any text without lone surrogates, dots and slashes included.
names = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=12)
paths = st.lists(names, min_size=1, max_size=4).map(tuple)
counts = st.integers(0, 50)


def counters(*keys: str) -> st.SearchStrategy[dict[str, int]]:
    return st.dictionaries(st.sampled_from(keys), st.integers(1, 50))


hits = st.builds(
    Hits,
    rows=counts,
    whole=counts,
    detector=st.sets(st.sampled_from("abc"), max_size=3).map(lambda found: "+".join(sorted(found))),
    places=st.sets(st.integers(0, 40), max_size=PLACES).map(lambda found: tuple(sorted(found))),
)
#: Few bits, so that sketches overlap; many hashes, so that some of them are full.
sketches = st.builds(
    lambda start, size, step: Sketch.of(range(start, start + size * step, step)),
    st.integers(0, 3000),
    st.sampled_from([0, 1, 7, 900, 1023, 1024, 1500]),
    st.sampled_from([1, 2, 3]),
)
profiles = st.builds(
    Profile,
    rows=counts,
    nulls=counts,
    characters=counts,
    longest=counts,
    hits=st.dictionaries(st.sampled_from(["user.name", "user.contact", "user.financial"]), hits),
    contacts=counters("stripe", "twilio"),
    shapes=counters("digits", "word", "text"),
    times=counters("2024-01-31", "2025-02", "2026-03-01"),
    sketch=sketches,
)
