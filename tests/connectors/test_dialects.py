"""How a delimited file is written: its header tells the delimiter, whatever stands within the cells."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.readers.dialect import dialect_of
from connectors.readers.naming import distinct

from .scanning import scan_one

_TEXTS = {
    "names with a comma": ("id;name;email", "{n};Oberhuber, Isolde;isolde{n}@example.org", ";"),
    "decimal commas": ("id;amount;email", "{n};1,5{n};isolde@example.org", ";"),
    "commas in tabs": ("id\tname\temail", "{n}\tOberhuber, Isolde\tisolde@example.org", "\t"),
    "no header": ("0;Oberhuber, Isolde;a@example.org", "{n};Oberhuber, Isolde;isolde@example.org", ";"),
    "a comma in the header, too": ("id;Name, first;email", "{n};Oberhuber, Isolde;i@example.org", ";"),
    "a title above": ("Our people\n\nid;name", "{n};Oberhuber, Isolde", ";"),
    "lists within": ("id,tags,email", "{n},a;b,isolde@example.org", ","),
    "lists within quotes": ('id,"a;b",email', '{n},"a;b",isolde@example.org', ","),
    "a blank behind each comma": ("id, name, a|b", "{n}, Isolde, 1|2", ","),
    "numbers alone": ("a,b", "{n},2", ","),
}


@pytest.mark.parametrize("case", _TEXTS)
def test_the_header_tells_the_delimiter(case: str) -> None:
    head, row, delimiter = _TEXTS[case]
    for count in (3, 300):
        text = "\n".join((head, *(row.format(n=n) for n in range(count)), ""))
        assert dialect_of(text, "a.csv").delimiter == delimiter


def test_cells_with_commas_stay_whole(tmp_path: Path) -> None:
    rows = "".join(f"{n};Oberhuber, Isolde;isolde{n}@example.org\n" for n in range(500))
    (tmp_path / "a.csv").write_text("id;name;email\n" + rows)
    result = scan_one(tmp_path / "a.csv")
    assert result.rows[7] == {("id",): "7", ("name",): "Oberhuber, Isolde", ("email",): "isolde7@example.org"}
    assert len(result.rows) == 500


@pytest.mark.parametrize("first", ["sep=;\n", "\ufeffsep=;\r\n", "SEP=;\n", '"sep=;"\n'])
@pytest.mark.parametrize("count", [1, 400])
def test_a_first_line_names_the_delimiter_and_is_no_row(tmp_path: Path, first: str, count: int) -> None:
    (tmp_path / "a.csv").write_text(first + "id;name\n" + "1;Oberhuber, Isolde\n" * count)
    result = scan_one(tmp_path / "a.csv")
    assert result.rows == [{("id",): "1", ("name",): "Oberhuber, Isolde"}] * count
    assert result.places[0] == 3
    assert [field.path for field in result.dataset.fields] == [("id",), ("name",)]


def test_a_rare_delimiter_is_taken_at_its_word(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("sep=^\nid^name\n1^Isolde\n")
    assert scan_one(tmp_path / "a.csv").rows == [{("id",): "1", ("name",): "Isolde"}]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["x", "x"], ("x", "x (2)")),
        (["email", "email (2)", "email"], ("email", "email (2)", "email (3)")),
        (["a", "a", "a (2)", "a"], ("a", "a (3)", "a (2)", "a (4)")),
        (["a (2)", "a (2)", "a", "a"], ("a (2)", "a (2) (2)", "a", "a (3)")),
        (["", ""], ("", " (2)")),
    ],
)
def test_names_are_given_once(names: list[str], expected: tuple[str, ...]) -> None:
    assert distinct(names) == expected


def test_a_header_that_numbers_itself(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("email,email (2),email,extra_1\na,b,c,d,e\nf,g,h,i,j\n")
    first = scan_one(tmp_path / "a.csv").rows[0]
    assert sorted(first.values()) == ["a", "b", "c", "d", "e"]
    assert ("email (3)",) in first
