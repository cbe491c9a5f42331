"""The command line's manners: help, lists, errors, formats."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from pii_scan.cli.main import cli
from tests.commands import run


def commands(group=cli, prefix=()):
    for name, command in sorted(group.commands.items()):
        if hasattr(command, "commands"):
            yield from commands(command, (*prefix, name))
        else:
            yield (*prefix, name), command


@pytest.mark.parametrize(
    ("path", "command"), list(commands()), ids=lambda v: " ".join(v) if isinstance(v, tuple) else ""
)
def test_every_command_has_help_and_every_option_a_word(path, command):
    shown = CliRunner().invoke(cli, [*path, "--help"])
    assert shown.exit_code == 0
    assert command.help
    import click

    silent = [p.name for p in command.params if isinstance(p, click.Option) and not p.help]
    assert not silent


def test_rules_prove_themselves(tmp_path):
    done = run(tmp_path, "rules", "test")
    assert done.returncode == 0, done.stdout
    assert "0 failures" in done.stdout


def test_lists_name_what_is_installed(tmp_path):
    assert "postgresql" in run(tmp_path, "connectors", "list").stdout
    assert "user.contact.email" in run(tmp_path, "categories", "list").stdout
    assert "undeclared-recipient" in run(tmp_path, "checks", "list", "--doc").stdout


def test_schemas_are_json(tmp_path):
    assert json.loads(run(tmp_path, "config", "schema").stdout)["properties"]["sources"]
    assert json.loads(run(tmp_path, "config", "schema", "--sharing").stdout)["properties"]["claims"]


def test_init_writes_a_configuration_that_loads(tmp_path):
    assert run(tmp_path, "init").returncode == 0
    assert run(tmp_path, "config", "show").returncode == 0
    again = run(tmp_path, "init")
    assert again.returncode == 2
    assert "exists already" in again.stderr


def test_explain_shows_the_evidence_and_suggests_near_names(tmp_path):
    (tmp_path / "people.csv").write_text("email\n" + "\n".join(f"p{i}@example.com" for i in range(30)))
    assert run(tmp_path, "scan", "people.csv", "-q").returncode == 0
    urn = json.loads(run(tmp_path, "inventory", "export").stdout)["fields"][0]["urn"]
    told = run(tmp_path, "explain", urn)
    assert "user.contact.email" in told.stdout
    assert "30 of 30" in told.stdout
    wrong = run(tmp_path, "explain", urn[:-1])
    assert wrong.returncode == 2
    assert urn in wrong.stderr


def test_two_scans_of_the_same_data_give_the_same_bytes(tmp_path):
    (tmp_path / "people.csv").write_text(
        "name,email\n" + "\n".join(f"Ann {i},p{i}@example.com" for i in range(300))
    )
    exports = []
    for _ in range(2):
        assert run(tmp_path, "scan", "people.csv", "-q", "--jobs", str(len(exports) + 1)).returncode == 0
        exports.append(run(tmp_path, "inventory", "export", "--canonical").stdout)
    assert exports[0] == exports[1]
    assert "user.contact.email" in exports[0]


def test_a_diff_says_what_is_new(tmp_path):
    (tmp_path / "people.csv").write_text("email\nann@example.com\n")
    run(tmp_path, "scan", "people.csv", "-q")
    (tmp_path / "people.csv").write_text("email,phone\nann@example.com,+33 6 12 34 56 78\n")
    run(tmp_path, "scan", "people.csv", "-q")
    old = run(tmp_path, "inventory", "runs").stdout.split()[0]
    told = run(tmp_path, "inventory", "diff", old).stdout
    assert "+ category:" in told
    assert "phone" in told


def test_the_csv_export_starts_no_formula(tmp_path):
    (tmp_path / "=cmd.csv").write_text("email\nann@example.com\n")
    run(tmp_path, "scan", "=cmd.csv", "-q")
    cells = [
        cell
        for line in run(tmp_path, "inventory", "export", "-f", "csv").stdout.splitlines()
        for cell in line.split(",")
    ]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
