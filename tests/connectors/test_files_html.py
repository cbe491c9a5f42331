"""HTML: tables as rows, text as text, and nothing of the page lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.connectors.scanning import scan_one

PAGE = """<!DOCTYPE html><html><head><title>Members</title><style>p{color:red}</style>
<script>window.user = {"email": "script@example.org"};</script></head>
<body><p>Call <b>Ann</b> on <a href="tel:+33639981234">this number</a>.</p><!-- comment@example.org -->
<table><thead><tr><th>Name</th><th>E-mail</th></tr></thead>
<tr><td>Bo<td>bo@example.org
<tr><td>Cy &amp; Di</td><td><a href="mailto:cy@example.org">cy@<wbr>example.org</a></td><td>more</td></tr>
</table>
<input name="q" value="typed@example.org"><p>unclosed"""


def read(path: Path) -> list[dict[str, str]]:
    return [json.loads(cell) for cell in scan_one(path).cells]


@pytest.fixture
def page(tmp_path: Path) -> Path:
    return tmp_path / "page.html"


def test_a_page(page: Path) -> None:
    page.write_text(PAGE)
    records = read(page)
    assert {"Name": "Bo", "E-mail": "bo@example.org"} in records
    assert {"Name": "Cy & Di", "E-mail": "cy@example.org", "column_3": "more"} in records
    texts = [record["text"] for record in records if "text" in record]
    assert texts == ["Members", "Call Ann on this number.", "unclosed"]
    assert {"href": "tel:+33639981234"} in records
    assert {"href": "mailto:cy@example.org"} in records
    assert {"value": "typed@example.org"} in records
    assert {"comment": "comment@example.org"} in records
    assert {"script": 'window.user = {"email": "script@example.org"};'} in records
    assert "red" not in json.dumps(records)


def test_a_table_whose_header_is_written_like_its_rows(page: Path) -> None:
    rows = "".join(f"<tr><td>{n}</td><td>p{n}@example.org</td></tr>" for n in range(50))
    page.write_text(f"<table><tr><td>id</td><td>email</td></tr>{rows}</table>")
    assert read(page) == [{"id": str(n), "email": f"p{n}@example.org"} for n in range(50)]


def test_a_table_without_a_header_and_a_list_of_names_and_values(page: Path) -> None:
    page.write_text(
        "<table><tr><td>p1@example.org</td><td>1</td></tr><tr><td>p2@example.org</td><td>2</td></tr></table>"
        "<table><tr><th>Phone</th><td>+33 6 39 98 12 34</td></tr><tr><th>City</th><td>Brest</td></tr></table>"
    )
    assert read(page) == [
        {"column_1": "p1@example.org", "column_2": "1"},
        {"column_1": "p2@example.org", "column_2": "2"},
        {"Phone": "+33 6 39 98 12 34"},
        {"City": "Brest"},
    ]


def test_tables_within_each_other_and_cells_of_several_lines(page: Path) -> None:
    page.write_text(
        "<table><tr><th>a</th><th>b</th></tr><tr><td>x<br>y</td>"
        "<td><table><tr><th>c</th><th>d</th></tr><tr><td>in1</td><td>in2</td></tr></table>z</td></tr></table>"
    )
    assert read(page) == [{"c": "in1", "d": "in2"}, {"a": "x y", "b": "z"}]


def test_a_tag_that_never_ends_and_a_page_of_one_line(page: Path) -> None:
    page.write_text("<p>before</p><div " + "x" * 3_000_000 + " last@example.org")
    assert any("last@example.org" in value for record in read(page) for value in record.values())
    page.write_text("<p>" + "</p><p>".join(f"n{n}@example.org" for n in range(20_000)))
    assert len(read(page)) == 20_000


def test_other_encodings(page: Path) -> None:
    page.write_bytes("<p>Zoë Hölm</p>".encode("utf-16"))
    assert read(page) == [{"text": "Zoë Hölm"}]
    page.write_bytes("<p>Zoë Hölm</p>".encode("cp1252"))
    assert read(page) == [{"text": "Zoë Hölm"}]
