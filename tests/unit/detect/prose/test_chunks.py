"""Long texts are cut where they may be, and nothing of them is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pii_scan.detect.prose import chunks

TEXTS = st.text(alphabet="ab .,\n!éß\u3000", max_size=400)


@given(TEXTS, st.integers(5, 60))
def test_the_pieces_are_the_text(text: str, longest: int) -> None:
    pieces = list(chunks.pieces(text, longest))
    assert "".join(piece for _, piece in pieces) == text
    assert all(text[offset : offset + len(piece)] == piece for offset, piece in pieces)
    assert all(len(piece) <= longest for _, piece in pieces)


def test_a_short_text_is_one_piece() -> None:
    assert list(chunks.pieces("Call Ines.")) == [(0, "Call Ines.")]


def test_a_paragraph_ends_a_piece_before_a_line_a_sentence_or_a_word_does() -> None:
    text = "one two three.\n\nfour five. six\nseven eight nine ten"
    assert next(chunks.pieces(text, 30))[1] == "one two three.\n\n"
    assert next(chunks.pieces("aaa bbb. ccc ddd eee", 14))[1] == "aaa bbb. "
    assert next(chunks.pieces("aaa bbb ccc ddd", 10))[1] == "aaa bbb "


def test_a_text_without_a_break_is_cut_at_the_bound() -> None:
    assert [len(piece) for _, piece in chunks.pieces("x" * 25, 10)] == [10, 10, 5]


def test_two_hundred_kilobytes_never_go_to_a_model_in_one_piece() -> None:
    text = "The patient came at nine and left at ten. " * 5_000
    assert max(len(piece) for _, piece in chunks.pieces(text)) <= chunks.LONGEST
