"""Delimited files, workbooks and Parquet: names, values and what damage does to them."""

from __future__ import annotations

import io
import json
import random
import zipfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from pii_scan.core.model import LOCATOR, Batch, Note, Plan

from .scanning import FULL, make, scan, scan_one


def _csv(tmp_path: Path, content: str | bytes, name: str = "a.csv"):
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return scan_one(path)


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_delimiters(tmp_path: Path, mark: str) -> None:
    rows = [["name", "city", "amount"], ["Ada", "Paris, 1st", "1.5"], ["Bob", "Rome; east", "2"]]
    text = "\n".join(mark.join(f'"{c}"' if mark in c else c for c in row) for row in rows)
    result = _csv(tmp_path, text)
    assert result.column("city") == ["Paris, 1st", "Rome; east"]
    assert result.places == [2, 3]


def test_without_header_no_person_becomes_a_column_name(tmp_path: Path) -> None:
    result = _csv(tmp_path, "ada@example.org,+33 6 12 34 56 78,Ada\nbob@example.org,+33 6 12 34 56 79,Bob\n")
    assert [f.path for f in result.dataset.fields] == []
    assert result.column("column_1") == ["ada@example.org", "bob@example.org"]
    assert set().union(*result.rows) == {("column_1",), ("column_2",), ("column_3",)}


@pytest.mark.parametrize(
    "first",
    ["12,Ada,x", "Ada,1980-02-03,x", "Ada,FR7630006000011234567890189,x", "Ada,10.1.2.3,x", "FR,a,b"],
)
def test_first_rows_that_are_data(tmp_path: Path, first: str) -> None:
    below = {"12": "13,Bob,y\n14,Cyd,z\n", "FR": "FR,c,d\nFR,e,f\n"}
    rest = below.get(first.split(",")[0], "Bob,1981-02-03,y\n" if "1980" in first else "Bob,text,y\n")
    result = _csv(tmp_path, f"{first}\n{rest}")
    assert result.rows[0][("column_1",)] == first.split(",")[0]


@pytest.mark.parametrize(
    "header", ["id,2023,2024", "custom_field_360012345678,email", "a,b", "Email,E-mail 2"]
)
def test_first_rows_that_are_headers(tmp_path: Path, header: str) -> None:
    result = _csv(tmp_path, f"{header}\n" + "1,2,3\n" * 5)
    assert next(iter(result.rows[0])) == (header.split(",")[0],)


def test_repeated_and_blank_headers(tmp_path: Path) -> None:
    result = _csv(tmp_path, "reason,,reason\nx,y,z\n")
    assert result.rows == [{("reason",): "x", ("column_2",): "y", ("reason (2)",): "z"}]


def test_ragged_rows_lose_no_cell(tmp_path: Path) -> None:
    result = _csv(tmp_path, "a,b\n1,2,3,4\n5\n6,7\n")
    assert sorted(result.cells) == list("1234567")
    assert result.rows[0][("extra_2",)] == "4"


def test_preamble_and_stacked_tables(tmp_path: Path) -> None:
    text = (
        "Meeting ID,Topic\n811,Weekly\n\n"
        "Name (Original Name),User Email,Join Time,Guest\nAda,ada@example.org,10:00,No\n"
    )
    result = _csv(tmp_path, text)
    assert result.column("User Email")[-1] == "ada@example.org"
    titled = _csv(tmp_path, "Report of May\n\nname,email,age\nAda,ada@example.org,3\nBob,b@example.org,4\n")
    assert titled.column("preamble")[0] == "Report of May"
    assert titled.column("email")[-1] == "b@example.org"


def test_a_quote_never_closed_keeps_every_line(tmp_path: Path) -> None:
    lines = [f"p{i}@example.org,{'x' * 50},{i}\n" for i in range(5_000)]
    lines[17] = '"p17@example.org,open,17\n'
    result = _csv(tmp_path, "email,text,n\n" + "".join(lines))
    text = "\n".join(result.cells)
    assert all(f"p{i}@example.org" in text for i in range(5_000))
    assert len(result.rows) == 5_000
    assert "never closed; they were read line by line" in result.notes[0].reason
    assert result.lost == 0


def test_nul_bytes_and_lone_carriage_returns(tmp_path: Path) -> None:
    assert _csv(tmp_path, b"a,b\n1,\x002\n").rows[0][("b",)] == "\x002"
    assert _csv(tmp_path, b"a,b\r1,2\r3,4\r").column("b") == ["2", "4"]


def test_backslash_escapes(tmp_path: Path) -> None:
    result = _csv(tmp_path, 'id,text\n1,"he said \\"hi, you\\""\n2,"x"\n')
    assert result.column("text") == ['he said "hi, you"', "x"]


@pytest.mark.parametrize("sign", ["a", ",", "\n"])
@pytest.mark.parametrize("size", [65_530, 200_000])
def test_a_long_cell_is_one_cell_of_one_row(tmp_path: Path, sign: str, size: int) -> None:
    cell = (sign * 9 + "b") * (size // 10) + " canary@example.org " + "b" * 20_000
    result = _csv(tmp_path, f'n,text\n1,"{cell}"\n2,x\n')
    assert result.rows == [{("n",): "1", ("text",): cell}, {("n",): "2", ("text",): "x"}]
    assert not result.notes


def test_one_endless_line_is_bounded(tmp_path: Path) -> None:
    result = _csv(tmp_path, b"x" * 3_000_000 + b" canary@example.org " + b"y" * 3_000_000)
    assert any("canary@example.org" in c for c in result.cells)
    assert max(map(len, result.cells)) <= 1 << 20
    assert set(result.places) == {1}


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-32"]
)
def test_encodings(tmp_path: Path, encoding: str) -> None:
    text = "name,ville\nZoé Lefèvre,Orléans\n" + "Ada,Paris\n" * 20
    result = _csv(tmp_path, text.encode(encoding))
    assert result.rows[0] == {("name",): "Zoé Lefèvre", ("ville",): "Orléans"}
    assert len(result.rows) == 21


def test_encodings_mixed_line_by_line(tmp_path: Path) -> None:
    content = "n,name\n1,Zoé\n".encode() + "2,Zoé\n".encode("cp1252")
    assert _csv(tmp_path, content).column("name") == ["Zoé", "Zoé"]


def test_other_scripts(tmp_path: Path) -> None:
    text = "имя,город\n" + "Анна Каренина,Москва\nПётр Безухов,Санкт-Петербург\n" * 30
    assert _csv(tmp_path, text.encode("cp1251")).column("город")[0] == "Москва"


def _rows(count: int) -> str:
    return "id,email\n" + "".join(f"{i},p{i}@example.org\n" for i in range(count))


def test_sample_is_unbiased_seeded_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(_rows(20_000))
    drawn = [scan_one(path, plan=Plan(rows=500, seed=seed)) for seed in (1, 1, 2)]
    ids = [[int(i) for i in result.column("id")] for result in drawn]
    assert ids[0] == ids[1] != ids[2]
    assert len(ids[0]) == len(set(ids[0])) == 500
    assert ids[0] == sorted(ids[0])
    assert drawn[0].notes == [Note(sampled=True, total=20_000)]
    # Chi-square over 20 parts: beyond 43.82 once in a thousand (NIST/SEMATECH e-Handbook, 1.3.6.7.4).
    parts = [sum(i // 1000 == part for i in ids[0]) for part in range(20)]
    assert sum((part - 25) ** 2 / 25 for part in parts) < 43.82
    assert all(place == i + 2 for place, i in zip(drawn[0].places, ids[0], strict=True))


def test_a_small_file_is_read_whole_without_a_note(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(_rows(500))
    result = scan_one(path, plan=Plan(rows=500))
    assert (len(result.rows), result.notes) == (500, [])


def test_a_large_file_is_sampled_in_blocks_over_all_of_it(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(_rows(200_000))
    result = scan_one(path, plan=Plan(rows=1_000, bytes=256 << 10))
    ids = [int(i) for i in result.column("id")]
    assert len(ids) == 1_000
    assert set(result.column("email")) == {f"p{i}@example.org" for i in ids}
    assert [sum(i // 20_000 == part for i in ids) > 20 for part in range(10)] == [True] * 10
    (note,) = result.notes
    assert note.sampled
    assert "blocks" in note.reason


def test_workbook_sheets_are_datasets(tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "People"
    book.active.append(["name", "joined", "age"])
    book.active.append(["Ada", datetime(2026, 1, 2, 3, 4, 5), 31])
    other = book.create_sheet("ada@example.org")
    other.append(["bob@example.org", 12.5])
    other.append(["cyd@example.org", 13])
    book.create_sheet("Blank")
    book.save(tmp_path / "book.xlsx")
    found = scan(tmp_path)
    people = found[("book.xlsx", "People")]
    assert people.rows == [{("name",): "Ada", ("joined",): "2026-01-02 03:04:05", ("age",): "31"}]
    assert people.places == [2]
    assert found[("book.xlsx", "ada@example.org")].column("column_1") == [
        "bob@example.org",
        "cyd@example.org",
    ]
    assert found[("book.xlsx", "Blank")].rows == []


def test_open_document_sheet(tmp_path: Path) -> None:
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"><office:body><office:spreadsheet>'
        '<table:table table:name="S">{rows}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    rows = "".join(
        f"<table:table-row>{cell.format(v)}</table:table-row>" for v in ("email", "ada@example.org")
    )
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        archive.writestr("content.xml", content.format(rows=rows))
    assert scan(tmp_path)[("a.ods", "S")].column("email") == ["ada@example.org"]


def test_a_workbook_that_wants_all_memory_costs_only_itself(tmp_path: Path) -> None:
    """Two cells at opposite corners make a dense sheet of 17 billion cells."""
    buffer = io.BytesIO()
    book = Workbook()
    book.active["A1"] = "a"
    book.active["B2"] = "canary"
    book.save(buffer)
    with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(tmp_path / "a.xlsx", "w") as new:
        for name in old.namelist():
            new.writestr(
                name, old.read(name).replace(b'r="B2"', b'r="XFD1048576"').replace(b'r="2"', b'r="1048576"')
            )
    (tmp_path / "b.csv").write_text("a,b\n1,2\n")
    found = scan(tmp_path)
    errors = [result.error for path, result in found.items() if path[0] == "a.xlsx"]
    assert errors
    assert all(errors)
    assert "canary" not in str(errors)
    assert found[("b.csv",)].rows


def test_damaged_and_encrypted_workbooks(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04" + bytes(range(200)))
    (tmp_path / "b.xls").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"canary" * 100)
    assert all(result.error for result in scan(tmp_path).values())
    assert "canary" not in str([result.error for result in scan(tmp_path).values()])


def _parquet(path: Path, rows: int, groups: int = 1) -> None:
    table = pa.table(
        {
            "id": pa.array(range(rows)),
            "email": [f"p{i}@example.org" for i in range(rows)],
            "at": pa.array([datetime(2026, 1, 1, 10, tzinfo=UTC)] * rows, pa.timestamp("s", "UTC")),
            "tags": [["a", None]] * rows,
            "raw": pa.array([b"caf\xe9"] * rows),
            "kind": pa.array(["x"] * rows).dictionary_encode(),
        }
    )
    pq.write_table(table, path, row_group_size=max(1, rows // groups))


def test_parquet(tmp_path: Path) -> None:
    _parquet(tmp_path / "a.parquet", 3)
    result = scan_one(tmp_path / "a.parquet")
    first = {path[0]: cell for path, cell in result.rows[0].items()}
    assert first["at"].startswith("2026-01-01 10:00:00")
    assert json.loads(first["tags"]) == ["a", None]
    assert (first["raw"], first["kind"], first["id"]) == ("café", "x", "0")
    assert result.places == [1, 2, 3]


def test_parquet_sample(tmp_path: Path) -> None:
    _parquet(tmp_path / "a.parquet", 20_000, groups=10)
    plan = Plan(rows=300, bytes=1 << 30, seed=3)
    result = scan_one(tmp_path / "a.parquet", plan=plan)
    ids = [int(i) for i in result.column("id")]
    assert len(set(ids)) == 300
    assert result.places == [i + 1 for i in ids]
    assert len({i // 2_000 for i in ids}) == 10
    assert result.notes == [Note(sampled=True, total=20_000)]
    few = scan_one(tmp_path / "a.parquet", plan=Plan(rows=300, bytes=1))
    assert len({int(i) // 2_000 for i in few.column("id")}) == 1


def test_parquet_texts_need_not_be_utf8(tmp_path: Path) -> None:
    raw = pa.py_buffer(b"caf\xe9ok")
    offsets = pa.array([0, 4, 6], pa.int32()).buffers()[1]
    cells = pa.StringArray.from_buffers(2, offsets, raw)
    table = pa.table({"a": cells, "b": pa.array([b"ab", b"cd"], pa.binary(2))})
    pq.write_table(table, tmp_path / "a.parquet")
    result = scan_one(tmp_path / "a.parquet")
    assert result.column("a") == ["café", "ok"]
    assert result.column("b") == ["ab", "cd"]


def test_parquet_batches_span_row_groups_but_not_many_bytes(tmp_path: Path) -> None:
    cells = {"id": range(12_000), "text": [str(i) * 600 for i in range(12_000)]}
    pq.write_table(pa.table(cells), tmp_path / "a.parquet", row_group_size=700)
    for rows, fewest in ((50_000, 2), (5_000, 3)):
        with closing(make(tmp_path / "a.parquet")) as connector:
            (dataset,) = connector.datasets()
            (shard,) = connector.shards(dataset, Plan(mode="full", batch_rows=rows))
            batches = [item for item in connector.read(shard) if isinstance(item, Batch)]
        assert fewest <= len(batches) < 6
        assert all(batch.table.nbytes <= 16 << 20 for batch in batches)
        places = [place for batch in batches for place in batch.table.column(LOCATOR).to_pylist()]
        assert places == list(range(1, 12_001))
        assert [c for b in batches for c in b.table.column(0).to_pylist()] == [str(i) for i in range(12_000)]


def test_parquet_keeps_what_came_before_a_fault(tmp_path: Path) -> None:
    _parquet(tmp_path / "a.parquet", 4_000, groups=2)
    data = bytearray((tmp_path / "a.parquet").read_bytes())
    start = pq.ParquetFile(tmp_path / "a.parquet").metadata.row_group(1).column(1).data_page_offset
    data[start : start + 200] = bytes(200)
    (tmp_path / "a.parquet").write_bytes(data)
    result = scan_one(tmp_path / "a.parquet")
    assert result.error
    assert result.places == list(range(1, 2_001))


def test_parquet_damaged_everywhere(tmp_path: Path) -> None:
    _parquet(tmp_path / "good.parquet", 200)
    good = (tmp_path / "good.parquet").read_bytes()
    rng = random.Random(5)
    for number in range(40):
        data = bytearray(good)
        for _ in range(rng.randint(1, 20)):
            data[rng.randrange(4, len(data))] = rng.randrange(256)
        (tmp_path / f"{number}.parquet").write_bytes(data[: rng.randint(len(data) // 2, len(data))])
    found = scan(tmp_path)
    assert len(found) == 41
    assert all(result.rows or result.error for result in found.values())
    assert len(scan(tmp_path, plan=FULL)[("good.parquet",)].rows) == 200


@pytest.mark.parametrize("plan", [FULL, Plan(rows=100)])
def test_what_stands_beside_the_values_of_cells_is_read(tmp_path: Path, plan: Plan) -> None:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "People"
    for number, row in enumerate((("id", "name"), ("1", "Ada"), ("2", "Bo"))):
        sheet.append(row)
        sheet.cell(number + 1, 1).comment = Comment(f"ask ann{number}@example.org", "Eve Moreau")
    sheet["B2"].hyperlink = Hyperlink(ref="B2", target="mailto:ada@example.org", tooltip="write to her")
    sheet["B3"].hyperlink = Hyperlink(ref="B3", location="Sums!A1")
    sums = book.create_sheet("Sums")
    for number in range(1, 6):
        sums[f"A{number}"] = "=People!B2"
    sums["A7"] = '=CONCATENATE("bo","@example.org")'
    book.create_sheet("Blank")
    book.save(tmp_path / "book.xlsx")
    found = scan(tmp_path, plan=plan)
    people = found["book.xlsx", "People"]
    assert [row["cell comment",] for row in people.rows if ("cell comment",) in row] == [
        f"ask ann{number}@example.org" for number in range(3)
    ]
    assert people.column("comment author").count("Eve Moreau") == 3
    links = {
        row["cell link",]: n
        for row, n in zip(people.rows, people.places, strict=True)
        if ("cell link",) in row
    }
    assert links == {"mailto:ada@example.org write to her": 2, "Sums!A1": 3}
    assert [name for name in people.column("name") if name] == ["Ada", "Bo"]
    formulas = found["book.xlsx", "Sums"]
    texts = ["People!B2", 'CONCATENATE("bo","@example.org")']
    assert formulas.column("cell formula") == texts
    assert formulas.places == [1, 7]
    assert [note.reason for note in formulas.notes] == [
        "formulas without a stored value, of which only texts in them were read: 6"
    ]
    assert found["book.xlsx", "Blank"].rows == []


def test_a_damaged_or_hostile_comment_costs_only_the_comments(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.append(["name"])
    sheet.append(["Ada"])
    sheet["A2"].comment = Comment("ann@example.org", "Eve")
    buffer = io.BytesIO()
    book.save(buffer)
    bomb = '<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><comments><author>&b;</author></comments>'
    cut = "<comments><commentList><comment ref='A2'>"
    for name, text in (("cut.xlsx", cut), ("bomb.xlsx", bomb)):
        with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(tmp_path / name, "w") as new:
            for part in old.namelist():
                new.writestr(part, text if "comment" in part and part.endswith(".xml") else old.read(part))
    for result in scan(tmp_path).values():
        assert result.column("name") == ["Ada"]
        assert (result.lost, result.error) == (1, "")
        assert "comments, links and formulas can't be read" in result.notes[-1].reason
