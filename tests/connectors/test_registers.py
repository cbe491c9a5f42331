"""Registers: documented columns from files and tables become entries, and nobody's address leaves them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from connectors.registers.connector import CONNECTOR, RegistersConnector
from connectors.registers.entries import register_of
from pii_scan.core.errors import ConfigError, SourceError
from pii_scan.core.keyed import Key
from pii_scan.core.model import Note, Plan
from pii_scan.core.register import REGISTERS, Entry
from pii_scan.testing.contract import ConnectorContract
from tests import services
from tests.commands import run

KEY = Key(b"r" * 32)
INCIDENTS = "id,kind,aware_at,notified_at,subjects\nI-1,exposure,2026-01-02T10:00:00+01:00,2026-01-04,12\n"
REQUESTS = (
    "ID,Kind,Email,Sender,Opened at,Closed\n"
    "Q-1,copy,Ann@Example.org,ann@example.org,2026-02-01 09:30,2026-02-20\n"
    "Q-2,erasure,bo@example.org,other@example.org,2026-02-03,\n"
)


def connector(path: Path, **settings: Any) -> RegistersConnector:
    return CONNECTOR.open(CONNECTOR.config(path=str(path), name="registers", **settings))  # type: ignore[return-value]


def entries(found: RegistersConnector) -> list[Entry]:
    return list(found.entries(KEY))


def notes(found: RegistersConnector) -> list[str]:
    reasons = []
    for dataset in list(found.datasets()):
        for shard in found.shards(dataset, Plan(mode="full")):
            reasons += [item.reason for item in found.read(shard) if isinstance(item, Note) and item.reason]
    return reasons


def test_entries_hold_times_words_counts_and_keyed_identifiers(tmp_path: Path) -> None:
    (tmp_path / "incidents.csv").write_text(INCIDENTS)
    (tmp_path / "DSAR requests.csv").write_text(REQUESTS)
    (tmp_path / "requests.csv").write_text(REQUESTS)
    (tmp_path / "notes.csv").write_text("a,b\n1,2\n")
    incident, first, second = entries(connector(tmp_path))
    assert incident.register == "incidents"
    assert incident.values == {
        "id": "I-1", "kind": "exposure", "aware_at": "2026-01-02T09:00:00Z", "notified_at": "2026-01-04",
        "subjects": "12",
    }  # fmt: skip
    assert incident.place == "incidents.csv row 2"
    assert first.get("subject") == first.get("sender") != second.get("subject")
    assert first.get("opened_on") == "2026-02-01T09:30:00Z"
    assert second.get("closed_on") == ""
    assert "example.org" not in repr([entry.values for entry in (first, second)])
    assert first.get("subject") != entries_of(tmp_path, Key(b"s" * 32))[1].get("subject")


def entries_of(path: Path, key: Key) -> list[Entry]:
    return list(connector(path).entries(key))


def test_a_digest_that_the_company_made_stays_as_it_is(tmp_path: Path) -> None:
    digest = "AB" * 16
    (tmp_path / "erasures.csv").write_text(f"subject_hash,erased_on\n{digest},2026-01-01\n")
    (entry,) = entries(connector(tmp_path))
    assert entry.values == {"subject": digest.lower(), "erased_on": "2026-01-01"}


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_documents(tmp_path: Path, form: str) -> None:
    held = [{"id": "H-1", "category": "invoices", "basis": "tax law", "expires_on": "2030-01-31"}]
    text = json.dumps({"legal_holds": held} if form == "json" else held)
    if form == "yaml":
        text = "- {id: H-1, category: invoices, basis: tax law, expires_on: 2030-01-31, nested: {a: 1}}\n"
    (tmp_path / f"legal_holds.{form}").write_text(text)
    (entry,) = entries(connector(tmp_path))
    assert entry.values == held[0]
    (tmp_path / f"legal_holds.{form}").write_text("{[")
    with pytest.raises(SourceError, match="no YAML or JSON"):
        entries(connector(tmp_path))


def test_what_is_wrong_with_a_register_is_said_without_its_values(tmp_path: Path) -> None:
    (tmp_path / "incidents.csv").write_text(
        "id,aware_at,subjects,remark\nI-1,yesterday,many,canary\nI-2,2026-01-02,3,canary\nI-3,,1,canary\n"
    )
    found = connector(tmp_path)
    assert [entry.get("id") for entry in entries(found)] == ["I-2"]
    said = notes(connector(tmp_path))
    assert any("aware_at is no date or time as 2026-01-31" in line and "row 2" in line for line in said)
    assert any("subjects is no number in row 2" in line for line in said)
    assert any("aware_at is empty in row 2, 4" in line for line in said)
    assert any("1 columns are not among the documented ones" in line for line in said)
    assert "canary" not in " ".join(said)
    (tmp_path / "incidents.csv").write_text("id,kind\nI-1,x\n")
    assert any("column aware_at is missing" in line for line in notes(connector(tmp_path)))


@pytest.mark.parametrize(
    ("name", "register"),
    [
        *((f"{name}.csv", name) for name in REGISTERS),
        ("Data breaches.xlsx", "incidents"), ("dsar.csv", "requests"), ("legal-holds.yaml", "legal_holds"),
        ("deletions", "erasures"), ("DPAs.csv", "contracts"), ("people.csv", ""), ("bookings", ""),
    ],
)  # fmt: skip
def test_which_register_a_name_means(name: str, register: str) -> None:
    assert register_of(name) == register


def test_files_can_be_named_and_unknown_registers_are_refused(tmp_path: Path) -> None:
    (tmp_path / "sheet7.csv").write_text(INCIDENTS)
    (entry,) = entries(connector(tmp_path, registers={"incidents": "sheet7.csv"}))
    assert entry.register == "incidents"
    with pytest.raises(ConfigError, match="there is no register 'gossip'"):
        connector(tmp_path, registers={"gossip": "x.csv"})


@pytest.mark.parametrize("engine", ["postgresql", "mariadb"])
def test_tables_of_a_database(engine: str) -> None:
    server = services.required(getattr(services, engine)(), engine)
    with services.database(server) as url:
        services.run(
            url,
            "CREATE TABLE breach_log (id varchar(20), aware_at timestamp, notified_at date, m text)",
            "INSERT INTO breach_log VALUES ('I-9', '2026-03-01 12:00:00', '2026-03-02', 'ann@example.org')",
            "CREATE TABLE people (email varchar(90))",
        )
        table = "public/breach_log" if engine == "postgresql" else f"{url.database}/breach_log"
        config = CONNECTOR.config(url=services.plain(url), name="registers", registers={"incidents": table})
        found = CONNECTOR.open(config)
        (entry,) = found.entries(KEY)  # type: ignore[attr-defined]
        found.close()
    assert entry.values == {"id": "I-9", "aware_at": "2026-03-01T12:00:00Z", "notified_at": "2026-03-02"}


def test_rows_that_no_check_will_see_make_the_scan_incomplete(tmp_path: Path) -> None:
    (tmp_path / "incidents.csv").write_text("id,aware_at\nI-1,2026-01-02\nI-2,soon\n")
    done = run(tmp_path, "scan", "registers://.")
    assert done.returncode == 3
    assert "aware_at is no date or time" in done.stdout


def test_the_command_keeps_registers_and_finds_what_else_they_hold(tmp_path: Path) -> None:
    (tmp_path / "registers").mkdir()
    rows = "".join(f"Q-{n},copy,person{n}@example.org,2026-01-0{n % 9 + 1}\n" for n in range(40))
    (tmp_path / "registers" / "requests.csv").write_text("id,kind,subject,opened_on\n" + rows)
    (tmp_path / "pii-scan.yaml").write_text(
        "version: 1\nsources:\n  - {name: registers, path: registers, kind: registers}\n"
    )
    done = run(tmp_path, "scan", "--full", "-q")
    assert done.returncode == 0, done.stderr
    exported = run(tmp_path, "inventory", "export").stdout
    document = json.loads(exported)
    assert len(document["registers"]) == 40
    assert document["registers"][0]["values"]["kind"] == "copy"
    assert "user.contact.email" in {d["category"] for f in document["fields"] for d in f["detections"]}
    assert "person1@" not in exported
    assert b"person1@" not in (tmp_path / ".pii-scan" / "inventory.db").read_bytes()


class TestContract(ConnectorContract):
    @pytest.fixture
    def make(self, tmp_path: Path) -> Any:
        rows = "".join(f"Q-{n},copy,person{n}@example.org,2026-01-01\n" for n in range(30))
        (tmp_path / "requests.csv").write_text("id,kind,subject,opened_on\n" + rows)
        return lambda: connector(tmp_path)

    def canaries(self) -> tuple[str, ...]:
        return ("person1@example.org",)
