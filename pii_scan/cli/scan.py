"""`pii-scan scan`."""

from __future__ import annotations

from pathlib import Path

import click

from .common import (
    baseline_options,
    config_option,
    fail_on_option,
    needs_baseline,
    outputs_option,
    start,
    verbose_option,
)


@click.command(
    epilog="""
\b
Examples:
  pii-scan scan postgresql://reader@db/app ./logs exports/*.csv
  pii-scan scan                      everything in pii-scan.yaml
  pii-scan scan app --full --jobs 2  one configured source, every row
  pii-scan scan --no-store --fail-on high -o pii-scan.sarif   in CI, in one command
"""
)
@click.argument("sources", nargs=-1, metavar="[SOURCE|URL|PATH]…")
@config_option
@click.option(
    "--sample",
    "rows",
    type=click.IntRange(1),
    metavar="N",
    help="Rows to read of each dataset; default 10,000.",
)
@click.option("--full", is_flag=True, help="Read every row.")
@click.option("--seed", type=int, help="Chooses the sample; the same seed gives the same rows.")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that read.")
@click.option("--gentle", is_flag=True, help="Keep a database server busy for a fifth of the time at most.")
@click.option(
    "--budget",
    multiple=True,
    metavar="LIMIT",
    help="What a source may cost: 10min, 500MB, 1000000rows; may be given more than once.",
)
@click.option(
    "--since",
    metavar="RUN",
    help="Read only what has changed since that run, or `last`; the rest is carried over.",
)
@click.option("--resume", is_flag=True, help="Go on with an interrupted scan.")
@click.option("--dry-run", is_flag=True, help="List what would be read, and read nothing.")
@click.option(
    "--presidio/--no-presidio", default=None, help="Use Presidio's recognizers too; default: as configured."
)
@click.option("--texts/--no-texts", default=None, help="Read free text for names; default: as configured.")
@click.option(
    "-f",
    "--format",
    "name",
    default=None,
    help="terminal, json, markdown, sarif, junit, html, openlineage; default: by the file's suffix.",
)
@outputs_option
@fail_on_option("none")
@baseline_options
@click.option(
    "--no-store", is_flag=True, help="Keep no inventory: what was found is reported, then forgotten."
)
@click.option("-q", "--quiet", is_flag=True, help="No progress and no report.")
@verbose_option
def scan(
    sources: tuple[str, ...],
    config_path: Path | None,
    rows: int | None,
    full: bool,
    seed: int | None,
    jobs: int,
    gentle: bool,
    budget: tuple[str, ...],
    since: str | None,
    resume: bool,
    dry_run: bool,
    presidio: bool | None,
    texts: bool | None,
    name: str | None,
    files: tuple[Path, ...],
    fail_on: str,
    baseline: Path | None,
    since_baseline: bool,
    no_store: bool,
    quiet: bool,
    verbose: int,
) -> None:
    """Scan databases, logs and exports; show what they hold and who receives it.

    SOURCE is a name from the configuration; a URL or a path needs no configuration.
    """
    if full and rows:
        raise click.UsageError("--sample and --full exclude each other")
    if since and resume:
        raise click.UsageError("--since and --resume exclude each other")
    if no_store and (since or resume):
        raise click.UsageError("--no-store has no earlier run: leave out --since and --resume")
    needs_baseline(since_baseline, baseline)
    start(verbose)
    from ..run.lean import lean

    lean()
    from ..run import report
    from ..run.baseline import load
    from ..run.scan import ScanOptions
    from ..run.whole import Wanted, listing, whole

    options = ScanOptions(
        "full" if full else None, rows, seed, jobs, resume, presidio, texts, gentle, since, budget
    )
    if dry_run:
        click.echo(listing(config_path, sources))
        return
    known = load(baseline) if baseline else None
    wanted = Wanted(report.outputs(name, files), fail_on, known, since_baseline, keep=not no_store)
    outcome = whole(config_path, sources, options, wanted, quiet)
    if files and not quiet:
        click.echo(outcome.line, err=True)
    raise SystemExit(outcome.code)
