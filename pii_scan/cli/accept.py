"""`pii-scan accept` and `pii-scan baseline`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from .common import config_option, run_option, start


@click.command(
    epilog="""
\b
Example:
  pii-scan accept 3f1c0b7c5b1a9e5d --owner "data office" --reason "contract is being signed" \\
    --until 2027-03-31
"""
)
@click.argument("findings", nargs=-1, required=True, metavar="FINDING…")
@click.option("--owner", required=True, help="Who answers for it.")
@click.option("--reason", required=True, help="Why it may stay for now.")
@click.option(
    "--until",
    required=True,
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="The last day on which it is accepted; from the next day on it counts again.",
)
@config_option
@run_option
def accept(
    findings: tuple[str, ...],
    owner: str,
    reason: str,
    until: datetime,
    config_path: Path | None,
    run_id: str | None,
) -> None:
    """Accept findings of the last scan for a time: they stay in every report and fail nothing.

    FINDING is an id as reports show it, or its beginning. They are written to pii-scan.accepted.yaml beside
    the configuration (its key `accepted` names another file). A finding is told by its id in every later
    scan; to accept it for longer, accept it again. A changed policy text can't be accepted.
    """
    if not owner.strip() or not reason.strip():
        raise click.UsageError("--owner and --reason say who answers for it and why: they can't be empty")
    start(0)
    from ..run import accepting
    from ..run.check import judged
    from ..run.context import context

    terms = accepting.Terms(owner.strip(), reason.strip(), until.date())
    with context(config_path) as opened:
        for line in accepting.accept(opened, judged(opened, run_id), findings, terms):
            click.echo(line)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), default=Path("baseline.json"))
@click.option("--force", is_flag=True, help="Replace FILE if it exists.")
@config_option
@run_option
def baseline(file: Path, force: bool, config_path: Path | None, run_id: str | None) -> None:
    """Write today's findings to FILE (default: baseline.json), for `--baseline` of check and scan.

    Later checks then fail only for what is new or became worse. Accepted findings are left out, so that
    they count again when their time is over; so is a changed policy text.
    """
    start(0)
    from ..run.baseline import write
    from ..run.check import judged
    from ..run.context import context

    with context(config_path) as opened:
        click.echo(write(judged(opened, run_id), file, force))
