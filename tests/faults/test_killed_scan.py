"""A scan that is killed at a commit boundary and resumed gives the same inventory, to the byte."""

from __future__ import annotations

import json
import signal
import sqlite3
from pathlib import Path

import pytest

from tests.commands import run

TABLES = 8


@pytest.fixture
def company(tmp_path: Path) -> Path:
    return built(tmp_path)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What a scan that nothing stops finds."""
    folder = built(tmp_path_factory.mktemp("expected"))
    assert scan(folder).returncode == 0
    return canonical(folder)


def built(folder: Path) -> Path:
    """A database of several tables, an export and a log."""
    with sqlite3.connect(folder / "app.db") as db:
        for table in range(TABLES):
            db.execute(
                f"CREATE TABLE people_{table} "
                "(id INTEGER PRIMARY KEY, email TEXT, phone TEXT, created_at TEXT)"
            )
            rows = [
                (
                    None,
                    f"p{table}.{i}@example.com",
                    f"+33 6 12 34 {i % 90 + 10} 78",
                    f"2025-0{i % 9 + 1}-03 10:00:01",
                )
                for i in range(400)
            ]
            db.executemany(f"INSERT INTO people_{table} VALUES (?,?,?,?)", rows)
    (folder / "export.csv").write_text("email\n" + "\n".join(f"x{i}@example.com" for i in range(200)))
    (folder / "app.log").write_text(
        "\n".join(f"2026-01-02 03:04:05 INFO to y{i}@example.com" for i in range(300))
    )
    return folder


def scan(folder: Path, *more: str, failpoint: str = ""):
    env = {"PII_SCAN_FAILPOINT": failpoint} if failpoint else {}
    command = ("scan", "app.db", "export.csv", "app.log", "--full", "--no-texts", "-q", *more)
    return run(folder, *command, env=env)


def canonical(folder: Path) -> str:
    return run(folder, "inventory", "export", "--canonical").stdout


@pytest.mark.parametrize("point", ["commit.begin", "commit.before", "commit.after"])
@pytest.mark.parametrize("count", [1, 4, TABLES + 1])
def test_killed_and_resumed_is_as_never_killed(company, expected, point, count):
    killed = scan(company, failpoint=f"{point}:{count}:kill")
    assert killed.returncode == -signal.SIGKILL
    resumed = scan(company, "--resume")
    assert resumed.returncode == 0, resumed.stderr
    after = canonical(company)
    assert len(run(company, "inventory", "runs").stdout.splitlines()) == 1
    assert after == expected
    assert after.count("user.contact.email") >= TABLES + 2


@pytest.mark.parametrize("action", ["enospc", "eio"])
def test_a_full_or_broken_disk_stops_with_one_line_and_can_be_resumed(company, expected, action):
    failed = scan(company, failpoint=f"commit.before:3:{action}")
    assert failed.returncode == 2
    assert len([line for line in failed.stderr.splitlines() if line]) == 1
    assert "inventory" in failed.stderr
    assert scan(company, "--resume").returncode == 0
    assert canonical(company) == expected


def test_resuming_nothing_is_a_new_scan(company):
    assert scan(company, "--resume").returncode == 0
    assert canonical(company).count("user.contact.email") >= TABLES + 2


def test_what_changed_between_a_kill_and_its_resumption_is_not_carried_over(tmp_path):
    lines = "".join(f"2026-01-02 03:04:05 INFO to y{i}@example.com\n" for i in range(30))
    (tmp_path / "app.log").write_text(lines)
    (tmp_path / "app.log.1").write_text(lines.replace("to y", "to z"))
    command = ("scan", "app.log*", "--full", "--no-texts", "-q")
    killed = run(tmp_path, *command, env={"PII_SCAN_FAILPOINT": "commit.after:1:kill"})
    assert killed.returncode == -signal.SIGKILL
    (tmp_path / "app.log").write_text(lines * 2)
    assert run(tmp_path, *command, "--resume").returncode == 0
    assert run(tmp_path, *command, "--since", "last").returncode == 0
    document = json.loads(run(tmp_path, "inventory", "export", "--format", "json").stdout)
    assert [entry["rows"] for entry in document["coverage"]] == [90]
