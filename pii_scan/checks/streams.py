"""Messages that people need, kept apart from those that promote."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, Literal

from ..core.declaration import Claim
from ..core.finding import Examined, Finding
from ..core.inventory import Inventory
from ..core.register import Entry
from ..core.words import words
from ..data.known import vocabulary
from .promised import concluded, entries, entry_urn, no_register, promised

Kind = Literal["transactional", "promotional", ""]
_TOLD: Final = ("suppression", "stopped", "promotions")


def mixed_mail_streams(inventory: Inventory, claim: Claim) -> Examined:
    """An opt-out from promotion stops messages that people need, or promotion rides on these.

    What it means: in the register of streams a transactional one has messages that an opt-out has
    `stopped`, or messages with `promotions`, or the same list of opt-outs (`suppression`) as a
    promotional one, or its name stands for both kinds.

    What to do: give both their own categories and lists at the sending provider, and take promotion out
    of confirmations and reminders.
    """
    listed = entries(inventory, "mail_streams")
    if not listed:
        return no_register("mail_streams")
    kinds = [(entry, _kind(entry)) for entry in listed]
    needed = [entry for entry, kind in kinds if kind == "transactional"]
    promoting = [entry for entry, kind in kinds if kind == "promotional"]
    if not needed:
        return Examined(because="no transactional stream is on record", needs=("registers",))
    findings = [_finding(claim, entry, why) for entry in needed for why in _mixed(entry, promoting)]
    unknown = [_urn(entry) for entry, kind in kinds if not kind]
    unknown += [_urn(entry) for entry in needed if not any(entry.get(name) for name in _TOLD)]
    because = f"{len(needed)} transactional and {len(promoting)} promotional streams are apart"
    return concluded(findings, because, unknown, ("registers",))


def _kind(entry: Entry) -> Kind:
    found, told = words(entry.get("kind")), vocabulary("streams")
    if found & told["promotional"]:
        return "promotional"
    return "transactional" if found & told["transactional"] else ""


def _mixed(entry: Entry, promoting: Sequence[Entry]) -> Iterator[str]:
    if int(entry.get("stopped") or 0):
        yield f"an opt-out has stopped {entry.get('stopped')} of its messages"
    if int(entry.get("promotions") or 0):
        yield f"{entry.get('promotions')} of its messages carried promotion"
    shared = [p for p in promoting if p.get("suppression") and _same(entry, p, "suppression")]
    if shared:
        yield f"it has the list of opt-outs of {shared[0].get('stream')}"
    if any(_same(entry, other, "stream") for other in promoting):
        yield "its name stands for promotion too"


def _same(one: Entry, other: Entry, name: str) -> bool:
    return one.get(name).casefold() == other.get(name).casefold()


def _urn(entry: Entry) -> str:
    return entry_urn(entry, entry.get("stream"))


def _finding(claim: Claim, entry: Entry, why: str) -> Finding:
    message = f"The transactional stream {entry.get('stream')}: {why}."
    evidence = (entry.place, why)
    return Finding("mixed-mail-streams", claim.severity, _urn(entry), message, claim.id, evidence=evidence)


MIXED_MAIL_STREAMS = promised("mixed-mail-streams", "low", "streams", mixed_mail_streams)
