"""`pii-scan explain`."""

from __future__ import annotations

from pathlib import Path

import click

from .common import config_option, run_option, start


@click.command()
@click.argument("subject", metavar="URN|FINDING")
@config_option
@run_option
def explain(subject: str, config_path: Path | None, run_id: str | None) -> None:
    """Why: the evidence behind a field's verdicts, a dataset's coverage, or a finding."""
    start(0)
    from ..run.context import context
    from ..run.explain import lines

    with context(config_path) as opened:
        for line in lines(opened, subject, run_id):
            click.echo(line)
