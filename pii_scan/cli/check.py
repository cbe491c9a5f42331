"""`pii-scan check`."""

from __future__ import annotations

from pathlib import Path

import click

from .common import config_option, fail_on_option, output_option, run_option, start, verbose_option


@click.command()
@config_option
@run_option
@fail_on_option("high")
@click.option(
    "-f", "--format", "name", default=None, help="terminal (also: table), json, markdown, sarif, html."
)
@output_option
@verbose_option
def check(
    config_path: Path | None,
    run_id: str | None,
    fail_on: str,
    name: str | None,
    output: Path | None,
    verbose: int,
) -> None:
    """Hold the last scan against the declared list; nothing is read from the sources again."""
    start(verbose)
    from ..run import check as use_case
    from ..run import report
    from ..run.context import context

    chosen = report.format_of("terminal" if name == "table" else name, output)
    with context(config_path) as opened:
        outcome = use_case.Outcome(use_case.check(opened, run_id), fail_on)
        report.write(outcome.inventory, chosen, output, {"kind": "check"})
        raise SystemExit(outcome.code)
