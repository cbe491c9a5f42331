"""Whether every kind of data has a period at all."""

from __future__ import annotations

from ..core.declaration import Claim
from ..core.finding import Examined, Finding
from ..core.inventory import Inventory
from . import common
from .promised import concluded, promised
from .retention import subjects


def undeclared_period(inventory: Inventory, claim: Claim) -> Examined:
    """A kind of data has no period after which it is deleted.

    What it means: the policy says that there is a period for each kind of data; a dataset with
    personal data that the claim speaks of is under no claim of the kind `retain` with one.

    What to do: decide on a period and add it to the declared list (`max_age`); `overdue-retention` then
    holds the data to it.
    """
    holding = common.personal(inventory)
    meant = [dataset for dataset in subjects(inventory, claim) if dataset.urn in holding]
    if not meant:
        return Examined(because="nothing that it speaks of was seen", needs=("data",))
    timed = {
        dataset.urn
        for other in common.claims(inventory, "retain")
        if other.id != claim.id and other.retention
        for dataset in subjects(inventory, other)
    }
    findings = [
        Finding(
            "undeclared-period",
            claim.severity,
            dataset.urn,
            f"{dataset.urn} holds personal data, and no claim says for how long.",
            claim.id,
        )
        for dataset in meant
        if dataset.urn not in timed
    ]
    return concluded(findings, f"{len(meant)} datasets have a period")


UNDECLARED_PERIOD = promised("undeclared-period", "medium", "periods", undeclared_period)
