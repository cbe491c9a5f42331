"""The same seed gives the same bytes; the demo touches only what it owns."""

from __future__ import annotations

import sqlite3
from hashlib import sha256
from pathlib import Path

import pytest
import sqlalchemy as sa

from pii_scan.core.errors import ConfigError
from pii_scan.demo.build import build
from pii_scan.demo.clock import AS_OF, MTIME
from pii_scan.demo.schema import metadata


def _files(folder: Path) -> dict[str, tuple[str, int]]:
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {
        path.relative_to(folder).as_posix(): (
            sha256(path.read_bytes()).hexdigest(),
            int(path.stat().st_mtime),
        )
        for path in paths
    }


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("company")
    build(folder, 3)
    return folder


def test_the_same_seed_gives_the_same_bytes_and_times(company: Path, tmp_path: Path) -> None:
    build(tmp_path, 3)
    build(tmp_path, 3)  # over itself
    assert _files(tmp_path) == _files(company)
    assert {time for _, time in _files(company).values()} == {MTIME}


def test_another_seed_gives_other_people(company: Path, tmp_path: Path) -> None:
    build(tmp_path, 4)
    ours, theirs = _files(company), _files(tmp_path)
    assert ours.keys() == theirs.keys()
    same = {name for name in ours if ours[name] == theirs[name]}
    assert same == {
        "browser/cookies.csv",
        "exports/finance/invoices.xlsx",
        "infra/state.json",
        "jobs/events.jsonl",
        "privacy/policy.en.txt",
        "privacy/policy.fr.txt",
        "registers/contracts.csv",
        "registers/policy_versions.csv",
        "sharing.yaml",
    }


def test_the_company_has_the_size_that_its_docs_say(company: Path) -> None:
    with sqlite3.connect(company / "app.db") as database:
        count = {
            name: database.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in metadata().tables
        }
    assert len(count) == 37
    assert (count["users"], count["bookings"], count["attendees"]) == (400, 1_200, 1_500)


def test_foreign_keys_hold(company: Path) -> None:
    with sqlite3.connect(company / "app.db") as database:
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []


def test_nothing_in_the_tables_is_newer_than_the_clock(company: Path) -> None:
    with sqlite3.connect(company / "app.db") as database:
        newest = [
            database.execute(f'SELECT max("{column.name}") FROM "{table.name}"').fetchone()[0]
            for table in metadata().sorted_tables
            for column in table.columns
            if column.name in ("created_at", "last_seen_at", "delivered_at", "sent_at", "changed_at")
        ]
    assert max(filter(None, newest))[:10] <= AS_OF.isoformat()


def test_a_folder_that_can_not_be_written_is_an_error_with_a_name(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file where a folder belongs")
    with pytest.raises(ConfigError, match="can't be written"):
        build(tmp_path, 0)


@pytest.mark.parametrize("url", ["oracle://host/db", "not a url", "postgresql://host", "sqlite:///x.db"])
def test_into_wants_a_server_with_a_database(url: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="--into"):
        build(tmp_path, 0, url)


def test_a_server_that_is_not_there_is_an_error_without_the_driver_s_words(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as error:
        build(tmp_path, 0, "postgresql://nobody:hunter2@127.0.0.1:9/none")
    assert "can't be written" in str(error.value)
    assert "hunter2" not in str(error.value)


@pytest.mark.parametrize("fixture", ["postgres_url", "mariadb_url"])
def test_servers_get_the_same_rows_as_sqlite(
    fixture: str, request: pytest.FixtureRequest, company: Path, tmp_path: Path
) -> None:
    url = request.getfixturevalue(fixture)
    build(tmp_path, 3, url)
    build(tmp_path, 3, url)  # drops its own tables and makes them again
    assert not (tmp_path / "app.db").exists()
    assert _rows(_engine(url)) == _rows(sa.create_engine(f"sqlite:///{company / 'app.db'}"))


@pytest.mark.parametrize("fixture", ["postgres_url", "mariadb_url"])
def test_a_foreign_table_of_the_same_name_stays(
    fixture: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = request.getfixturevalue(fixture)
    engine = _engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE users (id integer)"))
        connection.execute(sa.text("INSERT INTO users VALUES (7)"))
    with pytest.raises(ConfigError, match="table 'users' that the demo did not make"):
        build(tmp_path, 3, url)
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT id FROM users")).scalar_one() == 7
        assert sa.inspect(connection).get_table_names() == ["users"]


def _engine(url: str) -> sa.Engine:
    driver = {"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql"}
    made = sa.make_url(url)
    return sa.create_engine(made.set(drivername=driver[made.get_backend_name()]), poolclass=sa.NullPool)


def _rows(engine: sa.Engine) -> dict[str, list[tuple[object, ...]]]:
    with engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(table.select().order_by(table.c.id))]
            for table in metadata().sorted_tables
        }
