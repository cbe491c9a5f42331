"""`pii-scan report`."""

from __future__ import annotations

from pathlib import Path

import click

from .common import config_option, output_option, run_option, start, verbose_option


@click.command()
@config_option
@run_option
@click.option(
    "-f",
    "--format",
    "name",
    default=None,
    help="terminal, json, markdown, sarif, junit, html, openlineage; default: by the file's suffix.",
)
@output_option
@verbose_option
def report(
    config_path: Path | None, run_id: str | None, name: str | None, output: Path | None, verbose: int
) -> None:
    """Write a stored scan as a report."""
    start(verbose)
    from ..run import check
    from ..run import report as use_case
    from ..run.context import context

    chosen = use_case.format_of(name, output)
    with context(config_path) as opened:
        use_case.write(check.judged(opened, run_id), chosen, output, {"kind": "all"})
