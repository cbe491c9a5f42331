"""Lineage by SQL after real scans: views of servers, job files, a dbt project, and who is behind them."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pii_scan.core.inventory import Inventory
from pii_scan.run.check import judged
from pii_scan.run.context import context
from pii_scan.run.lineage import Question, answer
from tests import services
from tests.commands import run
from tests.services import Server, database, plain

SECRET = "hidden-literal-4711"
TABLES = (
    "CREATE TABLE users (id int PRIMARY KEY, email varchar(80), phone varchar(40), plan varchar(20))",
    "INSERT INTO users VALUES "
    + ", ".join(f"({n}, 'mia{n}@example.org', '+49 30 1234{n:04}', 'free')" for n in range(1, 61)),
)
VIEWS = (
    "CREATE VIEW contact AS SELECT u.*, lower(u.email) AS mail, md5(u.phone) AS phone_key FROM users u",
    "CREATE VIEW numbers AS SELECT plan, count(email) AS people, max(phone) AS last FROM contact "
    f"WHERE plan <> '{SECRET}' GROUP BY plan",
)
JOBS = f"""-- what the partner gets every night
INSERT INTO outbox (address, tel) SELECT mail, phone_key FROM contact WHERE plan <> '{SECRET}';

\\copy (SELECT address, tel FROM outbox) TO '/exports/partner/list.csv' CSV
COPY (SELECT count(email) AS people FROM users) TO PROGRAM 'curl -T - https://intake.mailer.example/n';
COPY users (email) TO PROGRAM 'curl -T - https://intake.mailer.example/all?token={SECRET}';
COPY (SELECT * FROM nowhere) TO '/exports/partner/rest.csv';
"""
CONFIG = """\
version: 1
key: ${{file:key}}
sharing: sharing.yaml
sources:
  - {{name: pg, url: "{postgres}"}}
  - {{name: maria, url: "{mariadb}"}}
  - {{name: lite, url: "sqlite:///lite.db"}}
  - {{name: jobs, kind: ddl, path: jobs, options: {{runs_in: pg, dialect: postgres}}}}
  - {{name: dbt, kind: dbt, path: dbt, options: {{runs_in: pg}}}}
exports:
  - {{match: "file/exports/partner/*", recipient: partner}}
"""
SHARING = """\
version: 1
policy: {id: shop-1, lang: en}
recipients:
  - {id: partner, name: Partner, role: processor}
  - {id: mailer, name: Mailer, role: processor, hosts: [mailer.example]}
claims: []
"""


@pytest.fixture(scope="module")
def home(
    tmp_path_factory: pytest.TempPathFactory, postgresql_server: Server, mariadb_server: Server
) -> Iterator[Path]:
    """A company whose sources have all been scanned."""
    folder = tmp_path_factory.mktemp("company")
    with database(postgresql_server) as postgres, database(mariadb_server) as mariadb:
        services.run(
            postgres,
            *TABLES,
            *VIEWS,
            "CREATE MATERIALIZED VIEW seen AS "
            "SELECT (row_to_json(u)) AS who, 'x' || email AS marked FROM users u",
            "CREATE TABLE outbox (address text, tel text)",
            "CREATE PUBLICATION feed FOR TABLE users (id, email)",
            "CREATE SCHEMA mart",
            "CREATE TABLE mart.contacts AS "
            "SELECT id, lower(email) AS mail, md5(phone) AS phone_key FROM users",
            "CREATE VIEW mart.campaign AS SELECT mail, phone_key, count(*) OVER () AS n FROM mart.contacts",
        )
        services.run(mariadb, *TABLES, *VIEWS)
        with sqlite3.connect(folder / "lite.db") as lite:
            for statement in (*TABLES, *VIEWS):
                lite.execute(statement.replace("md5(u.phone)", "substr(u.phone, 1, 3) || '****'"))
        (folder / "jobs").mkdir()
        (folder / "jobs" / "nightly.sql").write_text(JOBS)
        (folder / "dbt" / "target").mkdir(parents=True)
        shutil.copy(Path(__file__).with_name("dbt") / "manifest.json", folder / "dbt" / "target")
        (folder / "pii-scan.yaml").write_text(CONFIG.format(postgres=plain(postgres), mariadb=plain(mariadb)))
        (folder / "sharing.yaml").write_text(SHARING)
        assert run(folder, "key", "new", "key").returncode == 0
        done = run(folder, "scan", "-q", "--no-presidio", "--no-texts")
        assert done.returncode in (0, 1), done.stderr + done.stdout
        yield folder


@pytest.fixture(scope="module")
def inventory(home: Path) -> Inventory:
    with context(home / "pii-scan.yaml") as opened:
        return judged(opened)


def asked(inventory: Inventory, **question: str) -> dict[str, Any]:
    """What `pii-scan lineage --format json` prints."""
    document: dict[str, Any] = json.loads(answer(inventory, Question(**question), "json"))
    return document


@pytest.fixture(scope="module")
def known(inventory: Inventory) -> dict[str, Any]:
    return asked(inventory)


def filled(known: dict[str, Any], kind: str, place: str) -> dict[str, dict[str, str]]:
    """By column of a view or place its sources, by their last names, with what is left of the value."""
    found: dict[str, dict[str, str]] = {}
    for edge in known["edges"]:
        base, _, column = edge["target"].partition("#")
        if base.endswith(place) and edge["target"].startswith(kind):
            source = edge["source"].rpartition("/")[2]
            found.setdefault(column, {})[source] = edge["transform"]
    return found


CONTACT = {
    "id": {"users#id": "identity"},
    "email": {"users#email": "identity"},
    "phone": {"users#phone": "identity"},
    "plan": {"users#plan": "identity"},
    "mail": {"users#email": "transformed"},
    "phone_key": {"users#phone": "masked"},
}
NUMBERS = {
    "plan": {"contact#plan": "identity"},
    "people": {"contact#email": "aggregated"},
    "last": {"contact#phone": "identity"},
}


@pytest.mark.parametrize("kind", ["postgresql", "mysql", "sqlite"])
def test_columns_of_views_of_real_databases(known: dict[str, Any], kind: str) -> None:
    assert filled(known, kind, "/contact") == CONTACT
    assert filled(known, kind, "/numbers") == NUMBERS


def test_a_materialized_view_and_a_publication(known: dict[str, Any]) -> None:
    assert filled(known, "postgresql", "/seen") == {
        "who": dict.fromkeys(("users#id", "users#email", "users#phone", "users#plan"), "transformed"),
        "marked": {"users#email": "transformed"},
    }
    assert filled(known, "export", "/feed/public/users") == {
        "id": {"users#id": "identity"},
        "email": {"users#email": "identity"},
    }


def test_job_files_fill_tables_and_exports(known: dict[str, Any]) -> None:
    edges = {(e["target"].rpartition("/")[2], e["source"].rpartition("/")[2]): e for e in known["edges"]}
    job = edges["outbox#address", "contact#mail"]
    assert (job["kind"], job["place"]) == ("insert", "nightly.sql line 2")
    copied = edges["list.csv#tel", "outbox#tel"]
    assert (copied["kind"], copied["place"]) == ("copy", "nightly.sql line 4")
    assert copied["target"] == "export://file/exports/partner/list.csv#tel"


def test_models_of_dbt(known: dict[str, Any]) -> None:
    models = [e for e in known["edges"] if e["kind"] == "dbt model"]
    assert {
        (e["source"].rpartition("/")[2], e["target"].rpartition("/")[2], e["transform"]) for e in models
    } == {
        ("users#id", "contacts#id", "identity"),
        ("users#email", "contacts#mail", "transformed"),
        ("users#phone", "contacts#phone_key", "masked"),
        ("contacts#mail", "campaign#mail", "identity"),
        ("contacts#phone_key", "campaign#phone_key", "identity"),
    }
    assert all(e["target"].startswith("postgresql://pg/mart/") for e in models)


def test_the_way_to_a_recipient_is_its_evidence(inventory: Inventory) -> None:
    flows = [
        f for f in asked(inventory, recipient="partner")["flows"] if f["field"].endswith("public/users#email")
    ]
    (flow,) = [f for f in flows if f["category"] == "user.contact.email"]
    (reason,) = [e for e in flow["evidence"] if e["kind"] == "mapping"]
    assert (flow["status"], flow["masking"]) == ("configured", False)
    assert reason["detail"] == (
        "pg/public/users#email → pg/public/contact#mail (view, transformed)"
        " → pg/public/outbox#address (insert) → file/exports/partner/list.csv#address (copy)"
    )


def test_a_hash_on_the_way_is_told(inventory: Inventory) -> None:
    flows = asked(inventory, recipient="partner")["flows"]
    phones = [f for f in flows if f["field"].endswith("public/users#phone")]
    assert phones
    assert all(f["masking"] for f in phones)


def test_hosts_in_jobs_and_exposures_are_recipients(inventory: Inventory) -> None:
    flows = asked(inventory, recipient="mailer", category="user.contact.email")["flows"]
    details = {e["detail"] for f in flows if f["field"].endswith("public/users#email") for e in f["evidence"]}
    assert "pg/public/users#email → https/intake.mailer.example/all#email (copy)" in details
    assert any("(dbt exposure)" in detail for detail in details)
    assert not any("people" in detail for detail in details), "a number is nobody's address"


def test_a_view_is_asked_about(home: Path, inventory: Inventory) -> None:
    document = asked(inventory, urn="postgresql://pg/public/contact#mail")
    assert {f["recipient"] for f in document["flows"]} == {"partner"}
    assert {e["target"].rpartition("/")[2] for e in document["edges"]} == {"contact#mail", "outbox#address"}
    text = run(home, "lineage", "--field", "postgresql://pg/public/contact#mail").stdout
    assert "pg/public/users#email → pg/public/contact#mail (view, transformed)" in text
    assert "filled by SQL:" in text


def test_what_is_not_followed_is_told_by_place(inventory: Inventory) -> None:
    gaps = {c.dataset: c for c in inventory.coverage if c.dataset.endswith("(sql)")}
    assert "nightly.sql line 7: a star over a table" in gaps["ddl://jobs/(sql)"].reason
    assert "models/model.shop.raw: its text is not there" in gaps["dbt://dbt/(sql)"].reason
    assert set(gaps) == {"ddl://jobs/(sql)", "dbt://dbt/(sql)"}


def test_no_text_of_a_statement_is_kept(home: Path) -> None:
    kept = [path for path in home.rglob("*") if path.is_file() and ".pii-scan" in path.parts]
    assert kept
    assert not any(SECRET.encode() in path.read_bytes() for path in kept)
