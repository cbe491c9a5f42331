"""Lines of registers that have to name what they belong to: a ticket, a legal reference."""

from __future__ import annotations

from ..core.declaration import Claim
from ..core.finding import Examined, Finding
from ..core.inventory import Inventory
from ..core.register import Entry
from .promised import concluded, entries, entry_urn, no_register, promised


def unreferenced_export(inventory: Inventory, claim: Claim) -> Examined:
    """Data was handed over, and nobody wrote down on which ground.

    What it means: a line of the register of exports has no `reference` to a ticket, an order or a law.

    What to do: find out who asked for it and why, and enter it; if nobody did, it is an incident.
    """
    return _examined(inventory, claim, "unreferenced-export", "exports", "reference")


def unticketed_access(inventory: Inventory, claim: Claim) -> Examined:
    """Somebody of the staff looked at a customer's data without a ticket.

    What it means: a line of the register of staff access has no `ticket`.

    What to do: ask who looked, and why; let the tool ask for a ticket before it opens an account.
    """
    return _examined(inventory, claim, "unticketed-access", "staff_access", "ticket")


def _examined(inventory: Inventory, claim: Claim, check: str, register: str, column: str) -> Examined:
    listed = entries(inventory, register)
    if not listed:
        return no_register(register)
    findings = [_finding(claim, check, column, e) for e in listed if not e.get(column)]
    return concluded(findings, f"{len(listed)} lines of {register} name their {column}")


def _finding(claim: Claim, check: str, column: str, entry: Entry) -> Finding:
    subject = entry_urn(entry, entry.get("id"))
    message = f"{subject} names no {column}; claim {claim.id} says that there always is one."
    return Finding(check, claim.severity, subject, message, claim.id, evidence=(entry.place,))


UNREFERENCED_EXPORT = promised("unreferenced-export", "medium", "referenced_export", unreferenced_export)
UNTICKETED_ACCESS = promised("unticketed-access", "medium", "ticketed_access", unticketed_access)
