"""`pii-scan subject`: where is this person's data."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from .common import config_option, form_option, run_option, start, verbose_option

F = TypeVar("F", bound=Callable[..., Any])


def _given(function: F) -> F:
    """The identifier, by file, standard input or prompt: arguments stand in the list of processes."""
    function = click.option(
        "--identifier-file",
        "file",
        type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
        help="A file with the person's identifiers, one a line; - for standard input; default: a prompt.",
    )(function)
    function = click.option(
        "--purpose", default="not stated", show_default=True, help="Why; kept in the audit log."
    )(function)
    function = click.option(
        "--source", "sources", multiple=True, help="Only this source; may be given again."
    )(function)
    return click.argument("words", nargs=-1, metavar="[-]")(function)


def _text(file: Path | None, words: tuple[str, ...]) -> str:
    """What was given. Raises ConfigError for an argument, which it does not repeat."""
    from ..core.errors import ConfigError, classify

    if words not in ((), ("-",)):
        raise ConfigError(
            "an identifier is never an argument: every user of this machine can read those",
            "type it at the prompt, pipe it in (-), or name a file with --identifier-file",
        )
    if words or (file and str(file) == "-") or (file is None and not sys.stdin.isatty()):
        return sys.stdin.read(1 << 16)
    if file is None:
        return str(click.prompt("identifier", hide_input=True, err=True))
    try:
        return file.read_text(encoding="utf-8")[: 1 << 16]
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"the file of identifiers can't be read ({classify(error)})", "check it") from None


@click.group()
def subject() -> None:
    """Where one person's data is, and what has to happen with it.

    The person's e-mail address, phone number or id comes from a prompt, standard input or a file, never as
    an argument. Every look-up is kept in an audit log beside the inventory; without it there is none.
    """


@subject.command()
@config_option
@run_option
@form_option
@verbose_option
@_given
def find(
    config_path: Path | None,
    run_id: str | None,
    form: str,
    verbose: int,
    words: tuple[str, ...],
    sources: tuple[str, ...],
    purpose: str,
    file: Path | None,
) -> None:
    """Every place that holds a person's data, who received it, and what was not looked at."""
    start(verbose)
    from ..run import subject as use_case
    from ..run.context import context
    from ..subjects import telling

    text = _text(file, words)
    with context(config_path) as opened:
        asked = use_case.Question(text, purpose, sources, run_id)
        answer = use_case.find(opened, asked).answer
    click.echo(json.dumps(telling.document(answer), indent=2) if form == "json" else telling.table(answer))
    raise SystemExit(3 if answer.not_searched else 0)


@subject.group()
def audit() -> None:
    """The log of look-ups."""


@audit.command()
@config_option
def verify(config_path: Path | None) -> None:
    """Tell whether the audit log is as it was written; exit with 1 if not."""
    start(0)
    from ..run import subject as use_case
    from ..run.context import context

    with context(config_path) as opened:
        state = use_case.audit_log(opened).verify()
    if state.broken:
        click.echo(f"line {state.broken} of the audit log is not as it was written", err=True)
        raise SystemExit(1)
    click.echo(f"the audit log holds: {state.lines} lines, the last one is {state.last}")
