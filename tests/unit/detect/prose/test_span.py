"""Spans, and which of two that overlap stays."""

from __future__ import annotations

import random
import unicodedata
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from pii_scan.detect.prose import Prose, Span, fold, merged

NAME = "user.name"
SPANS = st.builds(
    lambda start, size, key, who, sure: Span(start, start + size, key, who, sure),
    st.integers(0, 40),
    st.integers(1, 12),
    st.sampled_from([NAME, "user.contact.address"]),
    st.sampled_from(["a", "b"]),
    st.sampled_from([0.5, 0.9]),
)
PROSE = Prose()


def test_the_longer_stays_then_the_surer():
    short, long = Span(4, 8, NAME, "a", 0.9), Span(2, 9, NAME, "b", 0.5)
    sure, unsure = Span(20, 24, NAME, "a", 0.9), Span(20, 24, NAME, "b", 0.5)
    assert merged([short, unsure, long, sure]) == [long, sure]
    assert merged([]) == []


def test_spans_that_touch_do_not_overlap():
    spans = [Span(0, 3, NAME, "a", 0.5), Span(3, 6, NAME, "a", 0.5)]
    assert merged(spans) == spans


@given(st.lists(SPANS, max_size=25), st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_the_order_does_not_matter_and_nothing_overlaps(spans: list[Span], rng: random.Random):
    kept = merged(spans)
    shuffled = list(spans)
    rng.shuffle(shuffled)
    assert merged(shuffled) == kept == sorted(kept, key=lambda s: s.start)
    assert all(a.end <= b.start for a, b in pairwise(kept))
    assert all(any(s.overlaps(k) for k in kept) for s in spans)


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_folding_keeps_places(text: str):
    folded = fold(text)
    assert len(folded.base) == len(folded.low)
    places = [folded.place(index) for index in range(len(folded.base))]
    assert places == sorted(set(places))
    for char, place in zip(folded.base, places, strict=True):
        if text[place].isascii():
            assert char == text[place]


@given(
    st.text(max_size=80), st.sampled_from(["my wife Zoé", "Mme Léa", "née le 3 mai 1980", "j'ai un cancer"])
)
@settings(max_examples=200, deadline=None)
def test_any_text_gives_spans_inside_it(noise: str, said: str):
    for text in (noise, f"{noise} {said} {noise}", unicodedata.normalize("NFD", f"{noise} {said}")):
        for span in PROSE.find(text, ""):
            assert 0 <= span.start < span.end <= len(text)
            assert 0 < span.confidence < 1
