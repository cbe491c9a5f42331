"""Contacts and payloads: what a column of addresses tells about who receives what.

A host in a log proves a contact. In the rows of an integration or webhook it proves that data is set
up to flow, and so does a key of a service. Where the same rows hold the payload that was sent, the
payload's categories went there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from ..core.lineage import BESIDE, KEY_OF, Flow, FlowEvidence
from ..core.model import Dataset, Field
from ..core.profile import EMPTY, Profile
from ..core.recipients import Recipients
from ..core.words import words, words_of
from ..data.known import vocabulary
from . import evidence

_PREFIXES = (KEY_OF, BESIDE)
_OF_KEYS = 0.8  # a key may be expired, or an example
_WHOLE = 0.95  # at least this share of the rows must go to one recipient before a payload is its own


@dataclass(frozen=True, slots=True)
class Outlook:
    """A dataset as egress sees it: fields, their profiles, and the personal categories by field URN.

    `typed` are the fields with the categories that each of their values is of; of others some values are.
    """

    dataset: Dataset
    fields: Sequence[Field]
    profiles: Mapping[str, Profile]
    categories: Mapping[str, Mapping[str, float]]
    typed: Set[tuple[str, str]] = frozenset()

    def contacts(self) -> Iterator[tuple[Field, Profile]]:
        for field in self.fields:
            profile = self.profiles.get(field.urn)
            if profile and profile.contacts:
                yield field, profile

    def payload(self, address: Field) -> Iterator[Field]:
        """Nested fields with personal data that were sent together with the address."""
        for field in self.fields:
            below_address = field.path[: len(address.path)] == address.path
            if field.urn in self.categories and not below_address and _was_sent(field.path):
                yield field


def _was_sent(path: tuple[str, ...]) -> bool:
    """True if the path leads into a payload, and not by way of a response."""
    rules = vocabulary("egress")
    for part in path[:-1]:
        found = words(part)
        if found & rules["inbound"]:
            return False
        if found & rules["payload"]:
            return True
    return False


def flows(outlook: Outlook, recipients: Recipients) -> Iterator[Flow]:
    """Contacts of every address column, and the payloads beside those that say where data is sent."""
    for field, profile in outlook.contacts():
        yield from _keys(field, profile, recipients)
        named = {name: rows for name, rows in profile.contacts.items() if not name.startswith(_PREFIXES)}
        found = _canonical(named, recipients)
        kind, confidence = _strength(outlook.dataset, field)
        for recipient, rows in sorted(found.items()):
            detail = f"{rows} of {profile.values} rows name a host of it"
            reason = FlowEvidence(kind, field.urn, detail, rows, confidence)
            yield Flow(field.urn, recipient, "", evidence.status([reason]), (reason,))
        if not _sends(outlook.dataset, field):
            continue
        if named and profile.contacts.get(BESIDE) == sum(named.values()):
            yield from _sent(outlook, field, recipients, found)
        else:
            yield from _payloads(outlook, field, profile, found)


def _keys(field: Field, profile: Profile, recipients: Recipients) -> Iterator[Flow]:
    """Keys of a service prove an integration with it, not what it gets."""
    keys = _starting(KEY_OF, profile.contacts)
    for recipient, rows in sorted(_canonical(keys, recipients).items()):
        detail = f"{rows} of {profile.values} rows hold a key of its service"
        reason = FlowEvidence("integration", field.urn, detail, rows, _OF_KEYS)
        yield Flow(field.urn, recipient, "", evidence.status([reason]), (reason,))


def _starting(prefix: str, contacts: Mapping[str, int]) -> dict[str, int]:
    return {name.removeprefix(prefix): rows for name, rows in contacts.items() if name.startswith(prefix)}


def _canonical(contacts: Mapping[str, int], recipients: Recipients) -> dict[str, int]:
    found: dict[str, int] = {}
    for recipient, rows in contacts.items():
        owner = recipients.canonical(recipient)
        found[owner] = found.get(owner, 0) + rows
    return found


def _about(dataset: Dataset) -> frozenset[str]:
    """The words of where it lies; a database's own name (`integration-db`) says nothing of its tables."""
    in_database = dataset.kind in ("table", "view")
    return words_of(dataset.path if in_database else (dataset.store.name, *dataset.path))


def _strength(dataset: Dataset, field: Field) -> tuple[str, float]:
    """Kind and confidence of a contact; a link in somebody's profile is hardly a contact of ours."""
    rules, own = vocabulary("egress"), words_of(field.path)
    if own & rules["inbound"]:
        return "host", 0.2
    if dataset.kind == "log":
        return "host", 0.9
    about = _about(dataset) | words_of(field.path[:-1])
    if about & (rules["outbound"] | rules["integration"]) or own & rules["outbound_address"]:
        return "integration", 0.8
    return "host", 0.3


def _sends(dataset: Dataset, field: Field) -> bool:
    """True if the column holds the address that the row's payload was sent to."""
    rules, own = vocabulary("egress"), words_of(field.path)
    if own & rules["inbound"] or not own & (rules["address"] | rules["outbound_address"]):
        return False
    return bool(own & rules["outbound_address"] or _about(dataset) & rules["outbound"])


def _sent(
    outlook: Outlook, address: Field, recipients: Recipients, found: Mapping[str, int]
) -> Iterator[Flow]:
    """The categories of the payload for each recipient, where it was counted which rows were sent to whom.

    Where only some of a field's values are of a category, and some of its rows were sent, those of the
    category may be others: that is no more than configured.
    """
    for field in outlook.payload(address):
        stored = outlook.profiles.get(field.urn, EMPTY)
        sent = _canonical(_starting(BESIDE, stored.contacts), recipients)
        for recipient, rows in sorted(sent.items()):
            share = min(1.0, rows / stored.values) if stored.values else 0.0
            for category, sure in sorted(outlook.categories[field.urn].items()):
                told = share >= _WHOLE or (field.urn, category) in outlook.typed
                if recipient in found:
                    reason = _reason(address, rows, share, told, sure)
                    yield Flow(field.urn, recipient, category, evidence.status([reason]), (reason,))


def _payloads(outlook: Outlook, address: Field, profile: Profile, found: Mapping[str, int]) -> Iterator[Flow]:
    """The categories of the payload, for each recipient of the address column.

    Where rows were not counted nobody knows which went where. So it is confirmed only if one recipient takes
    practically all rows; with several it is no more than configured, and less sure the fewer rows one takes.
    """
    for recipient, rows in sorted(found.items()):
        share = min(1.0, rows / profile.values) if profile.values else 0.0
        alone = len(found) == 1 and share >= _WHOLE
        for field in outlook.payload(address):
            for category, sure in sorted(outlook.categories.get(field.urn, {}).items()):
                reason = _reason(address, rows, share, alone, sure)
                yield Flow(field.urn, recipient, category, evidence.status([reason]), (reason,))


def _reason(address: Field, rows: int, share: float, certain: bool, sure: float) -> FlowEvidence:
    if certain:
        return FlowEvidence("payload", address.urn, "stored payload, sent to its host", rows, 0.95 * sure)
    detail = f"stored payload, {share:.0%} of the rows sent to its host; which ones, the scan can't say"
    return FlowEvidence("integration", address.urn, detail, rows, 0.6 * share * sure)
