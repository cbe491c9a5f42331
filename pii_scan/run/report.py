"""Writes an inventory in one of the installed formats, to a file or to standard output."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from .. import plugins
from ..core.errors import ConfigError, classify
from ..core.inventory import Inventory
from ..core.ports import Report


def write(inventory: Inventory, name: str, out: Path | None, options: Mapping[str, str]) -> None:
    """The report `name` of the inventory; `out` None or `-` is standard output.

    A file is written beside its place and moved there, readable by its owner alone. Raises
    ConfigError for an unknown format or a place that can't be written.
    """
    report: Report = plugins.get("reports", name)
    if out is None or str(out) == "-":
        report.write(inventory, sys.stdout, options)
        sys.stdout.flush()
        return
    part = out.with_name(f".{out.name}.part")
    try:
        with os.fdopen(
            os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
        ) as file:
            report.write(inventory, file, options)
        part.replace(out)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise ConfigError(
            f"the report can't be written ({classify(error)})", "check the folder and the disk"
        ) from None


Output = tuple[str, Path | None]
"""A format and a file; None is standard output."""


def outputs(name: str | None, files: Sequence[Path]) -> list[Output]:
    """Where a report goes and in which form: the one asked for, else that of each file's suffix.

    Raises ConfigError for a suffix without a format, and for one form for several files.
    """
    if name and len(files) > 1:
        raise ConfigError("-f names one form, and there are several files", "leave -f out: suffixes tell")
    if len(set(files)) < len(files):
        raise ConfigError("the same file is named twice with -o", "name it once")
    return [(format_of(name, file), file) for file in files or (None,)]


def format_of(name: str | None, out: Path | None) -> str:
    """The format asked for, else the one of the file's suffix, else the terminal's.

    Raises ConfigError for a format or a suffix that there is not.
    """
    if name:
        name = {"table": "terminal"}.get(name, name)
        plugins.get("reports", name)  # an unknown one stops here
        return name
    if out is None or str(out) == "-":
        return "terminal"
    suffixes = {
        ".json": "json",
        ".md": "markdown",
        ".html": "html",
        ".sarif": "sarif",
        ".txt": "terminal",
        ".ndjson": "openlineage",
        ".xml": "junit",
    }
    if out.suffix not in suffixes:
        raise ConfigError(
            f"no format for the suffix '{out.suffix}'",
            f"name one with -f: {', '.join(plugins.names('reports'))}",
        )
    return suffixes[out.suffix]
