"""ORC, Arrow, Avro and PDF: the same rows as Parquet gives, pages as rows, and what damage does to them."""

from __future__ import annotations

import datetime
import io
import random
from pathlib import Path
from typing import Any

import fastavro
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.orc as orc
import pyarrow.parquet as pq
import pytest
from pypdf import PdfReader, PdfWriter

from pii_scan.core.model import Plan

from .scanning import FULL, Result, scan, scan_one

FORMS = ("parquet", "orc", "arrow", "avro")


def table(rows: int) -> pa.Table:
    return pa.table({
        "id": list(range(rows)),
        "email": [f"ann{n}@example.org" if n % 7 else None for n in range(rows)],
        "note": ["Zoé, \"quoted\"\nsecond line", *("" for _ in range(rows - 1))],
        "tags": [[f"a{n}", "b"] for n in range(rows)],
        "born": [datetime.date(1980, 1, 1 + n % 28) for n in range(rows)],
    })  # fmt: skip


SCHEMA: dict[str, Any] = {
    "type": "record",
    "name": "person",
    "fields": [
        {"name": "id", "type": "long"},
        {"name": "email", "type": ["null", "string"]},
        {"name": "note", "type": "string"},
        {"name": "tags", "type": {"type": "array", "items": "string"}},
        {"name": "born", "type": {"type": "int", "logicalType": "date"}},
    ],
}


def write(path: Path, form: str, data: pa.Table, part: int = 1_000) -> Path:
    """The table in a form, in parts of so many rows."""
    path = path / f"people.{form}"
    if form == "parquet":
        pq.write_table(data, path, row_group_size=part)
    elif form == "orc":
        orc.write_table(data, path, stripe_size=1 << 14)
    elif form == "arrow":
        feather.write_feather(data, str(path), compression="lz4", chunksize=part)
    else:
        with path.open("wb") as file:
            fastavro.writer(file, SCHEMA, data.to_pylist(), codec="deflate", sync_interval=20 * part)
    return path


def cells(result: Result, *columns: str) -> list[list[str | None]]:
    return [[row.get((column,)) for column in columns] for row in result.rows]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["people", "no-name-at-all"])
def test_every_form_gives_the_same_rows(tmp_path: Path, form: str, name: str) -> None:
    data = table(3_000)
    path = write(tmp_path, form, data)
    path = path.rename(tmp_path / (path.name if name == "people" else name))
    result = scan_one(path, plan=FULL)
    assert cells(result, "id", "email", "note", "tags", "born") == [
        [str(r["id"]), r["email"], r["note"], f'["a{r["id"]}", "b"]', str(r["born"])]
        for r in data.to_pylist()
    ]
    assert result.places == list(range(1, 3_001))
    assert result.notes == []


@pytest.mark.parametrize("form", FORMS)
def test_a_sample_is_spread_bounded_and_repeatable(tmp_path: Path, form: str) -> None:
    path = write(tmp_path, form, table(20_000), part=2_000)
    plan = Plan(rows=500, seed=3)
    result = scan_one(path, plan=plan)
    assert len(result.rows) == 500
    assert result.places == sorted(set(result.places))
    assert max(result.places) > 15_000 > 5_000 > min(result.places)
    assert [note.sampled for note in result.notes] == [True]
    assert result.notes[0].total == 20_000
    assert scan_one(path, plan=plan).rows == result.rows
    assert scan_one(path, plan=Plan(rows=500, seed=4)).rows != result.rows


@pytest.mark.parametrize("form", FORMS)
def test_a_damaged_file_says_so_without_a_value(tmp_path: Path, form: str) -> None:
    path = write(tmp_path, form, table(5_000))
    data = path.read_bytes()
    for broken in (data[: len(data) // 2], data[:40], data[:200] + bytes(200) + data[400:]):
        path.write_bytes(broken)
        result = scan_one(path, plan=FULL)
        assert result.error or result.rows, "neither an error nor a row"
        assert "example.org" not in result.error
    path.write_bytes(data[:40])
    assert "file can't be read" in scan_one(path, plan=FULL).error


def test_avro_of_other_things_than_records_and_nested_ones(tmp_path: Path) -> None:
    with (tmp_path / "plain.avro").open("wb") as file:
        fastavro.writer(file, {"type": "string"}, ["ann@example.org", "bo@example.org"])
    result = scan_one(tmp_path / "plain.avro", plan=FULL)
    assert cells(result, "value") == [["ann@example.org"], ["bo@example.org"]]
    who = {"type": "record", "name": "w", "fields": [{"name": "mail", "type": "bytes"}]}
    fields = [{"name": "who", "type": who}, {"name": "ok", "type": "boolean"}]
    nested = {"type": "record", "name": "r", "fields": fields}
    with (tmp_path / "nested.avro").open("wb") as file:
        fastavro.writer(file, nested, [{"who": {"mail": b"ann@example.org"}, "ok": True}])
    result = scan_one(tmp_path / "nested.avro", plan=FULL)
    assert cells(result, "who", "ok") == [['{"mail": "ann@example.org"}', "true"]]


def page(text: str) -> bytes:
    return f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode()


def pdf(*pages: bytes) -> bytes:
    """A document with a content stream a page, and one font that every reader has."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for n, stream in enumerate(pages):
        head = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * n} 0 R"
        objects.append(head.encode() + b" /Resources << /Font << /F1 3 0 R >> >> >>")
        objects.append(f"<< /Length {len(stream)} >>\nstream\n".encode() + stream + b"\nendstream")
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(f"{number} 0 obj\n".encode() + body + b"\nendobj\n")
    start = out.tell()
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    out.write(b"".join(f"{place:010} 00000 n \n".encode() for place in places))
    out.write(f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode())
    return out.getvalue()


def test_a_document_is_read_page_by_page(tmp_path: Path) -> None:
    (tmp_path / "letter.pdf").write_bytes(pdf(page("Dear Ann Holm,"), page("write to ann@example.org")))
    result = scan_one(tmp_path / "letter.pdf", plan=FULL)
    assert [str(text).strip() for text in result.column("text")] == [
        "Dear Ann Holm,",
        "write to ann@example.org",
    ]
    assert result.places == [1, 2]
    assert result.notes == []


def test_pages_without_text_are_named(tmp_path: Path) -> None:
    (tmp_path / "scan.pdf").write_bytes(pdf(page("Dear Ann Holm,"), b"0 0 100 100 re f", b"0 0 9 9 re f"))
    result = scan_one(tmp_path / "scan.pdf", plan=FULL)
    assert len(result.rows) == 1
    assert [(note.lost, note.reason) for note in result.notes] == [
        (2, "no text on 2 of 3 pages: pictures are not read")
    ]


def test_a_sample_of_pages(tmp_path: Path) -> None:
    (tmp_path / "long.pdf").write_bytes(pdf(*(page(f"page {n}") for n in range(40))))
    result = scan_one(tmp_path / "long.pdf", plan=Plan(rows=10))
    assert len(result.rows) == 10
    assert [note.sampled for note in result.notes] == [True]


def test_an_encrypted_document_and_a_damaged_one(tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(page("ann@example.org")))))
    writer.encrypt("secret", algorithm="RC4-128")
    with (tmp_path / "locked.pdf").open("wb") as file:
        writer.write(file)
    assert scan_one(tmp_path / "locked.pdf", plan=FULL).error.startswith("the PDF document is encrypted")
    (tmp_path / "cut.pdf").write_bytes(pdf(page("ann@example.org"))[:120])
    assert "the PDF document can't be read" in scan_one(tmp_path / "cut.pdf", plan=FULL).error


@pytest.mark.parametrize("form", [*FORMS, "pdf"])
def test_damage_anywhere_costs_the_file_alone(tmp_path: Path, form: str) -> None:
    (tmp_path / "in").mkdir()
    if form == "pdf":
        good = pdf(page("Dear Ann Holm,"), page("write to ann@example.org"))
    else:
        good = write(tmp_path / "in", form, table(300)).read_bytes()
    rng = random.Random(form)
    for number in range(25):
        data = bytearray(good)
        for _ in range(rng.randrange(1, 30)):
            data[rng.randrange(8, len(data))] = rng.randrange(256)
        (tmp_path / f"{number}.{form}").write_bytes(data)
    results = scan(tmp_path, plan=FULL)
    assert len(results) == 26 if form != "pdf" else 25
    for result in results.values():
        assert result.rows or result.error or result.notes
        assert "example.org" not in result.error


@pytest.mark.parametrize("form", ["parquet", "orc", "arrow", "arrows"])
@pytest.mark.parametrize("plan", [FULL, Plan(rows=20)])
def test_columns_of_the_same_name_are_all_read(tmp_path: Path, form: str, plan: Plan) -> None:
    arrays = [pa.array([f"{mark}{n}" for n in range(60)]) for mark in "abc"]
    data = pa.Table.from_arrays(arrays, names=["x", "x", "x (2)"])
    path = tmp_path / f"twice.{form}"
    if form == "arrows":
        with pa.ipc.new_stream(str(path), data.schema) as writer:
            writer.write_table(data)
    else:
        writers: dict[str, Any] = {"parquet": pq.write_table, "orc": orc.write_table, "arrow": write_feather}
        writers[form](data, str(path))
    result = scan_one(path, plan=plan)
    assert result.error == ""
    assert len(result.rows) == min(60, plan.rows if plan.mode == "sample" else 60)
    for row in result.rows:
        number = row["x",][1:]
        assert row == {("x",): f"a{number}", ("x (3)",): f"b{number}", ("x (2)",): f"c{number}"}


def write_feather(data: pa.Table, path: str) -> None:
    """Arrow's own writer: feather's refuses names that repeat."""
    with pa.ipc.new_file(path, data.schema) as writer:
        writer.write_table(data)


@pytest.mark.parametrize("name", ["people.arrows", "people.bin"])
def test_a_stream_of_arrow_batches(tmp_path: Path, name: str) -> None:
    data = table(3_000)
    with pa.ipc.new_stream(str(tmp_path / name), data.schema) as writer:
        writer.write_table(data, max_chunksize=500)
    result = scan_one(tmp_path / name)
    assert result.error == ""
    assert result.column("email") == data["email"].to_pylist()
    assert result.places == list(range(1, 3_001))
    sample = scan_one(tmp_path / name, plan=Plan(rows=50))
    assert len(sample.rows) == 50
    assert sample.notes[0].total == 3_000


def test_a_stream_that_is_cut_gives_what_came_before(tmp_path: Path) -> None:
    data = table(3_000)
    path = tmp_path / "cut.arrows"
    with pa.ipc.new_stream(str(path), data.schema) as writer:
        writer.write_table(data, max_chunksize=500)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    result = scan_one(path)
    assert 500 <= len(result.rows) < 3_000
    assert "the Arrow stream can't be read" in result.error
