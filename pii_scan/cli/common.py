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
