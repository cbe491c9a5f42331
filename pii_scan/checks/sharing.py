"""Who receives data, and what of it, against the declared list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence, Set

from ..core.declaration import Severity
from ..core.finding import WE, Disclosure, Finding, FindingVerdict
from ..core.inventory import Inventory
from ..core.lineage import UNKNOWN, Flow, FlowEvidence, restated
from ..core.ports import Check
from ..core.recipients import Recipients, audience_nodes
from ..core.urn import dataset_of
from . import common

Evidence = dict[tuple[str, str, str], tuple[str, ...]]
#: A contact less sure than this (a link in somebody's profile, a referrer) is no contact of ours.
CONTACT = 0.5
_BROKEN = ("omitted", "incorrect")
_DOUBTFUL = ("condition unmet", "purpose mismatch")


def evidence_lines(evidence: Sequence[FlowEvidence]) -> tuple[str, ...]:
    return tuple(f"{item.kind} (tier {item.tier}) at {item.locator}: {item.detail}" for item in evidence)


def undeclared_recipient(inventory: Inventory) -> Iterator[Finding]:
    """Data goes to somebody whom the declared list does not name.

    What it means: an export, a stored payload or an integration shows that a recipient has personal
    data or is set up to get it, and neither it nor the company behind it is a recipient of
    `sharing.yaml`. A mere contact, such as a host in a log, is a warning.

    What to do: if the sharing is meant, add the recipient (with its contract and what it needs) and
    a claim of the kind `allow_share`, and see whether the privacy policy says so. If it is not,
    switch it off and have the data deleted there. If a file is bound to the wrong recipient, correct
    `exports` in the configuration.
    """
    recipients = Recipients.of(inventory)
    grouped: dict[tuple[str, str], list[Flow]] = defaultdict(list)
    again = restated(inventory.flows)
    for flow in inventory.flows:
        known = recipients.canonical(flow.recipient)
        if (flow.field, flow.recipient, flow.category) in again:
            continue
        if flow.status != "declared only" and known != WE and not recipients.is_declared(known):
            grouped[dataset_of(flow.field), known].append(flow)
    for (dataset, recipient), flows in sorted(grouped.items()):
        yield from _undeclared(inventory, recipients, dataset, recipient, flows)


def _undeclared(
    inventory: Inventory, recipients: Recipients, dataset: str, recipient: str, flows: Sequence[Flow]
) -> Iterator[Finding]:
    observed = [flow for flow in flows if flow.observed]
    surest = max((e.confidence for flow in flows for e in flow.evidence), default=0.0)
    if not observed and surest < CONTACT:
        return
    evidence = tuple(dict.fromkeys(line for flow in flows for line in evidence_lines(flow.evidence)))
    categories = {flow.category for flow in observed if flow.category}
    name = "an unknown recipient" if recipient == UNKNOWN else common.named(inventory, recipient)
    if not observed:
        message = f"{dataset} names a host of {name}, which is no declared recipient."
        yield Finding("undeclared-recipient", "low", dataset, message, "", recipient, "", "warn", evidence)
        return
    severity: Severity = "high"
    for category in categories:
        severity = common.raised(inventory.taxonomy, category, severity)
    what = common.labels(inventory, categories) if categories else "data"
    verb = "has received" if any(f.status == "confirmed" for f in observed) else "is set up to receive"
    message = f"{name} {verb} {what} ({dataset}), and the declared list does not name it as a recipient."
    forbidden = _forbidden(inventory, recipients, recipient, categories)
    claim = forbidden or _closed_list(inventory, recipients, recipient)
    yield Finding("undeclared-recipient", severity, dataset, message, claim, recipient, "", "fail", evidence)


def _forbidden(inventory: Inventory, recipients: Recipients, recipient: str, categories: Set[str]) -> str:
    """The claim that says that nobody of this kind gets such data."""
    for claim in common.claims(inventory, "prohibit"):
        if recipients.distance(claim.recipient, recipient) and any(
            inventory.taxonomy.subsumes(named, got) for named in claim.categories for got in categories
        ):
            return claim.id
    return ""


def _closed_list(inventory: Inventory, recipients: Recipients, recipient: str) -> str:
    """The claim that lists whom data is shared with by group, if the recipient is in none of its kind."""
    shared = common.claims(inventory, "allow_share")
    groups = [claim for claim in shared if claim.recipient.functions or claim.recipient.roles]
    covered = any(recipients.distance(c.recipient, recipient) for c in groups)
    return groups[0].id if groups and not covered else ""


def undeclared_category(inventory: Inventory) -> Iterator[Finding]:
    """Personal data is kept, or shared with a declared recipient, that no claim covers.

    What it means: the category was seen in one of the company's own stores, or with a declared
    recipient, and no claim names it or a group that it belongs to (omitted), or a claim says the
    opposite (incorrect). A warning means that a claim covers it for another purpose, or only after an
    opt-in that no row shows.

    What to do: stop keeping or sending it; or, if it is meant, extend the policy and the claim. A
    field that is found wrongly is settled by an owner's label, not by a wider claim.
    """
    recipients = Recipients.of(inventory)
    evidence = _evidence(inventory, recipients)
    exported = {flow.field for flow in inventory.flows if flow.exported}
    again = {(f, recipients.canonical(to), key) for f, to, key in restated(inventory.flows)}
    for disclosure in inventory.disclosures:
        if (disclosure.field, disclosure.recipient, disclosure.category) in again:
            continue
        third = disclosure.recipient != WE
        if third and not recipients.is_declared(disclosure.recipient):
            continue  # undeclared-recipient says it for the whole dataset
        if disclosure.cls in _BROKEN and not _is_place(inventory, disclosure, exported):
            yield _uncovered(inventory, recipients, disclosure, "fail", evidence)
        elif disclosure.cls in _DOUBTFUL:
            yield _uncovered(inventory, recipients, disclosure, "warn", evidence)


def _is_place(inventory: Inventory, disclosure: Disclosure, exported: Set[str]) -> bool:
    """True if only claims of a place are broken, by what is kept: another check speaks of the field.

    What a payload in a table of ours shows is kept and also sent, so both are said.
    """
    found = [common.claim(inventory, claim) for claim in disclosure.claims]
    kept = disclosure.recipient == WE or disclosure.field in exported
    return kept and bool(found) and all(claim is not None and claim.kind == "locate" for claim in found)


def _evidence(inventory: Inventory, recipients: Recipients) -> Evidence:
    """Why a (field, recipient, category) is believed: its flows, or what was seen in the field."""
    found: Evidence = defaultdict(tuple)
    for flow in inventory.flows:
        key = flow.field, recipients.canonical(flow.recipient), flow.category
        found[key] += evidence_lines(flow.evidence)
    for d in inventory.detections:
        found[d.field, WE, d.category] += common.speaking(d)
    return found


def _uncovered(
    inventory: Inventory, recipients: Recipients, found: Disclosure, verdict: FindingVerdict, why: Evidence
) -> Finding:
    third = found.recipient != WE
    spoken = _nearest(inventory, recipients, found) if third else common.complete_list(inventory)
    nearest = found.claims[0] if found.claims else spoken
    severity: Severity = "high" if third and verdict == "fail" else "medium"
    claim = common.claim(inventory, nearest)
    if verdict == "fail":
        severity = common.highest(severity, claim.severity if claim else "low")
        severity = common.raised(inventory.taxonomy, found.category, severity)
    label = inventory.taxonomy.label(found.category)
    who = f"{common.named(inventory, found.recipient)} receives" if third else "The company keeps"
    message = f"{who} {label} ({found.field}): {found.cls}, {found.because}."
    evidence = tuple(dict.fromkeys(why.get((found.field, found.recipient, found.category), ())))
    return Finding(
        "undeclared-category",
        severity,
        found.field,
        message,
        nearest,
        found.recipient,
        found.category,
        verdict,
        evidence,
    )


def _nearest(inventory: Inventory, recipients: Recipients, found: Disclosure) -> str:
    """The claim that says most narrowly what this recipient gets, and so is broken by anything more."""
    near = [
        (distance, len(audience_nodes(claim.recipient)), claim.id)
        for claim in common.claims(inventory, "allow_share")
        if (distance := recipients.distance(claim.recipient, found.recipient))
    ]
    return min(near)[-1] if near else ""


def unevidenced_recipient(inventory: Inventory) -> Iterator[Finding]:
    """The declared list names a recipient that nothing in the scanned data shows.

    What it means: no export, payload, integration row or log line names it. Either the line is stale,
    or what would show it was not scanned.

    What to do: if the contract has ended, take the recipient out of the list and the policy; if not,
    scan the source in which it would appear, such as its export.
    """
    for disclosure in inventory.disclosures:
        if disclosure.cls == "unevidenced":
            name = common.named(inventory, disclosure.recipient)
            message = f"{name} is declared as a recipient, but nothing that was scanned shows it."
            recipient = disclosure.recipient
            yield Finding("unevidenced-recipient", "low", recipient, message, "", recipient, "", "warn")


UNDECLARED_RECIPIENT = Check(
    "undeclared-recipient",
    "high",
    ("flows", "declaration"),
    ("allow_share", "prohibit"),
    undeclared_recipient,
)
UNDECLARED_CATEGORY = Check(
    "undeclared-category",
    "high",
    ("detections", "declaration"),
    ("collect", "allow_share", "prohibit"),
    undeclared_category,
)
UNEVIDENCED_RECIPIENT = Check(
    "unevidenced-recipient", "low", ("flows", "declaration"), (), unevidenced_recipient
)
