"""Whether a person's data can be found at all."""

from __future__ import annotations

from collections import defaultdict

from ..core.declaration import Claim
from ..core.finding import Examined, Finding
from ..core.inventory import Inventory
from ..core.model import OWN
from ..core.urn import dataset_of
from . import common
from .promised import concluded, promised

#: What a person can be looked up by.
IDENTIFIERS = (
    "user.name",
    "user.contact.email",
    "user.contact.phone_number",
    "user.account",
    "user.unique_id",
    "user.device.ip_address",
    "user.government_id",
)


def unreachable_subject(inventory: Inventory, claim: Claim) -> Examined:
    """Data about people lies where no search for a person leads.

    What it means: a dataset of our own holds personal data, and has neither an identifier of a person
    (address, telephone, name, account, IP address, number) nor a foreign key that leads to a dataset
    with one. It is left out of every answer to a request and of every erasure.

    What to do: add the key of the account or person to it, or do without the data.
    """
    holding = common.personal(inventory)
    identified = {
        dataset_of(d.field)
        for d in common.sure(inventory)
        if any(inventory.taxonomy.subsumes(key, d.category) for key in IDENTIFIERS)
    }
    reached = _spread(inventory, identified)
    own = [d for d in inventory.datasets if d.store.role == OWN and d.urn in holding]
    if not own:
        return Examined(because="no personal data of our own was seen", needs=("data",))
    findings = [
        Finding(
            "unreachable-subject",
            claim.severity,
            dataset.urn,
            f"{dataset.urn} holds personal data and nothing by which the person could be found.",
            claim.id,
        )
        for dataset in sorted(own, key=lambda d: d.urn)
        if dataset.urn not in reached
    ]
    missed = [item.dataset for item in inventory.coverage if item.missed]
    return concluded(findings, f"{len(own)} datasets can be searched for a person", missed, ("data",))


def _spread(inventory: Inventory, identified: set[str]) -> set[str]:
    """Those with an identifier, and all that a foreign key leads to or from."""
    linked: dict[str, set[str]] = defaultdict(set)
    for field in inventory.fields:
        if field.references:
            linked[field.dataset].add(dataset_of(field.references))
            linked[dataset_of(field.references)].add(field.dataset)
    reached, waiting = set(identified), list(identified)
    while waiting:
        for other in linked[waiting.pop()] - reached:
            reached.add(other)
            waiting.append(other)
    return reached


UNREACHABLE_SUBJECT = promised("unreachable-subject", "medium", "reachable", unreachable_subject)
