"""Prints docs/cli.md from the commands' own help, so that the two can't differ."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

from pii_scan.cli.main import cli


def pages(command: click.Command, path: tuple[str, ...]) -> Iterator[str]:
    """The help of a command and of everything below it."""
    context = click.Context(
        command,
        info_name=" ".join(path),
        max_content_width=100,
        terminal_width=100,
        help_option_names=["-h", "--help"],
    )
    yield f"## {' '.join(path)}\n\n```text\n{command.get_help(context).rstrip()}\n```\n"
    if isinstance(command, click.Group):
        for name in sorted(command.commands):
            yield from pages(command.commands[name], (*path, name))


def reference() -> str:
    variables = "Each option has a variable too: `pii-scan check --fail-on` is `PII_SCAN_CHECK_FAIL_ON`."
    head = f"# Command line\n\n{variables}\n\n"
    return head + "\n".join(pages(cli, ("pii-scan",)))


if __name__ == "__main__":
    sys.stdout.write(reference())
