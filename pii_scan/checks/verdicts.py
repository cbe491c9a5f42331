"""The verdict on a claim that no finding breaks: what the checks can have settled of it.

A verdict of `pass` needs evidence that was looked at. Where nothing of what a claim speaks of was
seen, or something was not read, it is `not evaluable`, and the verdict says what would settle it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from ..core.declaration import Claim
from ..core.finding import ClaimVerdict, ClaimVerdictName
from ..core.inventory import Inventory
from .retention import age, fields_of, subjects

Said = tuple[ClaimVerdictName, str]
Settler = Callable[[Inventory, Claim], Said]
OPEN: Literal["not evaluable"] = "not evaluable"
_SETTLED_HERE = ("data", "flows")
#: What would settle a claim whose author does not say so.
_USUAL: Mapping[str, tuple[str, ...]] = {
    "collect": ("data",),
    "allow_share": ("flows",),
    "prohibit": ("data", "flows"),
    "locate": ("data",),
    "retain": ("data",),
    "secure": ("infrastructure",),
    "right": ("registers",),
    "notify": ("registers",),
    "purpose": ("text",),
}


def sources(claim: Claim) -> tuple[str, ...]:
    """The evidence that would settle a claim."""
    return claim.sources or _USUAL[claim.kind]


def unsettled(claim: Claim, because: str, needs: tuple[str, ...] = ()) -> ClaimVerdict:
    """Not evaluable; `needs` are the sources that no check here reads, or those given."""
    elsewhere = tuple(s for s in sources(claim) if s not in _SETTLED_HERE)
    return ClaimVerdict(claim.id, OPEN, because, needs or elsewhere or sources(claim))


def verdict(inventory: Inventory, claim: Claim) -> ClaimVerdict:
    """The verdict on a claim of whose kind a check ran and found nothing wrong."""
    if not set(sources(claim)) & set(_SETTLED_HERE):
        return unsettled(claim, f"settled by {', '.join(sources(claim))} only")
    name, because = _SETTLERS.get(claim.kind, _other)(inventory, claim)
    if name == OPEN:
        return unsettled(claim, because)
    return ClaimVerdict(claim.id, name, because)


def _other(inventory: Inventory, claim: Claim) -> Said:
    """A kind that only a third party's check settles: it ran and found nothing."""
    return "pass", "a check of this kind ran and found nothing"


def _cited(inventory: Inventory, claim: Claim) -> Said:
    """Kinds collect and allow_share: how what was seen is covered by this claim.

    A general claim beside one that names the same is borne out, not vague.
    """
    if claim.kind == "collect" and not claim.data:
        return _unread(inventory) or ("pass", f"nothing was seen that no claim covers{_extent(inventory)}")
    classes = [d.cls for d in inventory.disclosures if claim.id in d.claims]
    covered = [cls for cls in classes if cls in ("clear", "vague")]
    if classes and not covered:
        return OPEN, f"what was seen of it is: {', '.join(sorted(set(classes)))}"
    if not covered:
        return OPEN, "nothing that it speaks of was seen"
    if "clear" in covered:
        return "pass", f"{covered.count('clear')} observations are declared by name"
    return "vague", f"{len(covered)} observations are covered by its general terms only"


def _prohibited(inventory: Inventory, claim: Claim) -> Said:
    seen = _contradicted(inventory, claim) or _unread(inventory)
    return seen or ("pass", f"nothing was seen of it{_extent(inventory)}")


def _contradicted(inventory: Inventory, claim: Claim) -> Said | None:
    """Seen although forbidden, and allowed by another claim: the text has to decide."""
    if any(claim.id in d.claims and d.cls == "ambiguous" for d in inventory.disclosures):
        return OPEN, "another claim says the opposite of it"
    return None


def _located(inventory: Inventory, claim: Claim) -> Said:
    """Nothing outside the one place; without a named place the check had nothing to compare."""
    if not claim.only_at:
        return OPEN, "it names no recipient as the place"
    return _unread(inventory) or ("pass", f"nothing was seen outside that place{_extent(inventory)}")


def _retained(inventory: Inventory, claim: Claim) -> Said:
    """Every dataset that it speaks of was read and has a column that tells the age."""
    if claim.retention is None:
        return OPEN, "it gives no period in days"
    if claim.retention.days is None:
        setting = claim.retention.per_account_setting
        return OPEN, f"the period is each account's own ('{setting}'): it takes rows, not profiles"
    datasets = list(subjects(inventory, claim))
    if not datasets:
        return OPEN, "no dataset that it speaks of was seen"
    fields, missed = fields_of(inventory), {c.dataset for c in inventory.coverage if c.missed}
    unread = [d for d in datasets if d.urn in missed]
    if unread:
        return OPEN, f"{len(unread)} of its datasets could not be read"
    empty = {c.dataset for c in inventory.coverage if c.state == "empty"}
    ageless = [
        d
        for d in datasets
        if d.urn not in empty and age(inventory, d, claim.retention, fields.get(d.urn, ())) is None
    ]
    if ageless:
        return OPEN, f"{len(ageless)} of its {len(datasets)} datasets have no column that tells the age"
    return "pass", f"no row read in its {len(datasets)} datasets is older{_extent(inventory)}"


def _unread(inventory: Inventory) -> Said | None:
    """Not looked is never taken for clean."""
    missed = sum(item.missed for item in inventory.coverage)
    return (OPEN, f"{missed} objects could not be read, and might hold it") if missed else None


def _extent(inventory: Inventory) -> str:
    sampled = sum(item.state == "sampled" for item in inventory.coverage)
    return f" ({sampled} objects were sampled)" if sampled else ""


_SETTLERS: Mapping[str, Settler] = {
    "collect": _cited,
    "allow_share": _cited,
    "prohibit": _prohibited,
    "locate": _located,
    "retain": _retained,
}
