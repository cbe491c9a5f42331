"""`pii-scan rules|decisions|connectors|categories|checks`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from .common import config_option, form_option, run_option, start


@click.group()
def rules() -> None:
    """The detection rules: list them, run their examples."""


@rules.command("list")
@config_option
@form_option
def rules_list(config_path: Path | None, form: str) -> None:
    """Every rule, shipped or your own: category, strength, country, origin, and why it is left out."""
    start(0)
    from ..run.rules import listed

    found = listed(config_path)
    if form == "json":
        click.echo(
            json.dumps({"schema_version": "1.0", "rules": [rule.to_json() for rule in found]}, indent=2)
        )
    else:
        click.echo("\n".join(rule.line for rule in found))


@rules.command("test")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--rule", "rule_id", help="Only the rule of this id.")
@config_option
def rules_test(file: Path | None, rule_id: str | None, config_path: Path | None) -> None:
    """Run the examples that every rule carries; exit 1 if one fails.

    The shipped rules and those of the configuration, or only those of FILE, a rule file.
    """
    start(0)
    from ..run.rules import failures

    failed = list(failures(config_path, file, rule_id))
    for failure in failed:
        click.echo(failure)
    click.echo(f"{len(failed)} failures")
    raise SystemExit(1 if failed else 0)


@click.command()
@config_option
@run_option
@form_option
def decisions(config_path: Path | None, run_id: str | None, form: str) -> None:
    """The overrides, suppressions and accepted findings, and how each stands in a run."""
    start(0)
    from ..run.context import context
    from ..run.standing import document, table

    with context(config_path) as opened:
        click.echo((document if form == "json" else table)(opened, run_id))


@click.group()
def connectors() -> None:
    """What can be scanned."""


@connectors.command("list")
def connectors_list() -> None:
    """Every installed connector."""
    from ..run.catalogue import connector_lines

    click.echo("\n".join(connector_lines()))


@click.group()
def categories() -> None:
    """The data categories."""


@categories.command("list")
@config_option
def categories_list(config_path: Path | None) -> None:
    """Every category with its label; * marks special categories (GDPR articles 9 and 10)."""
    from ..run.catalogue import category_lines

    click.echo("\n".join(category_lines(config_path)))


@click.group()
def exports() -> None:
    """The exports of processors that are known by their headers."""


@exports.command("list")
@form_option
def exports_list(form: str) -> None:
    """Every known export: its recipient, who brought the data in, and what is easily read wrongly."""
    from ..run.catalogue import export_lines, exports_document

    if form == "json":
        click.echo(json.dumps({"schema_version": "1.0", "exports": exports_document()}, indent=2))
    else:
        click.echo("\n".join(export_lines()))


@click.group()
def checks() -> None:
    """The checks."""


@checks.command("list")
@click.option("--doc", is_flag=True, help="With each check's page.")
def checks_list(doc: bool) -> None:
    """Every installed check with its severity and what it needs."""
    from ..run.catalogue import check_lines

    click.echo("\n".join(check_lines(doc)))
