"""Tables under each other in one file, as meeting reports have them."""

from __future__ import annotations

from connectors.readers.tables import tables

MEETING = ["Meeting ID", "Topic", "Start", "Host", "Minutes"]
FIRST = ["24977088065", "Workshop", "2026-01-24", "events@horalune.example", "60"]
PEOPLE = ["Name", "User Email", "Join Time", "Leave Time", "Guest"]
PERSON = ["Ada Example", "ada@example.org", "2026-01-24", "2026-01-24", "Yes"]


def _headers(records: list[list[str]]) -> list[tuple[str, ...]]:
    return [item[1][0].names for item in tables(enumerate(records, 1)) if isinstance(item, tuple)]


def test_a_second_table_of_the_same_width_has_its_own_header() -> None:
    assert _headers([MEETING, FIRST, [], PEOPLE, PERSON, PERSON]) == [
        tuple(MEETING),
        tuple(PEOPLE),
        tuple(PEOPLE),
    ]


def test_a_blank_line_between_rows_starts_no_table() -> None:
    assert _headers([PEOPLE, PERSON, [], PERSON]) == [tuple(PEOPLE)] * 2


def test_words_below_words_are_rows() -> None:
    words = [["given", "city"], ["Ada", "Paris"], [], ["Bob", "Rome"]]
    assert _headers(words) == [("given", "city")] * 2


def test_a_row_with_a_hole_is_no_header() -> None:
    rows = [["given", "city", "age"], ["Ada", "Paris", "31"], [], ["Bob", "Rome", ""]]
    assert _headers(rows) == [("given", "city", "age")] * 2
