"""One wrong source, rule or name costs itself, is named, and nothing else."""

from __future__ import annotations

import json

import pytest

from tests.commands import run
from tests.shared_data import ROOT

PEOPLE = "email\n" + "\n".join(f"p{i}@example.com" for i in range(30))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "people.csv").write_text(PEOPLE)
    return tmp_path


def configure(folder, *lines: str) -> None:
    sources = "sources:\n  - {name: people, path: people.csv}\n"
    (folder / "pii-scan.yaml").write_text("version: 1\n" + sources + "\n".join(lines) + "\n")


def test_a_configured_path_that_is_not_there_fails_alone(folder):
    configure(folder, "  - {name: gone, path: nowhere}")
    done = run(folder, "scan", "-q")
    assert done.returncode == 3
    states = {
        c["dataset"]: c["state"] for c in json.loads(run(folder, "inventory", "export").stdout)["coverage"]
    }
    assert states["files://gone"] == "failed"
    assert "scanned" in states.values()


def test_a_missing_driver_is_said_in_words(folder):
    done = run(folder, "scan", "people.csv", "nosuchdb://host/x", "-q")
    assert done.returncode == 3
    assert "no driver" in done.stderr
    assert "internal error" not in done.stderr


def test_an_unknown_check_stops_before_anything_is_read(folder):
    configure(folder, "checks: {disable: [coverage-gapp]}")
    done = run(folder, "scan", "-q")
    assert done.returncode == 2
    assert "pii-scan.yaml:4:" in done.stderr
    assert "did you mean 'coverage-gap'?" in done.stderr
    assert not run(folder, "inventory", "runs").stdout


def test_an_export_rule_that_ties_nothing_is_said(folder):
    configure(folder, 'exports: [{match: "data/*", recipient: stripee}]')
    told = run(folder, "scan", "-q").stderr
    assert "'data/*' matches nothing" in told
    assert "no recipient 'stripee'" in told


def test_an_ad_hoc_server_keeps_its_name(folder):
    told = run(folder, "scan", "postgresql://reader@127.0.0.1:1/app", "-q").stderr
    assert "postgresql://app-127.0.0.1: failed" in told


def test_the_inventory_schema_stands_alone():
    import jsonschema

    folder = ROOT / "reports" / "schema"
    schema = json.loads((folder / "inventory.schema.json").read_text(encoding="utf-8"))
    assert schema["$defs"]["check_document"] == json.loads(
        (folder / "check.schema.json").read_text(encoding="utf-8")
    )
    validator = jsonschema.Draft202012Validator(schema)
    assert list(validator.iter_errors({"check": {}}))
