"""`pii-scan sources test`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from .common import config_option, form_option, start


@click.group()
def sources() -> None:
    """The databases, logs and exports that are configured."""


@sources.command("test")
@click.argument("names", nargs=-1, metavar="[SOURCE|URL|PATH]…")
@config_option
@form_option
def sources_test(names: tuple[str, ...], config_path: Path | None, form: str) -> None:
    """Say of each source whether it can be scanned, what is visible and what reading is held to.

    At most one row of an object is read, and nothing is stored. Exit 3 if a source can't be scanned.
    """
    start(0)
    from ..run.reach import reached

    found = []
    for reach in reached(config_path, names):
        found.append(reach)
        if form == "table":
            click.echo(reach.line)
    if form == "json":
        document = {"schema_version": "1.0", "sources": [reach.to_json() for reach in found]}
        click.echo(json.dumps(document, indent=2))
    raise SystemExit(0 if all(reach.good for reach in found) else 3)
