"""Incidents: whether the people concerned were told in time."""

from __future__ import annotations

from datetime import timedelta

from ..core.declaration import Claim
from ..core.finding import Examined, Finding
from ..core.inventory import Inventory
from ..core.register import Entry
from .promised import concluded, entries, entry_urn, last_moment, moment, no_register, now, promised

#: GDPR art. 33 (1): hours in which the authority is told; used where a claim names no others.
HOURS = 72


def late_breach_notice(inventory: Inventory, claim: Claim) -> Examined:
    """People were told of an incident too late, or not yet and the time is over.

    What it means: in the register of incidents the time between `aware_at` and `notified_at` is longer
    than the claim's `within` (72 hours without one). A plain day counts as its end for becoming aware,
    and as its beginning for telling, so that nothing is called late for want of a time of day.

    What to do: tell the people now; then see what held the notice up.
    """
    listed = entries(inventory, "incidents")
    if not listed:
        return no_register("incidents")
    hours = claim.within or HOURS
    findings = [_finding(claim, entry, why) for entry in listed if (why := _late(inventory, entry, hours))]
    waiting = [entry_urn(e, e.get("id")) for e in listed if not e.get("notified_at")]
    told = f"in {len(listed)} incidents people were told within {hours} hours"
    return concluded(findings, f"{told}, {len(waiting)} are within the time" if waiting else told)


def _late(inventory: Inventory, entry: Entry, hours: int) -> str:
    aware, told = last_moment(entry.get("aware_at")), moment(entry.get("notified_at"))
    if aware is None or entry.get("subjects") == "0":
        return ""
    due = aware + timedelta(hours=hours)
    if told is None:
        return "nobody has been told, and the time is over" if now(inventory) > due else ""
    if told <= due:
        return ""
    return f"people were told {round((told - aware).total_seconds() / 3600)} hours after it was known"


def _finding(claim: Claim, entry: Entry, why: str) -> Finding:
    message = f"Incident {entry.get('id')}: {why}; claim {claim.id} allows {claim.within or HOURS} hours."
    subject = entry_urn(entry, entry.get("id"))
    return Finding(
        "late-breach-notice", claim.severity, subject, message, claim.id, evidence=(entry.place, why)
    )


LATE_BREACH_NOTICE = promised("late-breach-notice", "critical", "breach_notice", late_breach_notice)
