"""`pii-scan policy validate`."""

from __future__ import annotations

from pathlib import Path

import click

from .common import start


@click.group()
def policy() -> None:
    """The declared list and the policy text behind it."""


@policy.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), default=Path("sharing.yaml"))
@click.option(
    "--text",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Show each claim beside its quote in this text.",
)
def validate(file: Path, text: Path | None) -> None:
    """Check FILE (default: sharing.yaml): keys, categories, recipients, periods, hash, quotes."""
    start(0)
    from ..run.policy import validated

    code, lines = validated(file, text)
    for line in lines:
        click.echo(line)
    raise SystemExit(code)
