"""What is installed: connectors, categories, checks, as lines of text."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

from .. import plugins
from ..core.ports import Check, ConnectorType
from .context import configuration
from .knowledge import unproven


def connector_lines() -> Iterator[str]:
    kinds: dict[str, ConnectorType] = plugins.load_all("connectors")
    for name, kind in kinds.items():
        yield f"{name:<12} {kind.summary}"


def category_lines(config: Path | None) -> Iterator[str]:
    """The shipped categories and those of the configuration."""
    taxonomy = unproven(configuration(config)).taxonomy
    for key in sorted(taxonomy.categories):
        mark = "*" if taxonomy.is_special(key) else " "
        yield f"{mark} {key:<52} {taxonomy.label(key)}"


def check_lines(doc: bool = False) -> Iterator[str]:
    checks: dict[str, Check] = plugins.load_all("checks")
    for name, check in checks.items():
        yield f"{name:<28} {check.severity:<9} needs {', '.join(check.needs)}"
        if doc:
            yield f"\n{inspect.cleandoc(check.doc)}\n"
