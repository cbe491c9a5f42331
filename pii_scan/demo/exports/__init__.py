"""What processors gave back: exports in their own shapes, and files that can't be read."""

from __future__ import annotations

from pathlib import Path

from ..company import Company
from ..rows import Tables
from . import analytics, broken, mail, meetings, payments, support


def write(company: Company, tables: Tables, folder: Path) -> None:
    """Every export, made from the same people and rows as the database."""
    payments.write(company, tables, folder)
    for part in (mail, support, analytics, meetings, broken):
        part.write(company, folder)
