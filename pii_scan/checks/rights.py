"""Requests of people: answered in time, by whom, in which form, and what became of the proof."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import datetime, timedelta

from ..core.declaration import Claim
from ..core.finding import Examined, Finding
from ..core.inventory import Inventory
from ..core.register import Entry
from ..core.words import words_of
from ..data.known import vocabulary
from .promised import concluded, entries, entry_urn, moment, no_register, now, promised, today

Judge = Callable[[Inventory, Claim, Entry], str | None]


def late_answer(inventory: Inventory, claim: Claim) -> Examined:
    """A person's request was answered too late, or is open and the time is over.

    What it means: in the register of requests the time from `opened_on` to `closed_on` is longer than
    the claim's `within`; without one it is a month (GDPR art. 12 (3)).

    What to do: answer it; where a request is complex, tell the person within the month that it takes
    longer, and why.
    """
    return _judged(inventory, claim, "late-answer", _late, "answered in time, or still within it")


def _late(inventory: Inventory, claim: Claim, entry: Entry) -> str:
    opened, closed = moment(entry.get("opened_on")), moment(entry.get("closed_on"))
    if opened is None:
        return ""
    due = opened + timedelta(hours=claim.within) if claim.within else month_later(opened)
    due += timedelta(days=1)  # the last day counts whole
    if closed is None:
        days = (now(inventory) - opened).days
        return f"it has been open for {days} days" if now(inventory) > due else ""
    return f"it was answered after {(closed - opened).days} days" if closed > due else ""


def month_later(start: datetime) -> datetime:
    """The same day of the next month, or that month's last (Regulation 1182/71, art. 3)."""
    year, month = start.year + start.month // 12, start.month % 12 + 1
    return start.replace(year=year, month=month, day=min(start.day, calendar.monthrange(year, month)[1]))


def unidentified_requester(inventory: Inventory, claim: Claim) -> Examined:
    """A request was carried out without knowing that the person asked it.

    What it means: a closed request came from another address than the account's (`sender`, `subject`),
    not from a signed-in session, with no `proof`; or what was asked for went to another address than
    the account's or the sender's without one.

    What to do: find out who got the data. If it was somebody else, that is an incident.
    """
    return _judged(inventory, claim, "unidentified-requester", _unidentified, "asked by who they were about")


def _unidentified(inventory: Inventory, claim: Claim, entry: Entry) -> str | None:
    """None where the register does not tell."""
    if not entry.get("closed_on") or entry.get("proof") or _words(entry, "channel") & _told("signed_in"):
        return ""
    subject, sender, target = (entry.get(name) for name in ("subject", "sender", "released_to"))
    if target and subject and target != subject:
        return "what was asked for went to another address, and no proof is on record"
    if not subject or not sender:
        return None
    return "" if subject == sender else "it came from another address, and no proof is on record"


def kept_proof(inventory: Inventory, claim: Claim) -> Examined:
    """A proof of identity was kept after it had been looked at.

    What it means: a closed request was identified by a document (`proof`), and no `proof_deleted_on` is
    on record.

    What to do: delete the document in the ticket, the mailbox and their backups, and record the day.
    """
    return _judged(
        inventory, claim, "kept-proof", _kept, "without a document, or it was deleted", _by_document
    )


def _by_document(entry: Entry) -> bool:
    return bool(_words(entry, "proof") & _told("document"))


def _kept(inventory: Inventory, claim: Claim, entry: Entry) -> str:
    if not entry.get("closed_on"):
        return ""
    deleted = entry.get("proof_deleted_on")[:10]
    if not deleted:
        return "identified by a document, and no day of its deletion is on record"
    return "identified by a document, whose deletion lies ahead" if deleted > today(inventory) else ""


def unstructured_answer(inventory: Inventory, claim: Claim) -> Examined:
    """A copy of somebody's data was given in a form that no program reads.

    What it means: a closed request for a copy (or for what the claim's `asked` lists) was answered with
    something else than JSON, CSV, XML, or another structured format (GDPR art. 20). Whether the answer
    was complete is not judged here.

    What to do: send it again in a structured format.
    """
    return _judged(inventory, claim, "unstructured-answer", _unstructured, "answered in a structured form")


def _unstructured(inventory: Inventory, claim: Claim, entry: Entry) -> str | None:
    if not entry.get("closed_on"):
        return ""
    words = _words(entry, "answered_with")
    if not words:
        return None
    return "" if words & _told("structured") else f"it was answered with {entry.get('answered_with')}"


def _words(entry: Entry, column: str) -> frozenset[str]:
    return frozenset(words_of((entry.get(column),)))


def _told(kind: str) -> frozenset[str]:
    return vocabulary("requests")[kind]


def _judged(
    inventory: Inventory,
    claim: Claim,
    check: str,
    judge: Judge,
    kept: str,
    counts: Callable[[Entry], bool] = lambda entry: True,
) -> Examined:
    """Every request that the claim speaks of; `judge` gives "" for kept and None for not told."""
    listed = entries(inventory, "requests")
    if not listed:
        return no_register("requests")
    meant = [e for e in listed if not claim.asked or e.get("kind").casefold() in claim.asked]
    told = [(e, judge(inventory, claim, e)) for e in meant if counts(e)]
    if not told:
        return Examined(because="no request that it speaks of is on record", needs=("registers",))
    findings = [_finding(claim, check, entry, why) for entry, why in told if why]
    unknown = [entry_urn(e, e.get("id")) for e, why in told if why is None]
    return concluded(findings, f"{len(told)} requests were {kept}", unknown, ("registers",))


def _finding(claim: Claim, check: str, entry: Entry, why: str) -> Finding:
    message = f"Request {entry.get('id')} ({entry.get('kind')}): {why}."
    subject = entry_urn(entry, entry.get("id"))
    return Finding(check, claim.severity, subject, message, claim.id, evidence=(entry.place, why))


LATE_ANSWER = promised("late-answer", "medium", "answer_in_time", late_answer)
UNIDENTIFIED_REQUESTER = promised("unidentified-requester", "critical", "identity", unidentified_requester)
KEPT_PROOF = promised("kept-proof", "high", "proof_deleted", kept_proof)
UNSTRUCTURED_ANSWER = promised("unstructured-answer", "medium", "structured_answer", unstructured_answer)
