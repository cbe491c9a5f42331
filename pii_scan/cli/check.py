"""`pii-scan check`."""

from __future__ import annotations

from pathlib import Path

import click

from .common import (
    baseline_options,
    config_option,
    fail_on_option,
    needs_baseline,
    outputs_option,
    run_option,
    start,
    verbose_option,
)


@click.command(
    epilog="""
\b
Examples:
  pii-scan check -o pii-scan.sarif -o junit.xml -o summary.md
  pii-scan check --baseline baseline.json --since-baseline --fail-on medium

\b
Exit codes: 0 nothing at or above --fail-on; 1 findings; 2 usage or configuration;
3 the scan was incomplete, and what was looked at is clean; 4 internal error.
"""
)
@config_option
@run_option
@fail_on_option("high")
@baseline_options
@click.option(
    "-f",
    "--format",
    "name",
    default=None,
    help="terminal (also: table), json, markdown, sarif, junit, html; default: by the file's suffix.",
)
@outputs_option
@verbose_option
def check(
    config_path: Path | None,
    run_id: str | None,
    fail_on: str,
    baseline: Path | None,
    since_baseline: bool,
    name: str | None,
    files: tuple[Path, ...],
    verbose: int,
) -> None:
    """Hold the last scan against the declared list; nothing is read from the sources again.

    Findings that were accepted (pii-scan accept) or stand in the baseline are reported and fail nothing.
    """
    needs_baseline(since_baseline, baseline)
    start(verbose)
    from ..run import report
    from ..run.baseline import load
    from ..run.whole import Wanted, checked

    known = load(baseline) if baseline else None
    wanted = Wanted(report.outputs(name, files), fail_on, known, since_baseline)
    outcome = checked(config_path, run_id, wanted)
    if files:
        click.echo(outcome.line, err=True)
    raise SystemExit(outcome.code)
