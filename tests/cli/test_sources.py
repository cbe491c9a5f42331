"""`pii-scan sources test`: each source's door, what is visible and what reading is held to, in one line."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.commands import run


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with sqlite3.connect(tmp_path / "app.db") as database:
        database.execute("CREATE TABLE people (email TEXT)")
        database.execute("INSERT INTO people VALUES ('ann@example.org')")
        database.execute("CREATE VIEW seen AS SELECT * FROM people")
    (tmp_path / "drop").mkdir()
    (tmp_path / "drop" / "a.csv").write_text("email\nbo@example.org\n")
    (tmp_path / "drop" / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    return tmp_path


def test_sources_that_can_be_scanned(home: Path) -> None:
    done = run(home, "sources", "test", "app.db", "drop")
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.splitlines()
    assert first.startswith("ok   app: sqlite: 2 objects, 1 to read, 1 skipped: a view")
    assert second.startswith("ok   drop: files: 2 objects, 1 to read, 1 skipped: not text, skipped: an image")
    assert not (home / ".pii-scan").exists(), "nothing is stored"


def test_those_of_the_configuration_and_one_that_fails(home: Path) -> None:
    (home / "pii-scan.yaml").write_text(
        "version: 1\nsources:\n  - {name: app, url: 'sqlite:///app.db'}\n  - {name: gone, path: nowhere}\n"
        "  - {name: down, url: 'postgresql://nobody@127.0.0.1:1/none'}\n"
    )
    done = run(home, "sources", "test", "-f", "json")
    assert done.returncode == 3
    found = {source["name"]: source for source in json.loads(done.stdout)["sources"]}
    assert [found[name]["reachable"] for name in ("app", "gone", "down")] == [True, False, False]
    assert found["app"]["skipped"] == {"a view; its tables are read": 1}
    assert all(found[name]["error"] for name in ("gone", "down"))
    assert run(home, "sources", "test", "app").returncode == 0
    wrong = run(home, "sources", "test", "nothing-of-that-name")
    assert wrong.returncode == 2


def test_nothing_to_read_is_no_success(tmp_path: Path) -> None:
    (tmp_path / "drop").mkdir()
    done = run(tmp_path, "sources", "test", "drop")
    assert (done.returncode, "nothing that can be read is visible" in done.stdout) == (3, True)


@pytest.mark.parametrize(
    ("fixture", "driver"), [("postgres_url", "postgresql+psycopg"), ("mariadb_url", "mysql+pymysql")]
)
def test_a_server_says_what_it_is_held_to(tmp_path: Path, request, fixture, driver) -> None:
    url = request.getfixturevalue(fixture)
    engine = sa.create_engine(sa.make_url(url).set(drivername=driver))
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE people (email VARCHAR(99))"))
        connection.execute(sa.text("INSERT INTO people VALUES ('ann@example.org')"))
    engine.dispose()
    done = run(tmp_path, "sources", "test", url)
    assert done.returncode == 0, done.stdout
    assert "1 object, 1 to read; held to: read-only transactions, statements of 5 s at most" in done.stdout
    assert "example.org" not in done.stdout + done.stderr
