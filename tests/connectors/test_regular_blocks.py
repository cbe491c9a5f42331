"""A delimited file read in blocks gives what it gives read record by record, however it is damaged."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.readers import delimited, regular, supply
from pii_scan.core.errors import SourceError
from pii_scan.core.model import LOCATOR, Batch, Note, Plan

from .scanning import make

FULL = Plan(mode="full")
HEADER = b"name,mail,note\n"
CELLS = st.text(st.sampled_from("ab1 é@'\"\n,;\\\t\r\u2028"), max_size=8)
WILD = st.binary(max_size=12)
ODD = st.sampled_from(
    (b"\n", b"\r\n", b"a,b\n", b"a,b,c,d\n", b",,\n", b'a,"b\n', b'a,b"c,d\n', b'"a"b,c,d\n',
     b'"a",b,"c"\r\n', b"caf\xe9,b,c\n", b"a,b\0,c\n", b"a\rb,c,d\n", b"\xef\xbb\xbfa,b,c\n", b" \n", HEADER,
     b'"a""",b,""\n', b"\xed\xa0\x80,b,c\n", b'"a\n\nb","",c\n', b"given,mail,town,age\n",
     b"x" * 70_000 + b",b,c\n")
)  # fmt: skip


def _row(cells: list[str]) -> bytes:
    sink = io.StringIO()
    csv.writer(sink, lineterminator="\n").writerow(cells)
    return sink.getvalue().encode()


ROWS = st.lists(CELLS, min_size=3, max_size=3).map(_row)
PLAIN = st.integers(1, 40).map(lambda count: b"Ada,ada@example.org,plain\n" * count)
FILES = st.lists(st.one_of(PLAIN, ROWS, ROWS, ODD, WILD), max_size=25).map(b"".join)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Borders everywhere."""
    monkeypatch.setattr(supply, "_FIRST", 40)
    monkeypatch.setattr(supply, "_SEGMENT", 150)
    monkeypatch.setattr(supply, "_SMALL", 30)
    monkeypatch.setattr(delimited, "_SINGLE", 3)


def _read(path: Path, plan: Plan) -> tuple[list[Any], int, list[Note], str]:
    """Rows with their places and names, characters, notes and error."""
    rows: list[Any] = []
    notes: list[Note] = []
    size, error = 0, ""
    store = make(path)
    (dataset,) = store.datasets()
    try:
        for shard in store.shards(dataset, plan):
            for item in store.read(shard):
                if isinstance(item, Note):
                    notes.append(item)
                else:
                    rows.extend(_rows(item))
                    size += item.bytes
    except SourceError as fault:
        error = str(fault)
    finally:
        store.close()
    return rows, size, notes, error


def _rows(batch: Batch) -> Iterator[Any]:
    names = [path[0] for path in batch.columns]
    for place, *cells in zip(
        batch.table.column(LOCATOR).to_pylist(),
        *(c.to_pylist() for c in batch.table.columns[:-1]),
        strict=True,
    ):
        yield place, {name: cell for name, cell in zip(names, cells, strict=True) if cell is not None}


def _both(path: Path, plan: Plan) -> tuple[Any, Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "_may_be_regular", lambda *_: False)
        careful = _read(path, plan)
    return _read(path, plan), careful


@pytest.mark.usefixtures("small")
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(parts=st.tuples(st.sampled_from((HEADER, b"")), FILES), plan=st.sampled_from((FULL, Plan(rows=7))))
def test_both_ways_give_the_same(tmp_path: Path, parts: tuple[bytes, bytes], plan: Plan) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(b"".join(parts))
    fast, careful = _both(path, plan)
    assert fast == careful


def test_a_large_file_with_a_little_damage_is_the_same_in_its_true_blocks(tmp_path: Path) -> None:
    rows = [f'{n},Ada {n},ada{n}@example.org,"said ""hi"", left\nat {n}"\n'.encode() for n in range(60_000)]
    rows[30_000] = b"torn,row\n"
    rows[40_000] = b"1,caf\xe9,x@example.org,latin\n"
    path = tmp_path / "people.csv"
    path.write_bytes(b"id,name,mail,note\n" + b"".join(rows))
    for plan in (FULL, Plan(rows=500)):
        fast, careful = _both(path, plan)
        assert fast == careful


def test_regular_rows_are_read_in_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(HEADER + b'Ada,ada@example.org,"plain, but quoted"\n' * 50_000)
    found: list[int] = []
    parse = regular.parse

    def counting(data: bytes, delimiter: str, number: int) -> regular.Block | None:
        block = parse(data, delimiter, number)
        found.append(len(block) if block else 0)
        return block

    monkeypatch.setattr(regular, "parse", counting)
    assert len(_read(path, FULL)[0]) == 50_000
    assert sum(found) > 45_000


@pytest.mark.parametrize(
    "data",
    [b"a,b\0\n", b"a\rb,c\n", b"a,b\n\nc,d\n", b'a"b,c\n', b'a,"b"c\n', b"a,b\nc\n", b"\xe9,b\n", b'a,"b\n',
     b"a,b", b"\xef\xbb\xbfa,b\n", b"x" * 70_000 + b",b\n"],
)  # fmt: skip
def test_what_leaves_a_doubt_is_no_block(data: bytes) -> None:
    assert regular.parse(data, ",", 1) is None


def test_a_block_ends_with_its_last_whole_row() -> None:
    block = regular.parse(b'a,b\n"c\nc","d ""d"""\r\ne,"f\n', ",", 7)
    assert block is not None
    assert list(block.records()) == [(7, ["a", "b"]), (8, ["c\nc", 'd "d"'])]
    assert (block.size, block.lines, block.characters) == (21, 3, 14)
