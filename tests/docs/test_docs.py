"""Documentation is run: every code block is executed, validated or generated."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import pytest
from sqlalchemy import make_url

from pii_scan.strict import parse_yaml, validate
from tests.commands import run
from tests.services import plain
from tests.services import run as run_sql
from tests.shared_data import ROOT

sys.path.insert(0, str(ROOT / "scripts"))

PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md"), *ROOT.glob("[CS]*.md")])
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
RUN, DIAGRAMS = {"console", "yaml", "bash", "sql"}, {"text", ""}


def blocks(language: str) -> list[tuple[str, str]]:
    return [
        (page.name, body)
        for page in PAGES
        for kind, body in BLOCK.findall(page.read_text(encoding="utf-8"))
        if kind == language
    ]


def test_every_block_is_of_a_kind_that_is_run_or_a_drawing():
    kinds = {kind for page in PAGES for kind, _ in BLOCK.findall(page.read_text(encoding="utf-8"))}
    assert kinds <= RUN | DIAGRAMS


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Something of one's own to scan, as the README's reader has."""
    made = tmp_path_factory.mktemp("reader")
    (made / "people.csv").write_text(
        "name,email\n" + "\n".join(f"Ann {i},ann{i}@example.com" for i in range(40))
    )
    (made / "note.txt").write_text("Please call Maria Jensen or write to maria@example.com about it.\n")
    (made / "logs").mkdir()
    (made / "logs" / "app.log").write_text("2026-01-02 03:04:05 INFO mail sent to ann1@example.com\n")
    return made


@pytest.mark.parametrize(("page", "body"), blocks("console"))
def test_console_blocks_do_what_they_show(folder, page, body):
    parts = re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]
    assert parts
    for part in parts:
        command, *expected = part.strip().splitlines()
        program, *arguments = shlex.split(command)
        assert program == "pii-scan"
        done = run(folder, *arguments)
        assert done.returncode == 0, f"{page}: {command}\n{done.stdout}\n{done.stderr}"
        for line in expected:
            assert line in done.stdout, f"{page}: {command}"


@pytest.mark.parametrize(("page", "body"), blocks("sql"))
def test_sql_blocks_make_a_user_that_can_scan(page, body, postgres_url, folder):
    admin = make_url(postgres_url).set(drivername="postgresql+psycopg")
    role = f"{admin.database}_doc"
    run_sql(admin, "CREATE TABLE people(email text)", "INSERT INTO people VALUES ('ann@example.com')")
    run_sql(admin, *filter(str.strip, body.replace("pii_reader", role).split(";")))
    try:
        secret = re.search(r"PASSWORD '(.*?)'", body)[1]
        done = run(folder, "scan", plain(admin.set(username=role, password=secret)), "-f", "json")
        assert done.returncode == 0, f"{page}: {done.stderr}"
        assert "user.contact.email" in done.stdout
    finally:
        run_sql(admin, f"DROP OWNED BY {role}", f"DROP ROLE {role}")


@pytest.mark.parametrize(("page", "body"), blocks("bash"))
def test_bash_blocks_name_targets_and_commands_that_exist(page, body):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for line in filter(None, (line.partition("#")[0].strip() for line in body.splitlines())):
        program, *arguments = shlex.split(line)
        if program == "make":
            assert re.search(rf"^{arguments[0]}:", makefile, re.MULTILINE), line
        else:
            assert program == "pii-scan", line
            assert _parses(arguments), f"{page}: {line}"


def _parses(arguments: list[str]) -> bool:
    """True if the words are a command with options that it knows."""
    import click

    from pii_scan.cli.main import cli

    command: click.Command = cli
    words = list(arguments)
    while isinstance(command, click.Group):
        command = command.commands[words.pop(0)]
    context = click.Context(command, help_option_names=["-h", "--help"])
    command.make_parser(context).parse_args(words)
    return True


def test_the_configuration_page_is_a_valid_configuration():
    from pii_scan.config.schema import Config

    found = [body for page, body in blocks("yaml") if page == "configuration.md"]
    assert found
    for body in found:
        data, positions = parse_yaml(body, "configuration.md")
        assert validate(Config, data, positions).sources


def test_the_declared_list_page_is_a_valid_declared_list(tmp_path):
    from pii_scan.data import load
    from pii_scan.policy import claims

    found = [body for page, body in blocks("yaml") if page in ("sharing.md", "cohorts.md")]
    assert len(found) == 2
    for body in found:
        path = tmp_path / "sharing.yaml"
        path.write_text(body, encoding="utf-8")
        assert claims.load(path, load.taxonomy()).claims


def test_the_page_of_rules_is_a_configuration_with_its_files(tmp_path):
    from pii_scan.config.load import load
    from pii_scan.run.knowledge import knowledge

    pages = [body for page, body in blocks("yaml") if page == "rules.md"]
    found = {body.partition(":")[0]: body for body in pages}
    assert set(found) == {"detect", "categories", "recognizers"}
    configurations = [body for body in pages if body.startswith("detect:")]
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "own.yaml").write_text(found["categories"], encoding="utf-8")
    (tmp_path / "presidio.yaml").write_text(found["recognizers"], encoding="utf-8")
    known = []
    for body in configurations:
        (tmp_path / "pii-scan.yaml").write_text(body, encoding="utf-8")
        known.append(knowledge(load(tmp_path / "pii-scan.yaml")))
    rules, decided = known
    assert {rule.id for rule in rules.options.rules} == {"staff_number", "locker"}
    assert len(rules.options.recognizers) == 1
    assert [d.kind for d in decided.decisions] == ["override", "override", "suppress"]


def test_the_configuration_page_has_rules_that_prove_themselves(tmp_path):
    from pii_scan.config.load import load
    from pii_scan.run.knowledge import knowledge

    (body,) = (body for page, body in blocks("yaml") if page == "configuration.md")
    (tmp_path / "pii-scan.yaml").write_text(body, encoding="utf-8")
    assert knowledge(load(tmp_path / "pii-scan.yaml")).decisions


def test_the_page_of_free_text_names_models_that_can_be_used(tmp_path):
    import spacy

    from pii_scan.config.load import load
    from pii_scan.detect.prose.installed import Wanted
    from pii_scan.run.knowledge import knowledge

    (body,) = (body for page, body in blocks("yaml") if page == "free-text.md")
    (tmp_path / "models").mkdir()
    spacy.blank("en").to_disk(tmp_path / "models" / "english")
    (tmp_path / "pii-scan.yaml").write_text(body, encoding="utf-8")
    models = knowledge(load(tmp_path / "pii-scan.yaml")).options.models
    assert models == {"it": "none", "en": str(tmp_path / "models" / "english")}
    others = re.findall(r"# \w\w: (\S+)", body)
    assert [Wanted.of(name).engine for name in others] == ["spacy", "stanza", "transformers", "gliner"]


def test_the_page_of_schemas_has_a_source_that_is_read(tmp_path):
    (body,) = (body for page, body in blocks("yaml") if page == "prerelease.md")
    (tmp_path / "pii-scan.yaml").write_text(body, encoding="utf-8")
    (tmp_path / "db" / "migrations").mkdir(parents=True)
    (tmp_path / "db" / "migrations" / "1.sql").write_text("CREATE TABLE guests(passport_number text);")
    done = run(tmp_path, "scan", "-f", "json")
    assert done.returncode == 0, done.stderr
    assert "ddl://next/guests#passport_number" in done.stdout


def test_the_page_of_files_has_sources_that_are_understood(tmp_path, monkeypatch):
    from pii_scan.config.load import load
    from pii_scan.run.sources import chosen

    (body,) = (body for page, body in blocks("yaml") if page == "files.md")
    (tmp_path / "pii-scan.yaml").write_text(body, encoding="utf-8")
    monkeypatch.setenv("PARTNER_PASSWORD", "not in the file")
    sources = chosen(load(tmp_path / "pii-scan.yaml"), ())
    assert [(source.kind, source.name) for source in sources] == [
        ("remote", "lake"), ("remote", "minio"), ("remote", "partner"),
    ]  # fmt: skip
    assert sources[2].settings.storage["password"].get_secret_value() == "not in the file"
    assert sources[1].settings.anonymous


@pytest.mark.parametrize(
    ("page", "folder_", "file", "body"),
    [
        ("infrastructure.md", "infra", "state.json", '{"version": 4, "resources": []}'),
        ("registers.md", "registers", "incidents.csv", "id,aware_at\nI-1,2026-01-02\n"),
    ],
)
def test_the_pages_of_infrastructure_and_registers_have_sources_that_are_read(
    tmp_path, page, folder_, file, body
):
    (settings,) = (block for name, block in blocks("yaml") if name == page)
    (tmp_path / "pii-scan.yaml").write_text(settings, encoding="utf-8")
    (tmp_path / folder_).mkdir()
    (tmp_path / folder_ / file).write_text(body, encoding="utf-8")
    done = run(tmp_path, "scan", "-q")
    assert done.returncode == 0, done.stderr


def test_the_page_of_registers_names_every_column():
    from pii_scan.core.register import REGISTERS

    text = (ROOT / "docs" / "registers.md").read_text(encoding="utf-8")
    for name, columns in REGISTERS.items():
        (line,) = (line for line in text.splitlines() if line.startswith(f"| `{name}` |"))
        for column in columns:
            shown = f"**`{column.name}`**" if column.required else f"`{column.name}`"
            assert f"{shown} {column.meaning}" in line


def test_no_other_page_has_yaml_that_is_not_run():
    pages = (
        "cohorts",
        "configuration",
        "rules",
        "sharing",
        "demo",
        "free-text",
        "prerelease",
        "files",
        "registers",
    )
    assert {page for page, _ in blocks("yaml")} <= {f"{page}.md" for page in (*pages, "infrastructure")}


def test_the_command_line_reference_is_that_of_the_commands():
    from cli_reference import reference

    assert (ROOT / "docs" / "cli.md").read_text(encoding="utf-8") == reference(), "run: make docs"


def test_links_lead_somewhere():
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_check_has_a_page_in_its_docstring():
    from pii_scan import plugins

    for name, check in plugins.load_all("checks").items():
        assert len(check.doc.splitlines()) >= 3, name
