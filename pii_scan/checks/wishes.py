"""What people wanted: to be erased, to be left out of a purpose, to get no promotion."""

from __future__ import annotations

from ..core.cohort import PROMOTION, TEMPLATES, Tally
from ..core.declaration import Claim
from ..core.finding import Examined, Finding
from ..core.inventory import Inventory
from ..core.purpose import compatible
from ..data.functions import purpose_of
from ..data.known import vocabulary
from .counted import counted, grace_of, holders, meant, of_cohort, unheld
from .promised import promised


def identifier_after_erasure(inventory: Inventory, claim: Claim) -> Examined:
    """Somebody who was erased can still be found.

    What it means: a dataset holds the address of a member of the cohort (`erased`: the register of
    erasures), as it is, written otherwise or hashed, longer after the erasure than `within`. Datasets of
    which a live legal hold speaks are left out. A register's own digests are recognised if
    `pii-scan subject erase` made them, or if they are plain MD5, SHA-1 or SHA-256.

    What to do: `pii-scan subject erase` plans what is left; repair what brought it back.
    """
    tallies = unheld(inventory, meant(inventory, claim))
    grace = grace_of(claim)
    why = "hold an identifier of somebody who was erased"
    return counted(inventory, claim, "identifier-after-erasure", tallies, lambda t: t.overdue(grace), why)


def processing_after_objection(inventory: Inventory, claim: Claim) -> Examined:
    """Data of somebody is used for a purpose to which they objected.

    What it means: rows that came after the objection (the cohort `objected`: the register of objections)
    lie in a store, or at a recipient, whose purpose is the one objected to; or they are promotion, where
    that was objected to.

    What to do: take the person out of the purpose's lists, and make the register stop it by itself.
    """
    known, uses, grace = meant(inventory, claim), _purposes(inventory), grace_of(claim)

    def count(tally: Tally) -> int:
        if _objected(tally, uses.get(tally.dataset, ())):
            return tally.later(grace)
        return tally.later(grace, PROMOTION) if _objected(tally, ("marketing",)) else 0

    why = "came after somebody had objected to what they are for"
    judged = [tally for tally in known if _objected(tally, uses.get(tally.dataset, ())) or count(tally)]
    return counted(inventory, claim, "processing-after-objection", judged, count, why)


def _purposes(inventory: Inventory) -> dict[str, tuple[str, ...]]:
    """What each dataset is for: by its store, or by what its recipient does, as declared and as known."""
    held, found = holders(inventory), dict[str, tuple[str, ...]]()
    shipped = {processor.id: processor for processor in inventory.processors}
    for dataset in inventory.datasets:
        recipient = held.get(dataset.urn, "")
        if not recipient:
            found[dataset.urn] = (dataset.store.purpose,) if dataset.store.purpose else ()
            continue
        known = (inventory.processor(recipient), shipped.get(recipient))
        purposes = (purpose_of(processor.function) for processor in known if processor)
        found[dataset.urn] = tuple(dict.fromkeys(purpose for purpose in purposes if purpose))
    return found


def _objected(tally: Tally, purposes: tuple[str, ...]) -> bool:
    """True if one of the purposes is one objected to; without a group nobody belongs to it."""
    objections = [_purpose(word) for word in tally.group.split(", ") if word]
    return bool(objections) and any(compatible(purpose, objections) for purpose in purposes)


def _purpose(word: str) -> str:
    """The word of a register as a purpose; `all` is read as an objection to promotion."""
    words = vocabulary("cohorts")
    if word in words["profiling"]:
        return "personalize"
    return "marketing" if word in words["objection_all"] else word


def mail_after_opt_out(inventory: Inventory, claim: Claim) -> Examined:
    """Somebody gets promotion though they opted out, or can't opt out of it.

    What it means: a row of a dataset of mails, or of a list of readers, that is promotion (by a column
    such as `category`, or by the dataset's name) came after the person's opt-out (the cohort
    `unsubscribed`); or a template of promotion has no link to opt out in its text.

    What to do: keep one list of opt-outs, and hand it to everybody who sends; put the link into the template.
    """
    tallies, held = meant(inventory, claim), holders(inventory)
    grace = grace_of(claim)
    why = "are promotion that came after the opt-out"
    found = counted(inventory, claim, "mail-after-opt-out", tallies, lambda t: t.later(grace, PROMOTION), why)
    texts = of_cohort(inventory, TEMPLATES)
    bare = [
        Finding(
            "mail-after-opt-out",
            claim.severity,
            t.dataset,
            f"{t.dataset}: {t.overdue(0)} of {t.held} templates of promotion have no link to opt out.",
            claim.id,
            held.get(t.dataset, ""),
            evidence=(f"{t.overdue(0)} templates without a link",),
        )
        for t in texts
        if t.overdue(0)
    ]
    if bare:
        return Examined((*found.findings, *bare), found.because)
    if found.needs:
        return found
    return Examined(found.findings, f"{found.because}; {sum(t.held for t in texts)} templates have a link")


IDENTIFIER_AFTER_ERASURE = promised(
    "identifier-after-erasure", "critical", "erased", identifier_after_erasure
)
PROCESSING_AFTER_OBJECTION = promised(
    "processing-after-objection", "high", "objection", processing_after_objection
)
MAIL_AFTER_OPT_OUT = promised("mail-after-opt-out", "high", "opt_out", mail_after_opt_out)
