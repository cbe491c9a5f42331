"""Writes an inventory in one of the installed formats, to a file or to standard output."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
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
        part.unlink(missing_ok=True)
        raise ConfigError(
            f"the report can't be written ({classify(error)})", "check the folder and the disk"
        ) from None


def format_of(name: str | None, out: Path | None) -> str:
    """The format asked for, else the one of the file's suffix, else the terminal's."""
    if name:
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
    }
    if out.suffix not in suffixes:
        raise ConfigError(
            f"no format for the suffix '{out.suffix}'",
            f"name one with -f: {', '.join(plugins.names('reports'))}",
        )
    return suffixes[out.suffix]
