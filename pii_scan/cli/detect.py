"""`pii-scan detect`."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import click

from .common import start


@click.command()
@click.argument("file", default="-", type=click.File("rb"))
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(["table", "json", "text"]),
    default="table",
    show_default=True,
    help="The form; text: the text itself with categories in the place of what was found.",
)
@click.option("-l", "--language", metavar="CODE", help="The text's language, such as fr; default: guessed.")
@click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    default=0.35,
    show_default=True,
    help="Leave out what is less sure.",
)
@click.option("--show", is_flag=True, help="Show what was found as it is, not masked.")
@click.option("--fail", is_flag=True, help="Exit with 1 if anything is found: for hooks.")
@click.option("--encoding", default="utf-8", show_default=True, help="The text's encoding.")
@click.option(
    "-c",
    "--config",
    "config_path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A configuration whose rules, recognizers and models are used, too; none is looked for.",
)
def detect(
    file: BinaryIO,
    form: str,
    language: str | None,
    min_confidence: float,
    show: bool,
    fail: bool,
    encoding: str,
    config_path: Path | None,
) -> None:
    """Find personal data in a text: a FILE, or - for standard input.

    Every hit has its place (line:column), category, confidence and detector; what was found is masked.
    Nothing is stored, and no configuration is needed.
    """
    start(0)
    from ..run.detect import Asked, Texts

    texts = Texts(Asked(language, min_confidence, show, encoding), config_path)
    count = 0
    for piece, hits in texts.lines(file, getattr(file, "name", "-"), form):
        click.echo(piece, nl=False)
        count += hits
    raise SystemExit(1 if fail and count else 0)
