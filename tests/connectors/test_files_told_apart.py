"""What a file is told to be: databases and their logs, binary data under a text's name, FIFOs."""

from __future__ import annotations

import os
import random
import sqlite3
from pathlib import Path

import duckdb
import pytest

from tests.commands import run

from .scanning import scan


def test_databases_in_a_folder_and_what_belongs_to_them(tmp_path: Path) -> None:
    held = sqlite3.connect(tmp_path / "app.db")
    held.execute("PRAGMA journal_mode=WAL")
    held.execute("CREATE TABLE t (a)")
    held.commit()
    with duckdb.connect(tmp_path / "facts.duckdb") as database:
        database.execute("CREATE TABLE t (a INT)")
    (tmp_path / "facts.duckdb.wal").write_bytes(b"\0" * 99)
    (tmp_path / "alone-wal").write_bytes(b"\0\1\2\3" * 99)
    found = {path[-1]: result.dataset for path, result in scan(tmp_path).items()}
    held.close()
    assert found["app.db"].skip == "a SQLite database: scan it as a source of its own"
    assert found["facts.duckdb"].skip == "a DuckDB database: scan it as a source of its own"
    for name, kind in (("app.db-wal", "SQLite"), ("app.db-shm", "SQLite"), ("facts.duckdb.wal", "DuckDB")):
        assert (found[name].skip, found[name].planned) == (f"a part of the {kind} database beside it", True)
    assert (found["alone-wal"].skip, found["alone-wal"].planned) == ("unknown format", False)


@pytest.mark.parametrize("name", ["r.log", "r.csv", "r.json", "r.txt"])
def test_binary_rubbish_under_a_texts_name_is_no_text(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(random.Random(1).randbytes(50_000))
    (result,) = scan(tmp_path).values()
    assert (result.dataset.skip, result.dataset.planned) == ("unknown format", False)


def test_damaged_text_is_still_read(tmp_path: Path) -> None:
    lines = b"".join(
        b"2026-01-02 10:00:%02d INFO signed in ann@example.org \x01\xff\n" % n for n in range(60)
    )
    (tmp_path / "a.log").write_bytes(lines + b"\0" * 4_000)  # the end that a crash leaves
    (tmp_path / "b.csv").write_bytes("name;city\nZoë;Orléans\n".encode("cp1252") * 60)
    assert all(result.rows for result in scan(tmp_path).values())


@pytest.mark.parametrize("verb", [("scan",), ("sources", "test")])
def test_fifos_are_named_at_once(tmp_path: Path, verb: tuple[str, ...]) -> None:
    (tmp_path / "schemas").mkdir()
    paths = ("pipe.csv", "pipe.sql", "pipe.db", "schemas/pipe.sql")
    for path in paths:
        os.mkfifo(tmp_path / path)
    done = run(tmp_path, *verb, *paths[:3], "schemas", timeout=120)
    assert done.returncode == 3
    assert done.stdout.count("a FIFO, not a regular file") >= len(paths)


def test_a_path_that_is_no_utf8_is_read(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.csv")
    (tmp_path / name).write_text("email\nann@example.org\n")
    done = run(tmp_path, "scan", name, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "E-mail address" in done.stdout


def test_a_database_whose_path_is_no_utf8_gets_a_clear_line(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.db")
    with sqlite3.connect(tmp_path / name) as database:
        database.execute("CREATE TABLE t (a)")
    done = run(tmp_path, "scan", name, timeout=60)
    assert done.returncode == 2
    assert "its path is not UTF-8" in done.stderr
