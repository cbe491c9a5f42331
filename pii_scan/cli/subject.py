"""`pii-scan subject`: where is this person's data."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .common import config_option, form_option, run_option, start, verbose_option

if TYPE_CHECKING:
    from ..run.subject import Question


@dataclass(frozen=True, slots=True)
class Given:
    """Whom a command is asked about, in which sources and why."""

    words: tuple[str, ...]
    sources: tuple[str, ...]
    purpose: str
    file: Path | None

    def question(self, run_id: str | None = None) -> Question:
        """Reads the identifiers, or asks for them. Raises ConfigError if they can't be had."""
        from ..run.subject import Question

        return Question(_text(self.file, self.words), self.purpose, self.sources, run_id)


def _given(command: Callable[..., None]) -> Callable[..., None]:
    """Gives `given`. Identifiers come by file, input or prompt: arguments stand in the list of processes."""

    @wraps(command)
    def function(
        *, words: tuple[str, ...], sources: tuple[str, ...], purpose: str, file: Path | None, **rest: Any
    ) -> None:
        command(given=Given(words, sources, purpose, file), **rest)

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
    given: Given,
) -> None:
    """Every place that holds a person's data, who received it, and what was not looked at."""
    start(verbose)
    from ..run import subject as use_case
    from ..run.context import context
    from ..subjects import telling

    asked = given.question(run_id)
    with context(config_path) as opened:
        answer = use_case.find(opened, asked).answer
    click.echo(json.dumps(telling.document(answer), indent=2) if form == "json" else telling.table(answer))
    raise SystemExit(3 if answer.not_searched else 0)


@subject.command()
@config_option
@run_option
@verbose_option
@_given
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), help="A new folder, or a file .zip."
)
def export(
    config_path: Path | None,
    run_id: str | None,
    verbose: int,
    given: Given,
    output: Path,
) -> None:
    """Pack a person's data for them: JSON lines, CSV and a manifest, without anybody else's identifiers."""
    start(verbose)
    from ..run import subject_package as use_case
    from ..run.context import context

    asked = given.question(run_id)
    with context(config_path) as opened:
        made = use_case.export(opened, asked, output)
    click.echo(
        f"{made.datasets} datasets in {output}; {made.redactions} redactions; see manifest.json", err=True
    )


@subject.command()
@config_option
@run_option
@form_option
@verbose_option
@_given
@click.option(
    "--identifiers-out",
    "known",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A new private file for all identifiers of theirs, those of their rows too; give it to verify.",
)
def erase(
    config_path: Path | None,
    run_id: str | None,
    form: str,
    verbose: int,
    given: Given,
    known: Path | None,
) -> None:
    """Plan an erasure: what to do where, in which order, what is kept, what to ask recipients.

    Nothing is executed, and no source is written to.
    """
    start(verbose)
    from ..run import subject as use_case
    from ..run.context import context
    from ..subjects import telling

    asked = given.question(run_id)
    with context(config_path) as opened:
        made, keyed = use_case.erase(opened, asked, known)
    shown = json.dumps(telling.plan_document(made, keyed), indent=2)
    click.echo(shown if form == "json" else telling.plan_table(made, keyed))
    raise SystemExit(3 if made.answer.not_searched else 0)


@subject.command()
@config_option
@run_option
@form_option
@verbose_option
@_given
def verify(
    config_path: Path | None,
    run_id: str | None,
    form: str,
    verbose: int,
    given: Given,
) -> None:
    """Look for a person again after an erasure; exit with 1 if anything is left that no hold keeps."""
    start(verbose)
    from ..run import subject as use_case
    from ..run.context import context
    from ..subjects import telling

    asked = given.question(run_id)
    with context(config_path) as opened:
        left = use_case.verify(opened, asked)
    shown = json.dumps(telling.left_document(left.answer, left.left, left.kept), indent=2)
    click.echo(shown if form == "json" else telling.left_table(left.answer, left.left, left.kept))
    raise SystemExit(left.code)


@subject.command()
@config_option
@run_option
@form_option
@verbose_option
@click.option("--store", required=True, help="The exposed store, by URN or name.")
@click.option("--aware", type=click.DateTime(), help="When the company became aware (UTC); default: now.")
@click.option("--purpose", default="not stated", show_default=True, help="Why; kept in the audit log.")
@click.option(
    "--plain",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A new file for the identifiers as they are, readable by its owner alone.",
)
def affected(
    config_path: Path | None,
    run_id: str | None,
    form: str,
    verbose: int,
    store: str,
    aware: datetime | None,
    purpose: str,
    plain: Path | None,
) -> None:
    """Whom the exposure of a store concerns, with which categories, and until when to report it."""
    start(verbose)
    from ..run import subject_affected as use_case
    from ..run.context import context
    from ..subjects import telling

    since = aware.replace(tzinfo=UTC) if aware else None
    with context(config_path) as opened:
        found = use_case.concerned(opened, store, since, purpose, plain, run_id)
    shown = json.dumps(telling.affected_document(found), indent=2)
    click.echo(shown if form == "json" else telling.affected_table(found))
    raise SystemExit(3 if found.not_searched else 0)


@subject.command()
@config_option
@verbose_option
@click.option("--source", "sources", multiple=True, help="Only this source; may be given again.")
def index(config_path: Path | None, verbose: int, sources: tuple[str, ...]) -> None:
    """Index files and logs, so that look-ups read only what may hold the person.

    The index holds keyed filters of addresses, numbers and ids, and no names, dates or postcodes. What is
    changed later is read whole until it is indexed again; what is as it was is not read again.
    """
    start(verbose)
    from ..run import subject as use_case
    from ..run.context import context

    with context(config_path) as opened:
        made = use_case.build_index(opened, sources)
    for gap in made.gaps:
        click.echo(f"not indexed, so read at each look-up: {gap}", err=True)
    click.echo(f"{made.blocks} blocks of {made.bytes:,} bytes indexed in {made.filters:,} bytes", err=True)
    raise SystemExit(3 if made.gaps else 0)


@subject.command()
@config_option
@verbose_option
@_given
def forget(
    config_path: Path | None,
    verbose: int,
    given: Given,
) -> None:
    """Drop what the index of look-ups holds of a person; run it after an erasure.

    Filters can't lose one member, so those that answer for the person go; `subject index` makes them anew.
    The audit log keeps its lines: they prove what was asked and done.
    """
    start(verbose)
    from ..run import subject as use_case
    from ..run.context import context

    asked = given.question()
    with context(config_path) as opened:
        dropped = use_case.forget(opened, asked)
    click.echo(f"{dropped} blocks are to be indexed anew: pii-scan subject index", err=True)


@subject.group()
def audit() -> None:
    """The log of look-ups."""


@audit.command("verify")
@config_option
def audit_verify(config_path: Path | None) -> None:
    """Tell whether the audit log is as it was written; exit with 1 if not."""
    start(0)
    from ..run import subject as use_case
    from ..run.context import context

    with context(config_path) as opened:
        state = use_case.audit_log(opened).verify()
    if state.broken:
        said = f"line {state.broken} of the audit log is not as it was written"
        if state.broken == 1:
            said += ", or the key is another one than it was written with"
        click.echo(said, err=True)
        raise SystemExit(1)
    click.echo(f"the audit log holds: {state.lines} lines, the last one is {state.last}")
