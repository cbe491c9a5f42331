"""`pii-scan inventory show|diff|export`."""

from __future__ import annotations

from pathlib import Path

import click

from .common import config_option, form_option, output_option, run_option, start, verbose_option


@click.group()
def inventory() -> None:
    """What was found: show it, compare two runs, hand it to other programs."""


@inventory.command()
@config_option
@run_option
@verbose_option
def show(config_path: Path | None, run_id: str | None, verbose: int) -> None:
    """Every field with its categories."""
    start(verbose)
    from ..run import report
    from ..run.context import context

    with context(config_path) as opened:
        report.write(opened.inventory(run_id), "terminal", None, {"kind": "inventory", "limit": "100000"})


@inventory.command()
@config_option
@run_option
@click.option(
    "-f",
    "--format",
    "name",
    type=click.Choice(["json", "csv"]),
    help="The form.",
    default="json",
    show_default=True,
)
@click.option(
    "--canonical", is_flag=True, help="Sorted, without run ids and clocks: same bytes, same inventory."
)
@output_option
@verbose_option
def export(
    config_path: Path | None,
    run_id: str | None,
    name: str,
    canonical: bool,
    output: Path | None,
    verbose: int,
) -> None:
    """The inventory for machines; its JSON Schema is in reports/schema."""
    start(verbose)
    if canonical and name != "json":
        raise click.UsageError("--canonical is JSON")
    from ..run import report
    from ..run.context import context
    from ..run.table import write_csv

    with context(config_path) as opened:
        found = opened.inventory(run_id)
        if name == "csv":
            write_csv(found, output)
        else:
            report.write(
                found, "json", output, {"kind": "inventory", "canonical": "yes" if canonical else ""}
            )


@inventory.command()
@config_option
@run_option
@form_option
@verbose_option
def settings(config_path: Path | None, run_id: str | None, form: str, verbose: int) -> None:
    """Where data lies and how it is guarded, as servers, buckets and plans say."""
    start(verbose)
    import json

    from ..run.context import context
    from ..run.facts import documents, lines

    with context(config_path) as opened:
        found = opened.inventory(run_id).settings
        if form == "json":
            click.echo(json.dumps(documents(found), indent=1))
        else:
            for line in lines(found):
                click.echo(line)


@inventory.command()
@click.argument("old")
@click.argument("new", required=False)
@config_option
@verbose_option
def diff(old: str, new: str | None, config_path: Path | None, verbose: int) -> None:
    """What changed from run OLD to run NEW (default: the latest)."""
    start(verbose)
    from ..run.context import context
    from ..run.diff import lines

    with context(config_path) as opened:
        for line in lines(opened.inventory(old), opened.inventory(new)):
            click.echo(line)


@inventory.command()
@config_option
def runs(config_path: Path | None) -> None:
    """The stored runs, the latest last."""
    start(0)
    from ..run.context import context

    with context(config_path) as opened:
        for run in opened.repository.runs():
            click.echo(f"{run.id}  {run.started}  {run.mode}  {run.state}")
