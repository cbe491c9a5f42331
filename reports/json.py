"""JSON for machine readers: the stable contract with its schemas in `schema/`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any

from pii_scan.core.inventory import Inventory
from pii_scan.core.ports import Report

from .canonical import canonical, dumps
from .check_document import check_document
from .inventory_document import inventory_document
from .options import kind

__all__ = ["REPORT", "canonical", "check_document", "inventory_document"]


@dataclass(frozen=True)
class Json:
    """Kinds: `inventory` (default), `check`, and `all`, the inventory with the check inside."""

    name: str = "json"
    suffix: str = ".json"

    def write(self, inventory: Inventory, out: IO[str], options: Mapping[str, str]) -> None:
        if options.get("canonical") == "yes":
            out.write(canonical(inventory))
            return
        out.write(dumps(_document(inventory, kind(options, "inventory"))) + "\n")


def _document(inventory: Inventory, wanted: str) -> dict[str, Any]:
    if wanted == "check":
        return check_document(inventory)
    document = inventory_document(inventory)
    if wanted == "all":
        document["check"] = check_document(inventory)
    return document


REPORT: Report = Json()
