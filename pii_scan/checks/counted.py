"""What checks of counted rows share: the counts that a claim speaks of, and what they come to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from ..core.cohort import COHORTS, REGISTERED, Roll, Tally
from ..core.declaration import Claim
from ..core.finding import Examined, Finding
from ..core.globs import matches
from ..core.hold import applies, live
from ..core.inventory import Inventory
from ..core.model import OWN
from ..core.promise import COUNTED
from ..core.recipients import Recipients
from ..core.urn import dataset_of, split
from . import common
from .promised import concluded, entries, no_register, today

#: How many rows of a count break the promise.
Count = Callable[[Tally], int]


def cohort_of(claim: Claim) -> str:
    return claim.cohort or COUNTED[claim.promise]


def grace_of(claim: Claim) -> int:
    """Days that may pass."""
    if claim.retention and claim.retention.grace:
        return claim.retention.grace
    return (claim.within or 0) // 24


def holders(inventory: Inventory) -> dict[str, str]:
    """The recipients by the datasets that they gave back, or that lie at theirs."""
    recipients = Recipients.of(inventory)
    declared = inventory.declaration.recipients if inventory.declaration else ()
    found = {
        d.urn: r.id
        for d in inventory.datasets
        for r in declared
        if any(matches(d, glob) for glob in r.signatures)
    }
    found |= {d.urn: recipients.canonical(d.store.role) for d in inventory.datasets if d.store.role != OWN}
    for flow in inventory.flows:
        if flow.exported:
            found[dataset_of(flow.field)] = recipients.canonical(flow.recipient)
    return found


def of_cohort(inventory: Inventory, name: str) -> list[Tally]:
    return [tally for tally in inventory.tallies if tally.cohort == name]


def spoken_of(inventory: Inventory, claim: Claim, tallies: Iterable[Tally]) -> list[Tally]:
    """Those of the datasets that the claim names, and of recipients that it names; all if it names none."""
    if not claim.datasets and not claim.recipient:
        return list(tallies)
    known, held, recipients = common.datasets(inventory), holders(inventory), Recipients.of(inventory)
    found = []
    for tally in tallies:
        dataset, holder = known.get(tally.dataset), held.get(tally.dataset, "")
        named = dataset is not None and any(matches(dataset, glob) for glob in claim.datasets)
        at_named = bool(holder) and recipients.distance(claim.recipient, holder) is not None
        if named or (claim.recipient and at_named):
            found.append(tally)
    return found


def meant(inventory: Inventory, claim: Claim) -> list[Tally]:
    """The counts of the claim's cohort in the datasets that it speaks of."""
    return spoken_of(inventory, claim, of_cohort(inventory, cohort_of(claim)))


def unheld(inventory: Inventory, tallies: Iterable[Tally]) -> list[Tally]:
    """Without the datasets that a legal hold for everybody keeps."""
    day = today(inventory)
    held = [
        entry.get("category")
        for entry in entries(inventory, "legal_holds")
        if not entry.get("subject") and live(entry, day)
    ]
    if not held:
        return list(tallies)
    categories: dict[str, set[str]] = {}
    for detection in common.sure(inventory):
        categories.setdefault(dataset_of(detection.field), set()).add(detection.category)
    return [
        tally
        for tally in tallies
        if not any(
            applies(word, inventory.taxonomy, split(tally.dataset)[1], categories.get(tally.dataset, ()))
            for word in held
        )
    ]


def counted(
    inventory: Inventory,
    claim: Claim,
    check: str,
    tallies: Sequence[Tally],
    count: Count,
    why: str,
) -> Examined:
    """A finding for each dataset with such rows; kept if all of it was read, or within a bound that is told.

    `why` is said of the rows: "were kept after their account was closed".
    """
    cohort = cohort_of(claim)
    rolls = [roll for roll in inventory.rolls if roll.cohort == cohort]
    if not rolls:
        return unread(cohort)
    if not tallies and any(roll.members for roll in rolls):
        return Examined(because="no dataset that it speaks of was counted", needs=("data",))
    findings = merged(partial(finding, holders(inventory), claim, check, why), tallies, count)
    unknown = [item.dataset for item in both(rolls, tallies) if item.gap] + missed(inventory, claim)
    members = sum(roll.members for roll in rolls)
    read = len({tally.dataset for tally in tallies})
    because = (
        f"of {members} of the cohort '{cohort}' no rows {why}, in {read} datasets{bound(rolls, tallies)}"
    )
    return concluded(findings, because, list(dict.fromkeys(unknown)), ("data",))


def unread(cohort: str) -> Examined:
    """Nobody told who belongs to the cohort."""
    if cohort in REGISTERED:
        return no_register(REGISTERED[cohort][0])
    what = COHORTS.get(cohort, "members")
    return Examined(because=f"no dataset tells the cohort '{cohort}' ({what})", needs=("data",))


def missed(inventory: Inventory, claim: Claim) -> list[str]:
    """What a scan should have read and could not, of what the claim speaks of, or of a whole store."""
    known, globs = common.datasets(inventory), claim.datasets

    def meant(urn: str) -> bool:
        dataset = known.get(urn)
        return dataset is None or not dataset.path or any(matches(dataset, glob) for glob in globs)

    return [item.dataset for item in inventory.coverage if item.missed and (not globs or meant(item.dataset))]


def both(rolls: Iterable[Roll], tallies: Iterable[Tally]) -> list[Roll | Tally]:
    return [*rolls, *tallies]


def bound(rolls: Iterable[Roll], tallies: Iterable[Tally]) -> str:
    """What a count is limited to, in words."""
    bounds = sorted({item.bound for item in both(rolls, tallies) if item.bound})
    partly = len({item.dataset for item in both(rolls, tallies) if item.bound})
    return f"; of {partly} of them a part was read ({', '.join(bounds)})" if bounds else ""


def merged(
    make: Callable[[Sequence[Tally], int], Finding], tallies: Iterable[Tally], count: Count
) -> list[Finding]:
    """One finding a dataset, whatever the groups of its counts."""
    grouped: dict[str, list[Tally]] = {}
    for tally in tallies:
        if count(tally):
            grouped.setdefault(tally.dataset, []).append(tally)
    return [make(found, sum(map(count, found))) for _, found in sorted(grouped.items())]


def finding(
    held: Mapping[str, str], claim: Claim, check: str, why: str, tallies: Sequence[Tally], rows: int
) -> Finding:
    """What some rows break; `held` are the recipients by their datasets."""
    first = tallies[0]
    newest = max(tally.newest for tally in tallies)
    read = f"{first.rows} rows read" + (f" ({first.bound})" if first.bound else "")
    message = f"{first.dataset}: {rows} of {read} {why}" + (
        f"; the newest is from {newest}." if newest else "."
    )
    via = tuple(f"by {urn}" for tally in tallies for urn in tally.via)
    evidence = tuple(dict.fromkeys((f"{rows} rows", *via, *([f"newest {newest}"] if newest else []))))
    recipient = held.get(first.dataset, "")
    return Finding(check, claim.severity, first.dataset, message, claim.id, recipient, evidence=evidence)
