"""`scan --since`: what has not changed is carried over, what has is read, of a log only what is new."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.commands import run

CARRIED = "unchanged since the run before"


def line(person: str) -> str:
    return f'2024-05-01T10:00:00 INFO login of "{person}@example.org" from 198.51.100.7\n'


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with sqlite3.connect(tmp_path / "app.db") as database:
        database.execute("CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT)")
        database.executemany(
            "INSERT INTO people (email) VALUES (?)", [(f"ann{n}@example.org",) for n in range(40)]
        )
    drop = tmp_path / "drop"
    drop.mkdir()
    (drop / "kept.csv").write_text("email,plan\n" + "bo@example.org,free\n" * 30)
    (drop / "grown.csv").write_text("email,plan\n" + "bo@example.org,free\n" * 30)
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "app.log").write_text("".join(line(f"eva{n}") for n in range(50)))
    return tmp_path


def scanned(home: Path, *arguments: str) -> dict[str, dict[str, object]]:
    """The coverage by dataset after one scan of everything."""
    done = run(home, "scan", "app.db", "drop", "logs", "--full", "-q", *arguments)
    assert done.returncode == 0, done.stderr
    return coverage(home)


def coverage(home: Path) -> dict[str, dict[str, object]]:
    document = json.loads(run(home, "inventory", "export", "--format", "json").stdout)
    return {entry["dataset"]: entry for entry in document["coverage"]}


def findings(home: Path) -> list[object]:
    """Fields with what was detected in them, as a machine reads them."""
    document = json.loads(run(home, "inventory", "export", "--format", "json", "--canonical").stdout)
    return document["fields"]


def carried(covered: dict[str, dict[str, object]]) -> set[str]:
    return {urn.rsplit("/", 1)[-1] for urn, entry in covered.items() if CARRIED in str(entry["reason"])}


def test_what_has_not_changed_is_carried_over_and_says_so(home: Path) -> None:
    first = scanned(home)
    whole = findings(home)
    second = scanned(home, "--since", "last")
    assert carried(second) == {"people", "kept.csv", "grown.csv", "app.log"}
    assert {urn: (e["state"], e["rows"]) for urn, e in second.items()} == {
        urn: (e["state"], e["rows"]) for urn, e in first.items()
    }
    assert findings(home) == whole


def test_what_has_changed_is_read_and_of_a_log_only_what_is_new(home: Path) -> None:
    scanned(home)
    with (home / "drop" / "grown.csv").open("a") as file:
        file.write("cy@example.org,paid\n" * 5)
    with (home / "logs" / "app.log").open("a") as file:
        file.write("".join(line(f"finn{n}") for n in range(20)))
    with sqlite3.connect(home / "app.db") as database:
        database.execute("INSERT INTO people (email) VALUES ('gil@example.org')")
    second = scanned(home, "--since", "last")
    rows = {urn.rsplit("/", 1)[-1]: entry["rows"] for urn, entry in second.items()}
    assert carried(second) == {"kept.csv"}
    assert (rows["people"], rows["grown.csv"], rows["app.log"]) == (41, 35, 70)
    some = findings(home)
    scanned(home)  # the same data, read from the beginning
    assert some == findings(home)


def test_a_log_is_read_on_again_and_again(home: Path) -> None:
    scanned(home)
    for more in range(3):
        with (home / "logs" / "app.log").open("a") as file:
            file.write("".join(line(f"hal{more}x{n}") for n in range(10)))
        covered = scanned(home, "--since", "last")
    rows = {urn.rsplit("/", 1)[-1]: entry["rows"] for urn, entry in covered.items()}
    assert rows["app.log"] == 80


def test_a_rotated_log_is_read_once(home: Path) -> None:
    scanned(home)
    (home / "logs" / "app.log").rename(home / "logs" / "app.log.1")
    (home / "logs" / "app.log").write_text("".join(line(f"ida{n}") for n in range(15)))
    covered = scanned(home, "--since", "last")
    assert sum(int(str(e["rows"])) for urn, e in covered.items() if "app.log" in urn) == 65


def test_what_is_gone_is_found_no_more(home: Path) -> None:
    logs = home / "logs"
    (logs / "idle.log").write_text("".join(line(f"jo{n}") for n in range(20)))
    scanned(home)
    (logs / "app.log").write_text("".join(line(f"eva{n}") for n in range(10)))
    (logs / "idle.log").write_text("")
    covered = scanned(home, "--since", "last")
    rows = {urn.rsplit("/", 1)[-1]: entry["rows"] for urn, entry in covered.items()}
    assert (rows["app.log"], rows["idle.log"]) == (10, 0)
    some = findings(home)
    scanned(home)
    assert some == findings(home)


def test_a_file_put_in_anothers_place_with_its_time_is_read(home: Path) -> None:
    scanned(home)
    kept = home / "drop" / "kept.csv"
    times = kept.stat()
    kept.write_text(kept.read_text().replace("bo@example.org,free", "+33612345678  ,free"))
    os.utime(kept, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert kept.stat().st_size == times.st_size
    assert carried(scanned(home, "--since", "last")) == {"people", "grown.csv", "app.log"}


def test_a_sample_of_a_log_is_drawn_anew(home: Path) -> None:
    log = home / "logs" / "app.log"
    rows = []
    for arguments in ((), ("--since", "last")):
        done = run(home, "scan", "logs", "--sample", "20", "-q", *arguments)
        assert done.returncode == 0
        rows.append([entry["rows"] for entry in coverage(home).values()])
        with log.open("a") as file:
            file.write(line("kim"))
    assert rows == [[20], [20]]


def test_another_sample_or_another_detector_is_read_anew(home: Path) -> None:
    assert run(home, "scan", "drop", "--sample", "10", "-q").returncode == 0
    assert run(home, "scan", "drop", "--sample", "20", "-q", "--since", "last").returncode == 0
    assert carried(coverage(home)) == set()
    done = run(home, "scan", "drop", "--sample", "20", "-q", "--since", "last", "--no-texts")
    assert "the detector has changed" in done.stderr
    assert carried(coverage(home)) == set()


def test_an_unknown_run_is_one_clear_line(home: Path) -> None:
    done = run(home, "scan", "drop", "--since", "nowhere")
    assert done.returncode == 2
    assert "there is no complete run 'nowhere'" in done.stderr
    assert run(home, "scan", "drop", "--since", "last", "--resume").returncode == 2
    assert "nowhere" not in run(home, "inventory", "runs").stdout
    assert run(home, "scan", "drop", "--budget", "much").returncode == 2
    assert "running" not in run(home, "inventory", "runs").stdout, "nothing was begun"


def test_without_an_earlier_run_all_is_read(home: Path) -> None:
    assert carried(scanned(home, "--since", "last")) == set()


def changed(home: Path, url: str) -> set[str]:
    """The tables that a second scan carries over."""
    done = run(home, "scan", url, "--full", "-q", "--since", "last")
    assert done.returncode == 0, done.stderr
    return carried(coverage(home))


@pytest.mark.parametrize(
    ("fixture", "driver"), [("postgres_url", "postgresql+psycopg"), ("mariadb_url", "mysql+pymysql")]
)
def test_a_servers_tables_are_read_if_they_were_written_to(home, request, fixture, driver) -> None:
    url = request.getfixturevalue(fixture)
    engine = sa.create_engine(sa.make_url(url).set(drivername=driver))

    def write(*statements: str) -> None:
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(sa.text(statement))
        engine.dispose()  # what a session counted is told at its end at the latest
        time.sleep(3.5)

    write(
        "CREATE TABLE still (id INT PRIMARY KEY, email VARCHAR(99))",
        "CREATE TABLE moved (id INT PRIMARY KEY, email VARCHAR(99))",
        "INSERT INTO still VALUES (1, 'ann@example.org')",
        "INSERT INTO moved VALUES (1, 'ann@example.org')",
    )
    assert changed(home, url) == set()
    assert changed(home, url) == {"still", "moved"}
    write("UPDATE moved SET email = 'bo@example.org'")
    assert changed(home, url) == {"still"}
    write("DELETE FROM moved")
    assert changed(home, url) == {"still"}
    write("ALTER TABLE still ADD COLUMN phone VARCHAR(20)")
    assert changed(home, url) == {"moved"}
