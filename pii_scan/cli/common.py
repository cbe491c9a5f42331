"""Options that several verbs share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])
SEVERITIES = ("low", "medium", "high", "critical", "none")


def config_option(function: F) -> F:
    return click.option(
        "-c",
        "--config",
        "config_path",
        type=click.Path(path_type=Path, dir_okay=False),
        help="The configuration; default: pii-scan.yaml in this folder.",
        envvar="PII_SCAN_CONFIG",
    )(function)


def verbose_option(function: F) -> F:
    return click.option("-v", "--verbose", count=True, help="Say more on stderr; twice: everything.")(
        function
    )


def run_option(function: F) -> F:
    return click.option("--run", "run_id", help="A run's id; default: the latest.")(function)


def output_option(function: F) -> F:
    return click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path, dir_okay=False),
        help="A file; default: standard output.",
    )(function)


def outputs_option(function: F) -> F:
    return click.option(
        "-o",
        "--output",
        "files",
        multiple=True,
        type=click.Path(path_type=Path, dir_okay=False),
        help="A file; may be given more than once, each in the form of its suffix: "
        ".json, .sarif, .xml (JUnit), .md, .html, .txt. Default: standard output.",
    )(function)


def baseline_options(function: F) -> F:
    only = click.option(
        "--since-baseline", is_flag=True, help="Report only what is new against the baseline."
    )
    known = click.option(
        "--baseline",
        type=click.Path(path_type=Path, dir_okay=False),
        help="Findings in this file fail nothing, unless they became worse; pii-scan baseline writes one.",
    )
    return known(only(function))


def needs_baseline(since_baseline: bool, baseline: Path | None) -> None:
    """Raises UsageError for what is only meant with a baseline."""
    if since_baseline and baseline is None:
        raise click.UsageError("--since-baseline needs --baseline FILE")


def form_option(function: F) -> F:
    return click.option(
        "-f",
        "--format",
        "form",
        type=click.Choice(["table", "json"]),
        default="table",
        show_default=True,
        help="The form.",
    )(function)


def fail_on_option(default: str) -> Callable[[F], F]:
    return click.option(
        "--fail-on",
        type=click.Choice(SEVERITIES),
        default=default,
        show_default=True,
        help="Exit with 1 if a finding is at least this severe.",
    )


def start(verbose: int) -> None:
    """Sets up the log; called first by every verb that does work."""
    from ..run.log import configure

    configure(verbose)
