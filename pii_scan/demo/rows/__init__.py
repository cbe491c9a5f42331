"""The rows of the application's tables: kept promises first, then the planted breaks."""

from __future__ import annotations

from typing import Any

from ..company import Company
from . import accounts, bookings, endings, leavers, lookups, operations, planted

Tables = dict[str, list[dict[str, Any]]]


def build(company: Company, kept: bool = False) -> Tables:
    """Every table's rows; later ones refer to earlier ones. `kept` breaks no promise."""
    tables: Tables = {}
    for part in (lookups, accounts, bookings, operations):
        part.fill(company, tables)
    leavers.fill(company, tables)
    endings.fill(company, tables)
    if kept:
        leavers.drop(tables)
    else:
        planted.plant(company, tables)
        endings.breach(company, tables)
    return tables
