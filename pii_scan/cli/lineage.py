"""`pii-scan lineage`."""

from __future__ import annotations

from pathlib import Path

import click

from .common import config_option, run_option, start


@click.command()
@config_option
@run_option
@click.option("--to", "recipient", metavar="WHO", help="What this recipient (or a service of it) receives.")
@click.option("--category", help="Only this category and those below it.")
@click.option("--field", "urn", metavar="URN", help="Who receives this field, dataset or store, and why.")
@click.option(
    "--abroad",
    "home",
    metavar="[FROM]",
    is_flag=False,
    flag_value="",
    default=None,
    help="What crosses a border: from where the data lies, or seen from FROM (EU, FR, eu-west-2).",
)
@click.option("--path", is_flag=True, help="The ways that data took: field, view, copy, recipient.")
@click.option("--since", metavar="RUN|last", help="What changed since that run, or the one before.")
@click.option(
    "-f",
    "--format",
    "name",
    type=click.Choice(["table", "json", "dot", "mermaid", "openlineage"]),
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
    home: str | None,
    path: bool,
    since: str | None,
    name: str,
) -> None:
    """Who receives which field, by which evidence."""
    start(0)
    if since and (path or home is not None):
        raise click.UsageError("--since compares two runs: leave out --path and --abroad")
    if since and name == "openlineage":
        raise click.UsageError("events are of one run: leave out --since, or take another form")
    from ..run.asking import Question
    from ..run.check import judged
    from ..run.context import context
    from ..run.lineage import answer, earlier_of

    question = Question(recipient, category, urn, home, path, since)
    with context(config_path) as opened:
        inventory = judged(opened, run_id)
        earlier = None
        if since:
            runs = tuple(run.id for run in opened.repository.runs() if run.state == "complete")
            earlier = judged(opened, earlier_of(runs, since, inventory.run.id))
        click.echo(answer(inventory, question, name, earlier))
