"""`pii-scan key new` and `pii-scan purge`."""

from __future__ import annotations

from pathlib import Path

import click

from .common import config_option, start


@click.group()
def key() -> None:
    """The secret that pseudonyms in the inventory are made with."""


@key.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def new(file: Path) -> None:
    """Write a new key to FILE, readable by its owner alone."""
    from ..core.errors import ConfigError
    from ..store.keys import load_or_create

    if file.exists():
        raise ConfigError(
            "the key file exists already", "an inventory is useless without its key: choose another name"
        )
    made = load_or_create("${file:" + str(file.resolve()) + "}", Path.cwd())
    click.echo(f"key {made.id} written; name it in pii-scan.yaml:  key: ${{file:{file}}}")


@click.command()
@config_option
@click.option("--keep", type=click.IntRange(0), default=10, show_default=True, help="Runs to keep.")
@click.confirmation_option(prompt="Delete older runs from the inventory?")
def purge(config_path: Path | None, keep: int) -> None:
    """Delete all but the latest runs from the inventory."""
    start(0)
    from ..run.context import context

    with context(config_path) as opened:
        before = len(opened.repository.runs())
        opened.repository.purge(keep)
        click.echo(f"{before - len(opened.repository.runs())} runs deleted")
