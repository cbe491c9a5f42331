"""Contracts with those who process data for us, and the certificates that they have shown."""

from __future__ import annotations

from ..core.declaration import Claim, Recipient
from ..core.finding import WE, Examined, Finding
from ..core.inventory import Inventory
from ..core.recipients import Recipients
from . import common
from .promised import concluded, entries, promised, today


def observed(inventory: Inventory) -> dict[str, set[str]]:
    """The recipients that have or are set up to get personal data, and its categories."""
    recipients, found = Recipients.of(inventory), dict[str, set[str]]()
    for flow in inventory.flows:
        known = recipients.canonical(flow.recipient)
        if flow.observed and known != WE:
            found.setdefault(known, set()).add(flow.category)
    return {name: found[name] for name in sorted(found)}


def missing_contract(inventory: Inventory, claim: Claim) -> Examined:
    """Somebody who processes data for us has no contract that holds.

    What it means: a recipient was seen to get personal data, and neither the register of contracts nor
    `dpa` in the declared list has a contract with it whose end lies ahead (GDPR art. 28). Partners
    and authorities, who act for their own ends, are left out.

    What to do: sign or renew it, or stop the transfer. A recipient that the list does not name at all
    counts as one without a contract.
    """
    receiving = observed(inventory)
    if not receiving:
        return Examined(because="nobody was seen to receive data", needs=("flows",))
    day, listed = today(inventory), _ends(inventory)
    if not listed:
        return Examined(because="no contract is on record at all", needs=("registers",))
    findings, fine = [], 0
    for recipient in receiving:
        processor = inventory.processor(recipient)
        if processor and processor.role != "processor":
            continue
        why = _lacking(listed.get(recipient), day)
        fine += not why
        findings += [_finding(inventory, claim, "missing-contract", recipient, why)] if why else []
    return concluded(findings, f"{fine} recipients have a contract that holds")


def _ends(inventory: Inventory) -> dict[str, str]:
    """The last day of the contract with each recipient; one without an end holds for good."""
    ends: dict[str, str] = {}
    if inventory.declaration:
        ends = {r.id: r.dpa_until for r in inventory.declaration.recipients if r.dpa_until}
    for entry in entries(inventory, "contracts"):
        end = entry.get("until")[:10] or "9999-12-31"
        ends[entry.get("recipient")] = max(end, ends.get(entry.get("recipient"), ""))
    return ends


def _lacking(end: str | None, day: str) -> str:
    if end is None:
        return "no contract is on record"
    return f"its contract ended on {end}" if end < day else ""


def missing_attestation(inventory: Inventory, claim: Claim) -> Examined:
    """A recipient that may hold certain data has no certificate that is in date.

    What it means: the claim names the recipients (by id, function or role), one of them was seen to get
    data, and `attestation` in the declared list is missing or past its end; or card data went to a
    second recipient of that function.

    What to do: ask for the current certificate and enter it, or change the provider.
    """
    recipients, day = Recipients.of(inventory), today(inventory)
    declared = inventory.declaration.recipients if inventory.declaration else ()
    receiving = observed(inventory)
    meant = [r for r in declared if r.id in receiving and recipients.distance(claim.recipient, r.id)]
    if not meant:
        return Examined(because="nobody that it speaks of was seen to receive data", needs=("flows",))
    told = [(recipient.id, _uncertified(recipient, day)) for recipient in meant]
    findings = [_finding(inventory, claim, "missing-attestation", r, why) for r, why in told if why]
    return concluded(findings, f"{len(meant)} recipients have a certificate in date")


def _uncertified(recipient: Recipient, day: str) -> str:
    if not recipient.attestation:
        return "no certificate is on record"
    if recipient.attestation_until and recipient.attestation_until < day:
        return f"its {recipient.attestation} certificate ended on {recipient.attestation_until}"
    return ""


def _finding(inventory: Inventory, claim: Claim, check: str, recipient: str, why: str) -> Finding:
    message = f"{common.named(inventory, recipient)} receives personal data, and {why}."
    return Finding(check, claim.severity, recipient, message, claim.id, recipient, evidence=(why,))


MISSING_CONTRACT = promised("missing-contract", "high", "contract", missing_contract)
MISSING_ATTESTATION = promised("missing-attestation", "medium", "attestation", missing_attestation)
