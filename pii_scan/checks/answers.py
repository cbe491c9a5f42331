"""What was handed out to people who asked for their data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ..core.declaration import Claim
from ..core.finding import Examined, Finding
from ..core.inventory import Inventory
from ..core.register import Entry
from .promised import concluded, entries, promised


def somebody_elses_data(inventory: Inventory, claim: Claim) -> Examined:
    """The answer to somebody's request holds an identifier of somebody else.

    What it means: a package that was read by a source of the kind `packages` has an address of e-mail or a
    telephone number that is none of those at its top (`subject`, `subjects`, `requester`). A package that
    names nobody can be judged only if it has no more than one address. Names alone are not judged.

    What to do: call it back, and redact other people before the next one goes out: `pii-scan subject
    export` does. If it reached somebody, that is an incident.
    """
    packages: dict[str, list[Entry]] = {}
    for entry in entries(inventory, "packages"):
        packages.setdefault(entry.dataset, []).append(entry)
    if not packages:
        because = "no package was read"
        return Examined(because=because, needs=("data",))
    findings = [_finding(claim, urn, found) for urn, told in packages.items() if (found := _others(told))]
    broken = {finding.subject for finding in findings}
    unknown = [urn for urn, told in packages.items() if urn not in broken and _is_open(told)]
    because = f"{len(packages)} packages hold nobody else's address or number"
    return concluded(findings, because, unknown, ("data",))


def _others(told: Sequence[Entry]) -> list[Entry]:
    return [entry for entry in told if entry.get("whose") == "other"]


def _is_open(told: Sequence[Entry]) -> bool:
    """True for a package that was not read whole, or names nobody and holds several people's identifiers."""
    unread = any(int(entry.get("unread") or 0) for entry in told)
    unclaimed = Counter(e.get("kind") for e in told if e.get("identifier") and not e.get("whose"))
    return unread or any(count > 1 for count in unclaimed.values())


def _finding(claim: Claim, urn: str, others: Sequence[Entry]) -> Finding:
    kinds = sorted({entry.get("kind") for entry in others})
    message = f"{urn} holds {len(others)} identifiers ({', '.join(kinds)}) of somebody else."
    evidence = tuple(dict.fromkeys(f"{entry.get('kind')} in {entry.get('file')}" for entry in others))
    return Finding("somebody-elses-data", claim.severity, urn, message, claim.id, evidence=evidence)


SOMEBODY_ELSES_DATA = promised("somebody-elses-data", "critical", "own_only", somebody_elses_data)
