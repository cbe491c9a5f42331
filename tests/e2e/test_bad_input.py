"""Bad input: one clear line each (what, where, what to do), the rest goes on, coverage says so."""

from __future__ import annotations

import gzip
import json
import os
import sqlite3

import pytest

from tests.commands import run


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def coverage(folder) -> dict[str, dict]:
    done = run(folder, "inventory", "export")
    return {item["dataset"]: item for item in json.loads(done.stdout)["coverage"]}


def test_an_unknown_key_names_file_line_column_and_the_key_meant(tmp_path):
    (tmp_path / "pii-scan.yaml").write_text(
        "version: 1\nsources:\n  - name: app\n    ulr: sqlite:///app.db\n"
    )
    done = run(tmp_path, "scan")
    assert done.returncode == 2
    assert len(lines(done.stderr)) == 1
    assert "pii-scan.yaml:4:5" in done.stderr
    assert "did you mean 'url'?" in done.stderr


def test_an_unknown_option_is_usage(tmp_path):
    done = run(tmp_path, "scan", "--fulll")
    assert done.returncode == 2
    assert "--full" in done.stderr


def test_a_path_that_is_not_there(tmp_path):
    done = run(tmp_path, "scan", "nowhere.csv")
    assert done.returncode == 2
    assert len(lines(done.stderr)) == 1


def test_an_unreachable_database_fails_alone(tmp_path):
    (tmp_path / "people.csv").write_text("email\nann@example.com\n")
    done = run(tmp_path, "scan", "postgresql://reader@127.0.0.1:1/app", "people.csv", "-q")
    assert done.returncode == 3, done.stderr
    failed = [item for item in coverage(tmp_path).values() if item["state"] == "failed"]
    assert len(failed) == 1
    assert failed[0]["dataset"].startswith("postgresql://")
    assert failed[0]["reason"]
    assert any(item["state"] == "scanned" for item in coverage(tmp_path).values())


def test_a_wrong_password_is_one_line_without_the_password(tmp_path, mariadb_url):
    host = mariadb_url.split("@")[-1]
    done = run(tmp_path, "scan", f"mysql://nobody_here:hunter2secret@{host}")
    assert done.returncode == 3
    assert "hunter2secret" not in done.stdout + done.stderr
    warnings = [line for line in lines(done.stderr) if "failed" in line]
    assert len(warnings) == 1
    assert "user" in warnings[0]
    assert "password" in warnings[0]


def test_a_denied_table_fails_alone(tmp_path, postgres_url):
    import sqlalchemy as sa

    engine = sa.create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    role = f"reader_{os.getpid()}"
    with engine.connect() as db:
        db.execute(sa.text("CREATE TABLE open_table (email text)"))
        db.execute(sa.text("INSERT INTO open_table VALUES ('ann@example.com')"))
        db.execute(sa.text("CREATE TABLE closed_table (email text)"))
        db.execute(sa.text(f"CREATE ROLE {role} LOGIN"))
        db.execute(sa.text(f"GRANT SELECT ON open_table TO {role}"))
    url = engine.url.set(username=role, drivername="postgresql").render_as_string(hide_password=False)
    try:
        done = run(tmp_path, "scan", url, "-q")
        states = {name.rsplit("/", 1)[-1]: item for name, item in coverage(tmp_path).items()}
    finally:
        with engine.connect() as db:
            db.execute(sa.text(f"DROP OWNED BY {role}"))
            db.execute(sa.text(f"DROP ROLE {role}"))
        engine.dispose()
    assert done.returncode == 3, done.stderr
    assert states["open_table"]["state"] == "scanned"
    assert states["closed_table"]["state"] == "failed"
    assert "denied" in states["closed_table"]["reason"]


def test_a_broken_json_line_is_counted_and_the_rest_is_read(tmp_path):
    good = [json.dumps({"email": f"p{i}@example.com"}) for i in range(20)]
    (tmp_path / "events.jsonl").write_text("\n".join([*good[:5], '{"email": "x', *good[5:]]))
    done = run(tmp_path, "scan", "events.jsonl", "-q")
    assert done.returncode == 3
    item = next(iter(coverage(tmp_path).values()))
    assert item["state"] == "failed"
    assert "1 line" in item["reason"]
    assert item["rows"] >= 20


def test_a_truncated_gzip_is_read_as_far_as_it_goes(tmp_path):
    whole = gzip.compress(
        "\n".join(
            f"2026-01-02 03:04:05 INFO mail to p{i}@example.com id={i * 7919}" for i in range(5000)
        ).encode()
    )
    (tmp_path / "app.log.gz").write_bytes(whole[: len(whole) // 2])
    done = run(tmp_path, "scan", "app.log.gz", "-q", "--full")
    assert done.returncode == 3
    item = next(iter(coverage(tmp_path).values()))
    assert item["state"] == "failed"
    assert item["rows"] > 100
    assert "gzip" in item["reason"]


def test_an_empty_table_is_empty_not_clean(tmp_path):
    with sqlite3.connect(tmp_path / "app.db") as db:
        db.execute("CREATE TABLE people (email TEXT)")
    done = run(tmp_path, "scan", "app.db", "-q")
    assert done.returncode == 0, done.stderr
    assert next(iter(coverage(tmp_path).values()))["state"] == "empty"


@pytest.mark.parametrize(("text", "place"), [("version: 1\n  bad: : x\n", ":2:"), ("version: 7\n", ":1:1")])
def test_a_broken_configuration_is_one_line(tmp_path, text, place):
    (tmp_path / "pii-scan.yaml").write_text(text)
    done = run(tmp_path, "scan")
    assert done.returncode == 2
    assert len(lines(done.stderr)) == 1
    assert f"pii-scan.yaml{place}" in done.stderr


def test_findings_at_the_severity_asked_for_are_exit_code_one(tmp_path):
    (tmp_path / "sharing.yaml").write_text(
        "version: 1\npolicy: {id: p, lang: en}\nclaims: []\nrecipients: []\n"
    )
    (tmp_path / "pii-scan.yaml").write_text(
        "version: 1\nsharing: sharing.yaml\nsources:\n  - {name: people, path: people.csv}\n"
    )
    (tmp_path / "people.csv").write_text("email\n" + "\n".join(f"p{i}@example.com" for i in range(30)))
    assert run(tmp_path, "scan", "-q").returncode == 0
    assert run(tmp_path, "check", "--fail-on", "low").returncode == 1
    assert run(tmp_path, "check", "--fail-on", "none").returncode == 0
