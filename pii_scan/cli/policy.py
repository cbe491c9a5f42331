"""`pii-scan policy validate`."""

from __future__ import annotations

from pathlib import Path

import click

from .common import config_option, start


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
@config_option
def validate(file: Path, text: Path | None, config_path: Path | None) -> None:
    """Check FILE (default: sharing.yaml): keys, categories, recipients, periods, hash, quotes.

    Categories may also be those that the configuration declares.
    """
    start(0)
    from ..run.policy import validated

    code, lines = validated(file, text, config_path)
    for line in lines:
        click.echo(line)
    raise SystemExit(code)
