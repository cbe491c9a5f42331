"""`pii-scan config show|schema` and `pii-scan init`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from .common import config_option

STARTER = """\
version: 1
# sharing: sharing.yaml          # what you declare; see docs/sharing.md
sources:
  - name: app
    url: sqlite:///app.db        # or postgresql://reader:${env:DB_PASSWORD}@host/db
    owner: platform
  - name: logs
    path: logs
exports: []
#  - {match: "exports/stripe*", recipient: stripe}
"""


@click.group()
def config() -> None:
    """The configuration."""


@config.command()
@config_option
def show(config_path: Path | None) -> None:
    """The configuration as it is understood, secrets masked."""
    from ..run.context import configuration

    loaded = configuration(config_path)
    click.echo(json.dumps(loaded.config.model_dump(mode="json"), indent=2))


@config.command()
@click.option("--sharing", is_flag=True, help="Of the declared list instead.")
@click.option("--rules", is_flag=True, help="Of a rule file instead.")
def schema(sharing: bool, rules: bool) -> None:
    """The JSON Schema of pii-scan.yaml, for editors and CI."""
    if sharing and rules:
        raise click.UsageError("--sharing or --rules, not both")
    if sharing:
        from ..policy.claims import schema as made
    elif rules:
        from ..config.gather import schema as made
    else:
        from ..config.load import schema as made
    click.echo(json.dumps(made(), indent=2))


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), default=Path("pii-scan.yaml"))
def init(file: Path) -> None:
    """Write a configuration to start from."""
    from ..core.errors import ConfigError

    if file.exists():
        raise ConfigError(f"{file} exists already", "edit it, or name another file")
    file.write_text(STARTER, encoding="utf-8")
    click.echo(f"{file} written: name your sources in it, then run pii-scan scan")
