"""What is installed: connectors, categories, checks, as lines of text."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .. import plugins
from ..core.ports import Check, ConnectorType
from ..data import known
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


def export_lines() -> Iterator[str]:
    """`id  recipient  direction  source`, and a line for each thing that is easily read wrongly."""
    for pack in known.packs():
        yield f"{pack.id:26}  {pack.recipient:18}  {pack.direction:9}  {pack.source}"
        yield from (f"    {trap}" for trap in pack.traps)


def exports_document() -> list[dict[str, Any]]:
    """The same for programs, with the headers that tell an export and the categories of its columns."""
    return [
        {
            "id": pack.id,
            "recipient": pack.recipient,
            "dataset": pack.dataset,
            "direction": pack.direction,
            "source": pack.source,
            "required": list(pack.required),
            "any_of": list(pack.any_of),
            "minimum": pack.minimum,
            "fields": dict(pack.fields),
            "traps": list(pack.traps),
        }
        for pack in known.packs()
    ]
