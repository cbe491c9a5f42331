"""`pii-scan detect`."""

from __future__ import annotations

from pathlib import Path

import click

from .common import start


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE]…")
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
    files: tuple[str, ...],
    form: str,
    language: str | None,
    min_confidence: float,
    show: bool,
    fail: bool,
    encoding: str,
    config_path: Path | None,
) -> None:
    """Find personal data in texts: each FILE, or - for standard input, which is the default.

    Every hit has its place (line:column, behind the name if there are several files), category, confidence
    and detector; what was found is masked. Nothing is stored, and no configuration is needed. Of several
    files one that can't be read is named, the others are read, and the exit code is 2.
    """
    if len(files) > 1 and form != "table":
        raise click.UsageError(f"--format {form} is for one file")
    start(0)
    from ..core.errors import ConfigError
    from ..run.detect import Asked, Texts

    texts = Texts(Asked(language, min_confidence, show, encoding), config_path)
    count, faulty = 0, False
    for name in files or ("-",):
        try:
            for piece, hits in texts.file(name, form, named=len(files) > 1):
                click.echo(piece, nl=False)
                count += hits
        except ConfigError as error:
            if len(files) < 2:
                raise
            click.echo(f"error: {error}", err=True)
            faulty = True
    raise SystemExit(2 if faulty else 1 if fail and count else 0)
