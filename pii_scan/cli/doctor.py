"""`pii-scan doctor`."""

from __future__ import annotations

from pathlib import Path

import click

from .common import config_option, start


@click.command()
@config_option
def doctor(config_path: Path | None) -> None:
    """Say what is installed, configured and reachable, and what to do where something is not."""
    start(0)
    from ..run.doctor import examine

    healthy = True
    for good, line in examine(config_path):
        click.echo(f"{'ok  ' if good else 'FAIL'} {line}")
        healthy &= good
    raise SystemExit(0 if healthy else 2)
