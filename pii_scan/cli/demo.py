"""`pii-scan demo`."""

from __future__ import annotations

from pathlib import Path

import click

from .common import start


@click.command()
@click.option(
    "--dir",
    "directory",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("demo"),
    show_default=True,
    help="Where the company is built.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="The same seed builds the same company.")
@click.option(
    "--into", metavar="URL", help="Build the application's database in this PostgreSQL or MariaDB instead."
)
@click.option("--no-scan", is_flag=True, help="Only build it.")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that read.")
def demo(directory: Path, seed: int, into: str | None, no_scan: bool, jobs: int) -> None:
    """Build a made-up scheduling service, scan it, check it against its policy, write report.html.

    What is planted in it stands in expected.yaml; the run ends with how much of it was found.
    """
    start(0)
    from ..run.lean import lean

    lean()
    from ..run.demo import run

    raise SystemExit(run(directory, seed, into, scan=not no_scan, jobs=jobs, say=click.echo))
