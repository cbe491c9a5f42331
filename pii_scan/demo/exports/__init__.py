"""What processors gave back: exports in their own shapes, and files that can't be read."""

from __future__ import annotations

from pathlib import Path

from ..company import Company
from ..rows import Tables
from . import analytics, broken, customers, mail, meetings, newsletter, payments, support


def write(company: Company, tables: Tables, folder: Path, kept: bool = False) -> None:
    """Every export, made from the same people and rows as the database."""
    payments.write(company, tables, folder)
    customers.write(company, tables, folder)
    newsletter.write(company, folder, kept)
    support.write(company, folder, kept)
    for part in (mail, analytics, meetings, broken):
        part.write(company, folder)
