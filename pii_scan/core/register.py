"""Registers that a company keeps by hand: what each holds, and an entry without any person's identifier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

Kind = Literal["id", "time", "word", "count", "identifier", "digest"]


@dataclass(frozen=True, slots=True)
class Column:
    """A documented column: `identifier` ones are keyed before they leave the connector."""

    name: str
    kind: Kind
    meaning: str
    required: bool = False


def _must(name: str, kind: Kind, meaning: str) -> Column:
    return Column(name, kind, meaning, True)


REGISTERS: Final[Mapping[str, tuple[Column, ...]]] = {
    "incidents": (
        _must("id", "id", "number of the incident"),
        _must("aware_at", "time", "when the company became aware of it"),
        Column("kind", "word", "what happened; `exposure` for a weakness that laid data open"),
        Column("notified_at", "time", "when the people concerned were told"),
        Column("authority_at", "time", "when the authority was told"),
        Column("subjects", "count", "number of people concerned"),
        Column("store", "word", "the store that was exposed"),
    ),
    "requests": (
        _must("id", "id", "number of the request"),
        _must("kind", "word", "copy, erasure, objection, correction, portability, restriction"),
        _must("opened_on", "time", "when it came in"),
        Column("closed_on", "time", "when it was answered"),
        Column("subject", "identifier", "whose data it is about: the account's address"),
        Column("sender", "identifier", "from which address it came"),
        Column("channel", "word", "mail, form, session, letter, phone"),
        Column("proof", "word", "how the person was identified"),
        Column("proof_deleted_on", "time", "when what proved the identity was deleted"),
        Column("released_to", "identifier", "to which address the package went"),
        Column("answered_with", "word", "form of the answer: json, csv, pdf, …"),
        Column("named", "word", "ids of the recipients that the answer named, with commas between"),
    ),
    "erasures": (
        _must("subject", "identifier", "whose data was erased"),
        _must("erased_on", "time", "when"),
        Column("kept", "word", "what was kept"),
        Column("basis", "word", "on what ground it was kept"),
        Column("kept_until", "time", "until when"),
        Column("sent_to", "word", "ids of the recipients that were asked to erase, with commas between"),
    ),
    "objections": (
        _must("subject", "identifier", "who objected"),
        _must("objected_on", "time", "when"),
        _must("purpose", "word", "to what: marketing, analytics, profiling, all"),
    ),
    "legal_holds": (
        _must("id", "id", "number of the hold"),
        _must("category", "word", "what is held"),
        Column("basis", "word", "on what ground"),
        Column("expires_on", "time", "until when"),
        Column("subject", "identifier", "whose data, where it is one person's"),
    ),
    "contracts": (
        _must("recipient", "word", "id of the recipient as in the declared list"),
        Column("ref", "id", "reference of the contract"),
        Column("until", "time", "until when it holds"),
        Column("role", "word", "processor, controller, joint"),
    ),
    "policy_versions": (
        _must("version", "id", "name of the version"),
        _must("effective", "time", "from when it holds"),
        Column("sha256", "digest", "SHA-256 of its text"),
    ),
    "notices": (
        _must("policy_version", "id", "the version that was announced"),
        _must("sent_at", "time", "when"),
        Column("channel", "word", "mail, in-app, site"),
        Column("recipients", "count", "number of people told"),
    ),
    "exports": (
        _must("id", "id", "number of the export"),
        _must("made_at", "time", "when"),
        Column("recipient", "word", "who received it"),
        Column("what", "word", "what was exported"),
        Column("reference", "id", "ticket or legal reference"),
    ),
    "staff_access": (
        _must("id", "id", "number of the access"),
        _must("at", "time", "when somebody of the staff looked at a customer's data"),
        Column("staff", "identifier", "who"),
        Column("subject", "identifier", "at whose data"),
        Column("ticket", "id", "the request for support that it belongs to"),
    ),
}
#: After the name of an identifier that is an address: its hashed forms, keyed as the address itself is.
FORMS: Final = "_forms"
#: Other names under which columns come.
ALIASES: Final = {
    "subject_hash": "subject",
    "email": "subject",
    "aware": "aware_at",
    "notified": "notified_at",
    "opened": "opened_on",
    "closed": "closed_on",
    "opened_at": "opened_on",
    "closed_at": "closed_on",
    "erased_at": "erased_on",
    "objected_at": "objected_on",
    "expires": "expires_on",
    "expires_at": "expires_on",
    "processor": "recipient",
    "date": "effective",
    "hash": "sha256",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a register: ISO times, keyed identifiers, words; empty values are left out.

    `place` is the file or table and the row, `dataset` its URN.
    """

    register: str
    dataset: str
    place: str
    values: Mapping[str, str] = field(repr=False)

    def get(self, name: str) -> str:
        return self.values.get(name, "")
