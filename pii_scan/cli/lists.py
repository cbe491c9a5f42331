"""`pii-scan rules|connectors|categories|checks`."""

from __future__ import annotations

import click

from .common import start


@click.group()
def rules() -> None:
    """The detection rules: list them, run their examples."""


@rules.command("list")
def rules_list() -> None:
    """Every rule with its category."""
    from ..run.catalogue import rule_lines

    click.echo("\n".join(rule_lines()))


@rules.command("test")
def rules_test() -> None:
    """Run the examples that every rule carries; exit 1 if one fails."""
    start(0)
    from ..run.catalogue import rule_failures

    failures = list(rule_failures())
    for failure in failures:
        click.echo(failure)
    click.echo(f"{len(failures)} failures")
    raise SystemExit(1 if failures else 0)


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
def categories_list() -> None:
    """Every category with its label; * marks special categories (GDPR articles 9 and 10)."""
    from ..run.catalogue import category_lines

    click.echo("\n".join(category_lines()))


@click.group()
def checks() -> None:
    """The checks."""


@checks.command("list")
@click.option("--doc", is_flag=True, help="With each check's page.")
def checks_list(doc: bool) -> None:
    """Every installed check with its severity and what it needs."""
    from ..run.catalogue import check_lines

    click.echo("\n".join(check_lines(doc)))
