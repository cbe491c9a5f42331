"""Where data may be, and where it was found."""

from __future__ import annotations

from collections.abc import Iterator

from ..core.declaration import Claim
from ..core.detection import Detection
from ..core.finding import WE, Finding
from ..core.inventory import Inventory
from ..core.model import OWN, Dataset
from ..core.ports import Check
from ..core.recipients import Recipients
from ..core.urn import dataset_of
from . import common


def card_data_outside_billing(inventory: Inventory) -> Iterator[Finding]:
    """Data lies outside the one place where the policy says that it is stored.

    What it means: a claim of the kind `locate` names the only place of a category, such as card
    numbers at the billing provider, and the category was found elsewhere: in a table, a log, a
    ticket, or in a file that the provider exported and that now lies on our own disk. Last digits,
    expiry dates and a provider's tokens are other categories and no violation.

    What to do: delete the data where it was found, with its backups; find what wrote it, such as a
    form or a log statement, and stop that. Found card numbers count as exposed: tell who runs the
    PCI-DSS compliance.
    """
    recipients = Recipients.of(inventory)
    places = common.datasets(inventory)
    for claim in common.claims(inventory, "locate"):
        if not claim.only_at:
            continue
        outside = []
        for detection in common.sure(inventory):
            dataset = places.get(dataset_of(detection.field))
            covered = common.covered_by(inventory, claim, detection.category)
            if covered and not (dataset and _allowed(dataset, claim, recipients)):
                outside.append(detection)
        told = {(d.field, d.category) for d in outside}
        yield from (_finding(inventory, claim, d) for d in outside if not common.repeats(d, told))


def _allowed(dataset: Dataset, claim: Claim, recipients: Recipients) -> bool:
    """True in the allowed recipient's own system; its files on a disk of ours are a copy."""
    role = dataset.store.role
    if role == OWN:
        return WE in claim.only_at.ids
    at_recipient = recipients.distance(claim.only_at, recipients.canonical(role)) is not None
    return at_recipient and dataset.kind in ("table", "view")


def _finding(inventory: Inventory, claim: Claim, detection: Detection) -> Finding:
    taxonomy = inventory.taxonomy
    card = taxonomy.subsumes(common.CARD, detection.category)
    severity = "critical" if card else common.raised(taxonomy, detection.category, claim.severity)
    verb = "is" if detection.verdict == "type" else "contains"
    where = ", ".join((*claim.only_at.functions, *claim.only_at.ids, *claim.only_at.roles))
    message = (
        f"{detection.field} {verb} {taxonomy.label(detection.category)}, "
        f"which claim {claim.id} allows only at: {where}."
    )
    rows = f"{detection.count} rows hold a validated value" if detection.count else "told by name and shape"
    evidence = (f"{detection.verdict}, confidence {detection.confidence:.2f}: {rows}",)
    return Finding(
        "card-data-outside-billing",
        severity,
        detection.field,
        message,
        claim.id,
        category=detection.category,
        evidence=evidence,
    )


CARD_DATA_OUTSIDE_BILLING = Check(
    "card-data-outside-billing",
    "critical",
    ("detections", "declaration"),
    ("locate",),
    card_data_outside_billing,
)
