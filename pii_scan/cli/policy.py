"""`pii-scan policy draft|diff|validate|schema|import|export`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from .common import config_option, form_option, start

_language = click.option(
    "-l", "--lang", type=click.Choice(["en", "fr"]), help="The policy's language; default: told by its words."
)
_file = click.Path(path_type=Path, dir_okay=False)


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


@policy.command()
@click.argument("file", type=_file)
@_language
@click.option("-o", "--output", type=_file, help="Where to write the draft; default: standard output.")
@click.option("--force", is_flag=True, help="Replace the output if it exists.")
def draft(file: Path, lang: str | None, output: Path | None, force: bool) -> None:
    """Draft a sharing.yaml from the policy in FILE (text, Markdown, HTML or PDF), for a person to review.

    Each claim comes with its quote, its place in the text and a confidence. No check reads a policy's prose:
    the reviewed file is the input of every check.
    """
    start(0)
    from ..run.drafting import drafted, save

    made, summary = drafted(file, lang, output)
    if output is None:
        click.echo(made, nl=False)
    else:
        save(made, output, force)
        click.echo(f"wrote {output}", err=True)
    for line in summary:
        click.echo(line, err=True)


@policy.command()
@click.argument("old", type=_file)
@click.argument("new", type=_file)
@_language
@form_option
def diff(old: Path, new: Path, lang: str | None, form: str) -> None:
    """What changed from OLD to NEW: recipients, categories, purposes, periods, places.

    Each is a policy's text or a sharing.yaml. A text is read as `policy draft` reads it, so look the
    differences up in the text before you rely on them.
    """
    start(0)
    from ..run.drafting import compared, table

    found = compared(old, new, lang)
    if form == "json":
        click.echo(json.dumps({"schema_version": 1, "changes": [c.as_dict() for c in found]}, indent=2))
        return
    for line in table(found):
        click.echo(line)


@policy.command()
@config_option
def schema(config_path: Path | None) -> None:
    """The JSON Schema of sharing.yaml for editors and CI, with the categories and promises known."""
    start(0)
    from ..run.exchange import schema as made

    click.echo(json.dumps(made(config_path), indent=2))


_fideslang = click.option(
    "--fideslang", is_flag=True, required=True, help="Systems of fideslang, as Fides reads them (YAML)."
)
_output = click.option("-o", "--output", type=_file, help="Where to write it; default: standard output.")
_force = click.option("--force", is_flag=True, help="Replace the output if it exists.")


@policy.command("export")
@click.argument("file", type=_file, default=Path("sharing.yaml"))
@_fideslang
@_output
@_force
@config_option
def export_(file: Path, fideslang: bool, output: Path | None, force: bool, config_path: Path | None) -> None:
    """Write the declared list in FILE (default: sharing.yaml) for other programs.

    Recipients become systems, claims of the kinds collect and allow_share privacy declarations; the rest
    travels in `meta`, so that `policy import` gives back the same list.
    """
    start(0)
    from ..run.exchange import exported

    _write(exported(file, config_path), output, force)


@policy.command("import")
@click.argument("file", type=_file)
@_fideslang
@_output
@_force
@config_option
def import_(file: Path, fideslang: bool, output: Path | None, force: bool, config_path: Path | None) -> None:
    """Make a sharing.yaml of the systems in FILE, for a person to review.

    Systems that get data become recipients, privacy declarations claims. What has no place in the list is
    named on standard error.
    """
    start(0)
    from ..run.exchange import imported

    made, notes = imported(file, config_path)
    _write(made, output, force)
    for note in notes:
        click.echo(f"not taken over: {note}", err=True)


def _write(text: str, output: Path | None, force: bool) -> None:
    if output is None:
        click.echo(text, nl=False)
        return
    from ..run.drafting import save

    save(text, output, force, "the file")
    click.echo(f"wrote {output}", err=True)
