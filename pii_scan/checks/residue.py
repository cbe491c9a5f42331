"""What outlives an erasure: on which ground, and until when."""

from __future__ import annotations

from collections import defaultdict

from ..core.declaration import Claim
from ..core.finding import Examined, Finding
from ..core.hold import live
from ..core.inventory import Inventory
from ..core.register import Entry
from .promised import concluded, entries, no_register, promised, today


def residue_without_hold(inventory: Inventory, claim: Claim) -> Examined:
    """Data was kept after an erasure though no legal hold stands behind it.

    What it means: the register of erasures says that something was `kept`, and the register of legal
    holds has no entry of that category (for everybody or for this person) that still holds.

    What to do: enter the ground with its end, or carry the erasure out.
    """
    kept = [e for e in entries(inventory, "erasures") if e.get("kept")]
    holds = entries(inventory, "legal_holds")
    if not entries(inventory, "erasures"):
        return no_register("erasures")
    if kept and not holds:
        return no_register("legal_holds")
    day = today(inventory)
    standing = [hold for hold in holds if live(hold, day)]
    bare = [e for e in kept if not any(_covers(hold, e) for hold in standing)]
    findings = _grouped(claim, "residue-without-hold", bare, "with no legal hold that still stands")
    return concluded(findings, f"{len(kept)} erasures left something, each under a hold")


def _covers(hold: Entry, erasure: Entry) -> bool:
    same = hold.get("category").casefold() == erasure.get("kept").casefold()
    return same and hold.get("subject") in ("", erasure.get("subject"))


def residue_without_end(inventory: Inventory, claim: Claim) -> Examined:
    """An erasure left something whose ground or end nobody wrote down, or whose end has passed.

    What it means: in the register of erasures `kept` is given without `basis` or `kept_until`, or
    `kept_until` lies in the past.

    What to do: write down ground and end; delete what has passed it.
    """
    listed = entries(inventory, "erasures")
    if not listed:
        return no_register("erasures")
    kept, day = [e for e in listed if e.get("kept")], today(inventory)
    unnamed = [e for e in kept if not e.get("basis") or not e.get("kept_until")]
    past = [e for e in kept if e.get("kept_until") and e.get("kept_until")[:10] < day]
    findings = _grouped(claim, "residue-without-end", unnamed, "without its ground or its end")
    findings += _grouped(claim, "residue-without-end", past, "though its end has passed")
    return concluded(
        findings, f"{len(kept)} of {len(listed)} erasures left something, each with ground and end"
    )


def _grouped(claim: Claim, check: str, broken: list[Entry], why: str) -> list[Finding]:
    """One finding a register: its lines have no number that is not somebody's."""
    places: dict[str, list[Entry]] = defaultdict(list)
    for entry in broken:
        places[entry.dataset].append(entry)
    return [
        Finding(
            check,
            claim.severity,
            dataset,
            f"{dataset}: {len(found)} erasures left something {why}.",
            claim.id,
            evidence=tuple(f"{entry.place}: {entry.get('kept')}" for entry in found),
        )
        for dataset, found in sorted(places.items())
    ]


RESIDUE_WITHOUT_HOLD = promised("residue-without-hold", "medium", "legal_hold", residue_without_hold)
RESIDUE_WITHOUT_END = promised("residue-without-end", "medium", "residue_named", residue_without_end)
