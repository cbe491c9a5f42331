"""What recipients hold: named to those who ask, erased there too, up to date, and only while connected."""

from __future__ import annotations

from functools import partial

from ..core.cohort import PROFILES, Tally
from ..core.declaration import Claim
from ..core.finding import Examined, Finding
from ..core.inventory import Inventory
from ..core.recipients import Recipients
from ..core.urn import dataset_of
from .counted import (
    both,
    bound,
    cohort_of,
    counted,
    finding,
    grace_of,
    holders,
    merged,
    missed,
    of_cohort,
    spoken_of,
    unheld,
    unread,
)
from .promised import concluded, entries, promised

_COPY = ("copy",)


def unnamed_recipient(inventory: Inventory, claim: Claim) -> Examined:
    """Somebody who asked was not told of a recipient that has their data, or an erasure was not passed on.

    What it means: what a recipient gave back holds the address of somebody whose request (of the claim's
    `asked`, a copy if it names none) was answered, and the register's `named` leaves it out (GDPR art. 15 (1)
    (c)); or it holds that of somebody who was erased, later than `within`, or with a `sent_to` in the
    register of erasures that leaves it out (art. 19).

    What to do: complete the answer; send the erasure on, and look at the recipient's next export.
    """
    asked, erased = of_cohort(inventory, cohort_of(claim)), of_cohort(inventory, "erased")
    listed = [e for e in entries(inventory, "requests") if e.get("kind").casefold() in (claim.asked or _COPY)]
    if not any(e.get("named") for e in listed):
        because = "no entry of the register 'requests' tells which recipients an answer named (`named`)"
        return Examined(because=because, needs=("registers",))
    held = holders(inventory)
    theirs = [tally for tally in (*asked, *unheld(inventory, erased)) if tally.dataset in held]
    if not theirs:
        return Examined(because="nothing that a recipient gave back was counted", needs=("data", "flows"))
    recipients = Recipients.of(inventory)
    untold = partial(_untold, recipients, claim, held)
    grace = grace_of(claim)
    make = partial(finding, held, claim, "unnamed-recipient")
    told_of = [t for t in theirs if t.cohort != "erased"]
    gone = [t for t in theirs if t.cohort == "erased"]
    findings = merged(
        partial(make, "are of people who asked and were not told of this recipient"), told_of, untold
    )
    findings += merged(
        partial(make, "are of people who were erased, and the recipient still has them"),
        gone,
        lambda t: t.overdue(grace) or _unsent(recipients, held, t),
    )
    rolls = [roll for roll in inventory.rolls if roll.cohort in (cohort_of(claim), "erased")]
    unknown = [t.dataset for t in theirs if t.gap] + missed(inventory, claim)
    because = (
        f"{len({t.dataset for t in theirs})} datasets of recipients hold nobody who was not told of them"
    )
    return concluded(findings, because + bound(rolls, theirs), list(dict.fromkeys(unknown)), ("data",))


def _untold(recipients: Recipients, claim: Claim, held: dict[str, str], tally: Tally) -> int:
    """The rows of those who asked and whose answer does not name the recipient."""
    kind, _, named = tally.group.partition(": ")
    if kind not in (claim.asked or _COPY):
        return 0
    return 0 if _names(recipients, named, held[tally.dataset]) else tally.held


def _unsent(recipients: Recipients, held: dict[str, str], tally: Tally) -> int:
    """The rows of those whose erasure was sent to others and not to this recipient."""
    if not tally.group:
        return 0
    return 0 if _names(recipients, tally.group, held[tally.dataset]) else tally.held


def _names(recipients: Recipients, listed: str, holder: str) -> bool:
    """True if a list from a register, which is kept without regard to case, names the recipient."""
    return holder.casefold() in {recipients.canonical(n).casefold() for n in listed.split(", ") if n}


def flow_without_integration(inventory: Inventory, claim: Claim) -> Examined:
    """A partner got data of an account that had switched the integration off.

    What it means: a dataset whose rows go to one of the claim's recipients (deliveries of a webhook), or one
    that such a recipient gave back, has rows of a member of the cohort (`disconnected`) that came after it
    was switched off.

    What to do: stop the queue when somebody disconnects, and look for what was sent since.
    """
    recipients = Recipients.of(inventory)
    partners = {
        dataset_of(flow.field)
        for flow in inventory.flows
        if flow.observed
        and recipients.distance(claim.recipient, recipients.canonical(flow.recipient)) is not None
    }
    if not partners:
        return Examined(because="nothing was seen to go to those that it speaks of", needs=("flows",))
    tallies = [t for t in of_cohort(inventory, cohort_of(claim)) if t.dataset in partners and t.steps]
    grace = grace_of(claim)
    why = "went out after the integration was switched off"
    return counted(inventory, claim, "flow-without-integration", tallies, lambda t: t.later(grace), why)


def outdated_copy(inventory: Inventory, claim: Claim) -> Examined:
    """A recipient's copy of a profile says something else than the profile does.

    What it means: a row of what a recipient gave back has the address of a profile and another telephone
    number, or the number of a profile and an address that no profile has; where profiles tell when they were
    changed, for longer than `within`. Names are not compared: everybody writes them otherwise.

    What to do: send changes on, and have what is outdated corrected (GDPR art. 19).
    """
    rolls = [roll for roll in inventory.rolls if roll.cohort == PROFILES]
    if not rolls:
        return unread(PROFILES)
    held = holders(inventory)
    tallies = [t for t in of_cohort(inventory, PROFILES) if t.dataset in held]
    tallies = spoken_of(inventory, claim, tallies)
    if not any(tally.held for tally in tallies):
        return Examined(because="no copy of a profile was seen at a recipient", needs=("data", "flows"))
    grace = grace_of(claim)

    def count(tally: Tally) -> int:
        return sum(tally.filled.values()) + sum(tally.overdue(grace, label) for label in tally.over)

    make = partial(finding, held, claim, "outdated-copy", "say something else than the profile")
    findings: list[Finding] = merged(make, tallies, count)
    unknown = [item.dataset for item in both(rolls, tallies) if item.gap] + missed(inventory, claim)
    because = f"{sum(t.held for t in tallies)} copies of profiles say what the profiles say"
    return concluded(findings, because + bound(rolls, tallies), list(dict.fromkeys(unknown)), ("data",))


UNNAMED_RECIPIENT = promised("unnamed-recipient", "high", "recipients_told", unnamed_recipient)
FLOW_WITHOUT_INTEGRATION = promised(
    "flow-without-integration", "high", "while_connected", flow_without_integration
)
OUTDATED_COPY = promised("outdated-copy", "medium", "in_step", outdated_copy)
