"""Cells as text: what is equal in meaning is equal to the byte."""

import pyarrow as pa
import pytest

from connectors.sql.text import CAP, column, cut, decode, decode_blob


def one(value, kind):
    return column([value], kind, decode)[0].as_py()


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        ("12.50", "number", "12.5"),
        ("12.00", "number", "12"),
        ("12.", "number", "12"),
        ("-0.00", "number", "0"),
        ("100", "number", "100"),
        ("1e+17", "number", "100000000000000000"),
        ("1.5e-3", "number", "0.0015"),
        ("NaN", "number", "NaN"),
        ("4111111111111111", "number", "4111111111111111"),
        (12.5, "number", "12.5"),
        (1e17, "number", "100000000000000000"),
        ("1", "boolean", "true"),
        ("0", "boolean", "false"),
        (True, "boolean", "true"),
        (0, "boolean", "false"),
        ("2", "boolean", "2"),
        ("2024-01-02T03:04:05.1200Z", "timestamp", "2024-01-02 03:04:05.12"),
        ("2024-01-02 03:04:05.000000", "timestamp", "2024-01-02 03:04:05"),
        ("2024-01-02 03:04:05+00", "timestamp", "2024-01-02 03:04:05"),
        ("2024-01-02 03:04:05+02", "timestamp", "2024-01-02 03:04:05+02"),
        ("infinity", "timestamp", "infinity"),
        ("03:04:05.500", "time", "03:04:05.5"),
        ('{"b": 1.0, "a": [2, "é"]}', "json", '{"a":[2,"é"],"b":1}'),
        ('{"v": "a", "v": {"x": 1, "x": 2}}', "json", '{"v":"a","v (2)":{"x":1,"x (2)":2}}'),
        ("{broken", "json", "{broken"),
        ("[" * 100_000, "json", "[" * 100_000),
        ("0012.50", "string", "0012.50"),
        (b"caf\xc3\xa9", "string", "café"),
        (b"caf\xe9", "string", "café"),
        (b"caf\xc3\xa9", "binary", "café"),
        (b"\x89PNG\xff", "binary", None),
        (b"a\x00b", "binary", None),
        ("a\x00b", "string", "a\x00b"),
        ("lone \ud800", "string", "lone ?"),
        (None, "number", None),
    ],
)
def test_a_cell_is_written_in_one_way(value, kind, text):
    assert one(value, kind) == text


def test_a_long_cell_is_cut_and_counted():
    texts, longer = cut(pa.array(["x" * (CAP + 1), "é" * CAP, None]))
    assert longer == 1
    assert [t if t is None else len(t) for t in texts.to_pylist()] == [CAP, CAP, None]


def test_a_blob_that_is_cut_within_a_character_is_still_text():
    assert decode_blob(("a" + "é" * CAP).encode()[:CAP]) == "a" + "é" * ((CAP - 1) // 2)
