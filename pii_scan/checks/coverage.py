"""What was not looked at: it is never taken for clean."""

from __future__ import annotations

from collections.abc import Iterator

from ..core.finding import Finding
from ..core.inventory import Inventory
from ..core.ports import Check


def coverage_gap(inventory: Inventory) -> Iterator[Finding]:
    """Something that should have been read was not, or not wholly.

    What it means: a table, log or file failed to read, was skipped without a plan, or changed while
    it was read. Personal data in it is not in this inventory, and no claim passes on its account.

    What to do: see the reason; grant the scan's user the right to read, repair or convert the file,
    or exclude it in the configuration if it is known to hold nothing. Then scan again.
    """
    for item in inventory.coverage:
        if item.missed:
            reason = f": {item.reason}" if item.reason else ""
            message = f"{item.dataset} was {_WHAT[item.state]}{reason}."
            read = f"{item.rows} rows were read" if item.rows else "nothing was read"
            total = f" of {item.total}" if item.rows and item.total is not None else ""
            yield Finding("coverage-gap", "medium", item.dataset, message, evidence=(read + total,))


_WHAT = {
    "failed": "not or not wholly readable",
    "changed": "altered while it was read",
    "skipped": "not read",
}

COVERAGE_GAP = Check("coverage-gap", "medium", ("coverage",), (), coverage_gap)
