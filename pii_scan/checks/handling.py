"""Whether people's data can be handed out and erased wherever it lies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ..core.declaration import Claim
from ..core.finding import Examined, Finding
from ..core.globs import matches
from ..core.inventory import Inventory
from ..core.model import Dataset
from ..core.register import Entry
from ..core.words import words
from ..data.known import vocabulary
from . import common
from .promised import concluded, entries, no_register, promised

_ACTIONS: Final = ("export", "erase")


def unhandled_place(inventory: Inventory, claim: Claim) -> Examined:
    """People's data lies where nobody can hand it out, or nobody can erase it.

    What it means: a dataset with personal data fits no `place` of the register of handlers with the action
    `export`, or none with `erase`, or what fits was never run (`ran_on`): a copy in a warehouse, an archive
    of logs. Places are globs over `source name/path`.

    What to do: write the job or settle with the recipient how it is done, run it, and enter it.
    """
    handlers = entries(inventory, "handlers")
    if not handlers:
        return no_register("handlers")
    holding = common.personal(inventory)
    meant = sorted((d for d in inventory.datasets if d.urn in holding), key=lambda dataset: dataset.urn)
    if not meant:
        return Examined(because="no personal data was seen", needs=("data",))
    findings = [_finding(claim, dataset, why) for dataset in meant if (why := _lacking(dataset, handlers))]
    missed = [item.dataset for item in inventory.coverage if item.missed]
    return concluded(
        findings, f"{len(meant)} datasets can be exported and erased, and were", missed, ("data",)
    )


def _lacking(dataset: Dataset, handlers: Sequence[Entry]) -> str:
    """What is not there for it, or was never run; empty if both are there."""
    fitting = [handler for handler in handlers if matches(dataset, handler.get("place"))]
    faults = []
    for action in _ACTIONS:
        known = [h for h in fitting if words(h.get("action")) & vocabulary("handling")[action]]
        if not known:
            faults.append(f"no way to {action} it is on record")
        elif not any(handler.get("ran_on") for handler in known):
            faults.append(f"the way to {action} it was never run")
    return ", and ".join(faults)


def _finding(claim: Claim, dataset: Dataset, why: str) -> Finding:
    message = f"{dataset.urn} holds personal data: {why}."
    return Finding("unhandled-place", claim.severity, dataset.urn, message, claim.id, evidence=(why,))


UNHANDLED_PLACE = promised("unhandled-place", "high", "handled", unhandled_place)
