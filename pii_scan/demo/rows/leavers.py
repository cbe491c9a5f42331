"""Users who have left, within the days of grace; and columns that only broken promises fill."""

from __future__ import annotations

from typing import Any, Final

from ..clock import ago
from ..company import Company

Tables = dict[str, list[dict[str, Any]]]
_UNPROMISED: Final = {"users": ("date_of_birth", "tax_id"), "sessions": ("device_fingerprint",)}


def fill(company: Company, tables: Tables) -> None:
    """Eight of the last users left this month; their rows wait for the nightly deletion."""
    rng = company.rng("leavers")
    for user in tables["users"][-8:]:
        user["deleted_at"] = ago(rng, 1, 20)


def drop(tables: Tables) -> None:
    for table, columns in _UNPROMISED.items():
        for row in tables[table]:
            for column in columns:
                del row[column]
