"""Dumps as rows: what pg_dump, mariadb-dump and SQLite write holds the same rows as the database."""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from connectors.documents.dumps import Dump, escapes
from connectors.encoding import Encoding
from pii_scan.core.errors import SourceError
from pii_scan.core.model import Plan

from .scanning import Result, scan_one

PEOPLE = [
    (1, "ann@example.org", 'Zoé O\'Neil; said: "hi", (really)\nsecond line\ttab \\ back\\n'),
    (2, None, ""),
    (3, "bo@example.org", "-- no comment; INSERT INTO x VALUES (1);"),
    (4, "it's@example.org", "a,b),(c"),
    (5, "cy@example.org", "\\N and ''"),
]
NOTES = [(7, "a note, of 1"), (8, "another")]


def rows(result: Result, table: str) -> list[dict[str, Any]]:
    found = [json.loads(cell)[table] for cell in result.cells if table in json.loads(cell)]
    return [{name: None if value is None else str(value) for name, value in row.items()} for row in found]


def expected(data: list[tuple[Any, ...]], *names: str) -> list[dict[str, Any]]:
    return [{n: None if v is None else str(v) for n, v in zip(names, row, strict=True)} for row in data]


def check(path: Path) -> None:
    result = scan_one(path)
    assert result.error == ""
    assert rows(result, "people") == expected(PEOPLE, "id", "email", "note")
    assert rows(result, "Some Notes") == expected(NOTES, "id", "the text")
    assert len(result.rows) == 7
    assert result.notes == []


def fill(url: str, driver: str) -> None:
    engine = sa.create_engine(sa.make_url(url).set(drivername=driver))
    quote = engine.dialect.identifier_preparer.quote_identifier
    notes, text = quote("Some Notes"), quote("the text")
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE people (id INT PRIMARY KEY, email VARCHAR(99), note TEXT)"))
        connection.execute(sa.text(f"CREATE TABLE {notes} (id INT PRIMARY KEY, {text} TEXT)"))
        for row in PEOPLE:
            wanted = sa.text("INSERT INTO people VALUES (:id, :email, :note)")
            connection.execute(wanted, dict(zip(("id", "email", "note"), row, strict=True)))
        for number, said in NOTES:
            connection.execute(
                sa.text(f"INSERT INTO {notes} VALUES (:id, :said)"), {"id": number, "said": said}
            )
    engine.dispose()


@pytest.mark.parametrize("options", [[], ["--inserts"], ["--column-inserts"], ["--rows-per-insert=3"]])
def test_of_postgresql(postgres_url, tmp_path: Path, options: list[str]) -> None:
    fill(postgres_url, "postgresql+psycopg")
    with (tmp_path / "backup.sql").open("wb") as file:
        subprocess.run(["pg_dump", *options, postgres_url], stdout=file, check=True)
    check(tmp_path / "backup.sql")


@pytest.mark.parametrize("options", [[], ["--complete-insert"], ["--skip-extended-insert"], ["--replace"]])
def test_of_mariadb(mariadb_url, tmp_path: Path, options: list[str]) -> None:
    fill(mariadb_url, "mysql+pymysql")
    url = sa.make_url(mariadb_url)
    command = [shutil.which("mariadb-dump") or "mysqldump", "-u", str(url.username), "-h", str(url.host)]
    command += ["-P", str(url.port or 3306), *options, *([f"-p{url.password}"] if url.password else [])]
    with (tmp_path / "backup.sql").open("wb") as file:
        subprocess.run([*command, str(url.database)], stdout=file, check=True)
    check(tmp_path / "backup.sql")


def test_of_sqlite(tmp_path: Path) -> None:
    with sqlite3.connect(":memory:") as database:
        database.execute(
            "CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT, note TEXT, UNIQUE (email))"
        )
        database.execute('CREATE TABLE "Some Notes" (id INTEGER, "the text" TEXT DEFAULT (lower(\'A,B\')))')
        database.executemany("INSERT INTO people VALUES (?, ?, ?)", PEOPLE)
        database.executemany('INSERT INTO "Some Notes" VALUES (?, ?)', NOTES)
        (tmp_path / "app.sql").write_text("\n".join(database.iterdump()), encoding="utf-8")
    check(tmp_path / "app.sql")


def test_a_sample_is_bounded_and_says_so(tmp_path: Path) -> None:
    lines = "".join(f"INSERT INTO t (id, email) VALUES ({n}, 'p{n}@example.org');\n" for n in range(5_000))
    (tmp_path / "t.sql").write_text(lines)
    result = scan_one(tmp_path / "t.sql", plan=Plan(rows=200))
    assert len(result.rows) == 200
    assert any(note.sampled for note in result.notes)


def of(text: str, size: int = 0) -> list[dict[str, Any]]:
    """The records of a dump that is handed out in pieces of `size` bytes."""

    class Dripping(io.BytesIO):
        def read(self, wanted: int | None = -1) -> bytes:
            return super().read(size or wanted)

    data = text.encode()
    return list(Dump(Dripping(data), Encoding("cp1252"), escapes(data)).records())


@pytest.mark.parametrize("size", [0, 1, 7])
def test_pieces_may_end_anywhere(size: int) -> None:
    text = (
        "-- a comment; it's one\nSET x = 'a;b';\nCREATE TABLE app.t (\n  id int, -- the; id\n  v varchar(9) "
        "DEFAULT 'a,b', CONSTRAINT c CHECK (v <> ')'), PRIMARY KEY (id)\n);\n"
        "INSERT INTO app.t VALUES (1, 'x;y'), (2, now()), (3, NULL) ON CONFLICT DO NOTHING;\n"
        "CREATE FUNCTION f() RETURNS text AS $b$ SELECT 'INSERT INTO t VALUES (9)'; $b$ LANGUAGE sql;\n"
        'COPY public.u (a, "b c") FROM stdin;\n1\tx\\ty\n\\N\t\n\\.\n\n'
        "INSERT INTO w VALUES (E'a\\nb', X'616263', 1.5e3, 'it''s'::text);\n"
    )
    assert of(text, size) == [
        {"app.t": {"id": "1", "v": "x;y"}},
        {"app.t": {"id": "2", "v": "now()"}},
        {"app.t": {"id": "3", "v": None}},
        {"u": {"a": "1", "b c": "x\ty"}},
        {"u": {"a": None, "b c": ""}},
        {"w": {"column_1": "a\nb", "column_2": "abc", "column_3": "1.5e3", "column_4": "it's"}},
    ]


def test_what_is_cut_or_broken_is_counted(tmp_path: Path) -> None:
    (tmp_path / "cut.sql").write_text("COPY t (id, email) FROM stdin;\n1\tann@example.org\n2\tbo@exam")
    result = scan_one(tmp_path / "cut.sql")
    assert len(result.rows) == 2
    assert [note.lost for note in result.notes if note.lost] == [1]
    (tmp_path / "odd.sql").write_text(
        "INSERT INTO t VALUES (1, 'a'), (2, 'never closed;\nINSERT INTO t VALUES (3);"
    )
    result = scan_one(tmp_path / "odd.sql")
    assert [note.lost for note in result.notes if note.lost] == [1]


def test_a_value_may_be_longer_than_what_is_read_at_once() -> None:
    long = "it''s long " * 300_000
    rows = f"INSERT INTO t VALUES (1, '{long}', 'a'), (2, 'b', 'c');\n"
    found = of(f"{rows}COPY u (a) FROM stdin;\n{'x' * 3_000_000}\n\\.\n")
    assert [list(record) for record in found] == [["t"], ["t"], ["u"]]
    assert found[0]["t"]["column_2"] == long.replace("''", "'")
    assert found[1]["t"] == {"column_1": "2", "column_2": "b", "column_3": "c"}
    assert len(found[2]["u"]["a"]) == 3_000_000


def test_a_value_without_end_costs_the_file_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.documents.dumps._LONGEST", 1 << 16)
    monkeypatch.setattr("connectors.documents.dumps._CHUNK", 1 << 12)
    with pytest.raises(SourceError, match="too long"):
        of("INSERT INTO t VALUES ('" + "x" * 500_000)


def test_a_schema_without_rows_is_still_text(tmp_path: Path) -> None:
    (tmp_path / "schema.sql").write_text("CREATE TABLE t (id int);\n-- ask ann@example.org\n")
    assert "-- ask ann@example.org" in scan_one(tmp_path / "schema.sql").cells
