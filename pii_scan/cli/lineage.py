"""`pii-scan lineage`."""

from __future__ import annotations

from pathlib import Path

import click

from .common import config_option, run_option, start


@click.command()
@config_option
@run_option
@click.option("--to", "recipient", help="Only what this recipient receives.")
@click.option("--category", help="Only this category and those below it.")
@click.option("--field", "urn", help="Only this field's or dataset's flows.")
@click.option(
    "-f",
    "--format",
    "name",
    type=click.Choice(["table", "json", "dot", "mermaid"]),
    help="The form.",
    default="table",
    show_default=True,
)
def lineage(
    config_path: Path | None,
    run_id: str | None,
    recipient: str | None,
    category: str | None,
    urn: str | None,
    name: str,
) -> None:
    """Who receives which field, by which evidence."""
    start(0)
    from ..run.check import judged
    from ..run.context import context
    from ..run.lineage import Question, answer

    with context(config_path) as opened:
        click.echo(answer(judged(opened, run_id), Question(recipient, category, urn), name))
