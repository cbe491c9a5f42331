"""What data is used for: by the stores that we keep, and by those who get it."""

from __future__ import annotations

from collections.abc import Iterator

from ..core.declaration import Claim
from ..core.finding import WE, Examined, Finding
from ..core.inventory import Inventory
from ..core.model import OWN
from ..core.purpose import compatible
from ..core.recipients import Recipients
from ..core.urn import dataset_of, split
from ..data.functions import purpose_of
from . import common
from .contracts import observed
from .promised import concluded, promised

#: Categories that name a person at once.
DIRECT = ("user.name", "user.contact", "user.government_id", "user.account.username")


def foreign_purpose(inventory: Inventory, claim: Claim) -> Examined:
    """Data is used for a purpose that the policy does not list.

    What it means: a store of our own that holds personal data, or a recipient that gets it, has a
    purpose (the source's `purpose`; the recipient's `function`) that is none of the claim's
    `purposes`, such as advertising, sale or the training of models.

    What to do: stop it, or name the purpose in the policy and tell people before it begins.
    """
    uses = [*_stores(inventory), *_recipients(inventory)]
    if not uses:
        return Examined(because="nothing that is kept or sent was seen", needs=("data", "flows"))
    findings = [
        _finding(inventory, claim, "foreign-purpose", subject, recipient, f"used for '{purpose}'")
        for subject, recipient, purpose in uses
        if purpose and not compatible(purpose, claim.purposes)
    ]
    unknown = [subject for subject, _, purpose in uses if not purpose]
    return concluded(
        findings, f"{len(uses)} stores and recipients serve the listed purposes", unknown, ("text",)
    )


def _stores(inventory: Inventory) -> Iterator[tuple[str, str, str]]:
    """Our own stores with personal data, but for what recipients gave back, and what each is for."""
    given = _given(inventory)
    holding = {
        split(dataset_of(d.field))[0]
        for d in common.sure(inventory)
        if inventory.taxonomy.is_personal(d.category) and dataset_of(d.field) not in given
    }
    for store in sorted({d.store.urn: d.store for d in inventory.datasets}.values(), key=lambda s: s.urn):
        if store.role == OWN and store.urn in holding:
            yield store.urn, "", store.purpose


def _given(inventory: Inventory) -> set[str]:
    """The datasets that recipients made or got: what they are for is the recipient's affair."""
    return {dataset_of(f.field) for f in inventory.flows if f.exported}


def _recipients(inventory: Inventory) -> Iterator[tuple[str, str, str]]:
    for recipient in observed(inventory):
        processor = inventory.processor(recipient)
        yield recipient, recipient, purpose_of(processor.function) if processor else ""


def identified_research(inventory: Inventory, claim: Claim) -> Examined:
    """What is studied names people, or leaves the company.

    What it means: a store whose purpose is one of the claim's (`improve`, `analytics`) holds names,
    addresses, telephone numbers or numbers of documents; or a recipient with such a purpose gets them.

    What to do: drop or replace the identifiers before the data is copied for study; keep it at home.
    """
    stores = {
        dataset.store.urn
        for dataset in inventory.datasets
        if dataset.store.purpose and compatible(dataset.store.purpose, claim.purposes)
    }
    outside = {
        name for name, _, purpose in _recipients(inventory) if purpose and compatible(purpose, claim.purposes)
    }
    if not stores and not outside:
        because = f"no store and no recipient has the purpose {' or '.join(claim.purposes)}"
        return Examined(because=because, needs=("data",))
    findings = []
    for detection in common.sure(inventory):
        if split(dataset_of(detection.field))[0] in stores and _direct(inventory, detection.category):
            why = f"it is kept for study and holds {inventory.taxonomy.label(detection.category)}"
            found = _finding(inventory, claim, "identified-research", dataset_of(detection.field), "", why)
            findings.append(found)
    for recipient, categories in observed(inventory).items():
        named = [category for category in categories if _direct(inventory, category)]
        if recipient in outside and named:
            why = f"it studies data that holds {common.labels(inventory, named)}"
            findings.append(_finding(inventory, claim, "identified-research", recipient, recipient, why))
    return concluded(findings, f"{len(stores | outside)} places of study name nobody")


def _direct(inventory: Inventory, category: str) -> bool:
    return any(inventory.taxonomy.subsumes(key, category) for key in DIRECT)


def unregistered_recipient(inventory: Inventory, claim: Claim) -> Examined:
    """Somebody gets data for a purpose, such as security, and is on no list.

    What it means: a recipient whose function serves one of the claim's `purposes` was seen to get
    personal data, and the declared list does not name it.

    What to do: enter it with its contract, or stop the transfer.
    """
    receiving = list(_recipients(inventory))
    if not receiving:
        return Examined(because="nobody was seen to receive data", needs=("flows",))
    recipients = Recipients.of(inventory)
    meant = [name for name, _, purpose in receiving if purpose and compatible(purpose, claim.purposes)]
    findings = [
        _finding(inventory, claim, "unregistered-recipient", name, name, "it is no declared recipient")
        for name in meant
        if not recipients.is_declared(name)
    ]
    unknown = [name for name, _, purpose in receiving if not purpose and not recipients.is_declared(name)]
    because = f"{len(meant)} of {len(receiving)} recipients serve it, all of them declared"
    return concluded(findings, because, unknown, ("text",))


def used_for_more(inventory: Inventory, claim: Claim) -> Examined:
    """A kind of data, such as IP addresses, is used for something else than what it is kept for.

    What it means: a category of the claim was found in a store of our own whose `purpose` is none of the
    claim's `purposes`, or at a recipient whose `function` serves another: an IP address taken against abuse
    that lies in an export of product analytics. What another claim allows a recipient by name is left out.

    What to do: leave the category out of what is copied or sent, or name the purpose in the policy.
    """
    uses = [*_used_here(inventory, claim), *_used_elsewhere(inventory, claim)]
    if not uses:
        return Examined(because="nothing that it speaks of was seen", needs=("data", "flows"))
    findings = [
        _misused(inventory, claim, field, recipient, category, purpose)
        for field, recipient, category, purpose in uses
        if purpose and not compatible(purpose, claim.purposes)
    ]
    unknown = dict.fromkeys(recipient or field for field, recipient, _, purpose in uses if not purpose)
    because = f"{len(uses)} uses serve {', '.join(claim.purposes)}"
    return concluded(findings, because, list(unknown), ("text",))


Use = tuple[str, str, str, str]


def _used_here(inventory: Inventory, claim: Claim) -> Iterator[Use]:
    """The fields of our own stores with a category of the claim, and what the store is for."""
    given = _given(inventory)
    stores = {dataset.urn: dataset.store for dataset in inventory.datasets}
    for detection in common.sure(inventory):
        dataset = dataset_of(detection.field)
        store = stores.get(dataset)
        ours = store is not None and store.role == OWN and dataset not in given
        if store and ours and common.covered_by(inventory, claim, detection.category):
            yield detection.field, "", detection.category, store.purpose


def _used_elsewhere(inventory: Inventory, claim: Claim) -> Iterator[Use]:
    """What recipients have of the claim's categories, but for what a claim of sharing names."""
    recipients = Recipients.of(inventory)
    named = {
        (d.field, d.recipient, d.category)
        for d in inventory.disclosures
        if d.cls == "clear" and d.claims and d.claims[0] != claim.id
    }
    purposes = {name: purpose for name, _, purpose in _recipients(inventory)}
    for flow in inventory.flows:
        known = recipients.canonical(flow.recipient)
        if not flow.observed or known == WE or (flow.field, known, flow.category) in named:
            continue
        if flow.category and common.covered_by(inventory, claim, flow.category):
            yield flow.field, known, flow.category, purposes.get(known, "")


def _misused(
    inventory: Inventory, claim: Claim, field: str, recipient: str, category: str, purpose: str
) -> Finding:
    label = inventory.taxonomy.label(category)
    named = common.named(inventory, recipient)
    who = f"{named} has {label} ({field})" if recipient else f"{field} is {label}"
    message = f"{who} for '{purpose}'; claim {claim.id} says: {', '.join(claim.purposes)}."
    why = f"used for '{purpose}'"
    severity = common.raised(inventory.taxonomy, category, claim.severity)
    return Finding("used-for-more", severity, field, message, claim.id, recipient, category, evidence=(why,))


def _finding(
    inventory: Inventory, claim: Claim, check: str, subject: str, recipient: str, why: str
) -> Finding:
    name = common.named(inventory, recipient) if recipient else subject
    message = f"{name}: {why}; claim {claim.id} says: {', '.join(claim.purposes)}."
    return Finding(check, claim.severity, subject, message, claim.id, recipient, evidence=(why,))


FOREIGN_PURPOSE = promised("foreign-purpose", "high", "only_purposes", foreign_purpose)
IDENTIFIED_RESEARCH = promised("identified-research", "medium", "research", identified_research)
UNREGISTERED_RECIPIENT = promised("unregistered-recipient", "medium", "registered", unregistered_recipient)
USED_FOR_MORE = promised("used-for-more", "medium", "only_for", used_for_more)
