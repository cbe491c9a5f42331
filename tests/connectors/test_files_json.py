"""JSON documents, JSON lines and plain text."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from pathlib import Path

import pytest

from connectors.readers.jsontext import JsonText
from connectors.readers.selection import Sample
from pii_scan.core.model import Note, Plan

from .scanning import FULL, make, read, scan_one


def _scan(tmp_path: Path, text: str | bytes, name: str = "a.json", plan: Plan = FULL):
    (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return scan_one(tmp_path / name, plan=plan)


def _records(result) -> list[object]:
    assert all(set(row) == {()} for row in result.rows)
    return [json.loads(cell) for cell in result.cells]


@pytest.mark.parametrize(
    ("text", "records"),
    [
        ('[{"a": 1}, {"a": {"b": [2]}}]', [{"a": 1}, {"a": {"b": [2]}}]),
        ('{"Records": [{"a": 1}, {"a": 2}]}', [{"a": 1}, {"a": 2}]),
        ('{"n": 2, "users": [{"a": 1}], "next": null}', [{"a": 1}, {"n": 2, "next": None}]),
        ('{"email": "a@example.org", "tags": ["x"]}', [{"email": "a@example.org", "tags": ["x"]}]),
        ('{"a": {"x": 1}, "list": [{"b": 1}]}', [{"a": {"x": 1}, "list": [{"b": 1}]}]),
        ('{"a": 1}\n{"a": 2}', [{"a": 1}, {"a": 2}]),
        ('{"a": 1} {"a": 2}', [{"a": 1}, {"a": 2}]),
        ("[]", []),
        ('[1, "x", null]', [1, "x", None]),
        ('\ufeff[{"a": "é"}]', [{"a": "é"}]),
        ("[" + "9" * 5000 + "]", None),
    ],
)
def test_shapes_of_documents(tmp_path: Path, text: str, records: list[object] | None) -> None:
    result = _scan(tmp_path, text)
    assert result.notes == []
    if records is None:
        assert result.cells == [text[1:-1]]
    else:
        assert _records(result) == records


def test_numbers_and_duplicate_keys_stay_as_written(tmp_path: Path) -> None:
    assert _scan(tmp_path, '[{"id": 12345678901234567890, "x": 1.50, "x": 2}]').cells == [
        '{"id": 12345678901234567890, "x": 1.50, "x": 2}'
    ]


def test_a_document_that_breaks_off(tmp_path: Path) -> None:
    result = _scan(tmp_path, '[\n{"a": 1},\n{"a": canary@example.org},\n{"a": 3}]')
    assert result.lost == 1
    assert "line 3" in result.notes[0].reason
    assert "canary" not in result.notes[0].reason
    assert "canary@example.org" in "".join(result.cells)
    assert all(json.loads(cell) for cell in result.cells)


def test_broken_lines_are_told_and_still_looked_at(tmp_path: Path) -> None:
    lines = [json.dumps({"n": n}) for n in range(1, 31)]
    lines[16] = '{"email": "canary@example.org"'
    lines[20] = "plain words"
    lines[21] = ""
    result = _scan(tmp_path, gzip.compress("\n".join(lines).encode()), "a.jsonl.gz")
    assert result.notes == [Note("2 lines are not JSON (first: line 17)", lost=2)]
    assert json.loads(result.cells[16]) == '{"email": "canary@example.org"'
    assert len(result.rows) == 29
    assert result.places[-1] == 30


def test_deep_nesting_does_not_end_the_process(tmp_path: Path) -> None:
    assert _scan(tmp_path, "[" * 100_000).lost == 1
    assert _scan(tmp_path, '{"a":' * 100_000, "b.jsonl").lost == 1


def test_a_huge_array_is_streamed(tmp_path: Path) -> None:
    record = json.dumps({"email": "p@example.org", "text": "x" * 1_000})
    path = tmp_path / "a.json"
    with path.open("w") as file:
        file.write("[")
        for _ in range(40_000):
            file.write(record + ",")
        file.write(record + "]")
    connector = make(path)
    (dataset,) = connector.datasets()
    (shard,) = connector.shards(dataset, FULL)
    tracemalloc.start()
    rows = sum(item.table.num_rows for item in connector.read(shard))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert rows == 40_001
    assert peak < 60 << 20


def test_a_huge_object_is_taken_apart() -> None:
    """An object larger than a record may be gives its lists' elements, then its other members."""
    big = {"Records": [{"n": n, "t": "x" * 1_000} for n in range(12_000)], "next": "token", "o": {"k": 1}}
    text = json.dumps(big)
    chunks = [text[i : i + 65_536] for i in range(0, len(text), 65_536)]
    records = [json.loads(record) for record in JsonText(chunks).records()]
    assert records[:12_000] == big["Records"]
    assert records[12_000:] == [{"next": "token", "o": {"k": 1}}]


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_values_cut_by_chunks_are_whole(size: int) -> None:
    value = [{'a\\"': "é\\u00e9 \\", "n": -12.5e3, "t": True}, [None, 123456], "x", 12]
    text = json.dumps(value, ensure_ascii=False)
    chunks = [text[i : i + size] for i in range(0, len(text), size)]
    assert [json.loads(r) for r in JsonText(chunks).records()] == value


def test_bytes_that_are_no_utf8(tmp_path: Path) -> None:
    assert _records(_scan(tmp_path, '[{"a": "Zoé"}]'.encode("cp1252"))) == [{"a": "Zoé"}]
    assert _records(_scan(tmp_path, '[{"a": "Zoé"}]'.encode("utf-16"))) == [{"a": "Zoé"}]


def test_json_sample(tmp_path: Path) -> None:
    text = json.dumps([{"n": n} for n in range(3_000)])
    result = _scan(tmp_path, text, plan=Plan(rows=100))
    assert len(result.rows) == 100
    assert result.notes == [Note(sampled=True, total=3_000)]


def test_a_stream_too_large_for_its_sample_says_so(tmp_path: Path) -> None:
    lines = "".join(json.dumps({"n": n, "t": "x" * 100}) + "\n" for n in range(30_000))
    result = _scan(tmp_path, gzip.compress(lines.encode()), "a.jsonl.gz", Plan(rows=100, bytes=256 << 10))
    assert len(result.rows) == 100
    assert [note.sampled for note in result.notes] == [True]
    assert "first 1 MiB" in result.notes[0].reason


def test_text_lines(tmp_path: Path) -> None:
    result = _scan(tmp_path, "one\r\n\r\nZoé\n", "a.txt")
    assert result.column("text") == ["one", "Zoé"]
    assert result.places == [1, 3]


def test_values_on_the_border_of_windows_are_seen(tmp_path: Path) -> None:
    for shift in range(0, 40, 7):
        text = "x" * (65_536 - 20 + shift) + " canary@example.org " + "y" * 70_000
        result = _scan(tmp_path, text, "a.txt")
        assert any(" canary@example.org " in cell for cell in result.cells)
        assert max(map(len, result.cells)) <= 65_540


def test_shards_of_a_large_file_hold_every_line_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.file_store.SHARD_BYTES", 10_000)
    lines = [f"line {n} {'é' * (n % 50)}" for n in range(5_000)]
    (tmp_path / "a.txt").write_text("\n".join(lines))
    connector = make(tmp_path / "a.txt")
    (dataset,) = connector.datasets()
    shards = connector.shards(dataset, FULL)
    assert len(shards) > 5
    assert len(connector.shards(dataset, Plan())) == 1
    result = read(connector, dataset)
    assert result.column("text") == lines
    assert result.places == list(range(1, 5_001))
    late = [item for shard in shards[-2:] for item in make(tmp_path / "a.txt").read(shard)]
    assert late[-1].table.column(1).to_pylist()[-1] == 5_000


def test_any_place_of_a_border_between_shards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.file_store.SHARD_BYTES", 3)
    for text in ("a\nbb\n\nccc\nd\n", "aaaa\nb", "a\nb\nc\nd\ne\nf\n", "\n\n\nx\n\n", "\ufeffa\nbb\nccc\n"):
        (tmp_path / "a.txt").write_text(text)
        result = scan_one(tmp_path / "a.txt")
        expected = [(n, line) for n, line in enumerate(text.lstrip("\ufeff").split("\n"), 1) if line.strip()]
        assert list(zip(result.places, result.column("text"), strict=True)) == expected


def test_every_row_is_as_likely_as_any_other() -> None:
    counts = [0] * 50
    for seed in range(400):
        sample: Sample[str] = Sample(Plan(rows=10, seed=seed), len)
        for ordinal, _ in sample.pick((n, "x") for n in range(50)):
            counts[ordinal] += 1
    assert sum(counts) == 4_000
    # Chi-square over 50 rows, each drawn 400 times with the chance 1/5: beyond 85.35 once in a thousand
    # (NIST/SEMATECH e-Handbook, 1.3.6.7.4; the factors are those of drawing without replacement).
    assert sum((count - 80) ** 2 for count in counts) / (80 * 0.8) * 49 / 50 < 85.35
