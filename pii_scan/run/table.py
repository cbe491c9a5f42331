"""The inventory as CSV, for spreadsheets; no cell can start a formula."""

from __future__ import annotations

import sys
from pathlib import Path

from ..core.inventory import Inventory

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def _harmless(value: object) -> object:
    """A leading quote keeps spreadsheets from running a cell (OWASP, CSV injection)."""
    if isinstance(value, str) and value.lstrip(" \u00a0").startswith(_FORMULA):
        return f"'{value}"
    return value


def write_csv(inventory: Inventory, out: Path | None) -> None:
    """One row a detection, with the columns of `Inventory.frame()`."""
    text = inventory.frame().map(_harmless).to_csv(index=False)
    if out is None or str(out) == "-":
        sys.stdout.write(text)
    else:
        out.write_text(text, encoding="utf-8")
