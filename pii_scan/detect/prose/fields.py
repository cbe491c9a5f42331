"""What the name of a field says in a text: the label before a value, the head of a pasted table's column."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Final

from ...data import load
from .. import vocabulary
from ..gazetteer import NAME, WORD, plain, shipped, words
from ..names import Names
from ..options import Options
from .dates import BIRTH, Dates
from .folding import Folded
from .ids import Ids

PERSON: Final = "user.name"
PHONE: Final = "user.contact.phone_number"
AGE: Final = "user.demographic.age"
ACCOUNT: Final = "user.financial.bank_account"
CARD: Final = "user.financial.credit_card"
UNIQUE: Final = "user.unique_id"
VEHICLE: Final = "user.government_id.vehicle_registration"
#: Categories of values that a field's name tells; where none has a form of its own it is an identifier's.
_IDENTIFIERS: Final = (
    "user.government_id",
    "user.account.identifier",
    UNIQUE,
    "user.health_and_medical.record_id",
    "user.health_and_medical.insurance_beneficiary_id",
    "user.device.device_id",
)
_USED: Final = (PERSON, PHONE, BIRTH, AGE, ACCOUNT, CARD, *_IDENTIFIERS)
#: The kind of record that a table of people is, for names of columns such as `id`.
_PEOPLE: Final = ("customers",)
#: Names of fields that are remembered, and the characters that one has at most.
_REMEMBERED: Final = 4_096
LONGEST: Final = 48
_PHONE: Final = re.compile(r"(?:\+ ?)?\(?[0-9](?:[ ./()-]{0,3}[0-9]){6,14}(?![0-9])")
_ACCOUNT: Final = re.compile(r"[A-Za-z]{0,4}[0-9](?:[ -]{0,2}[A-Za-z0-9]){4,33}(?![A-Za-z0-9])")
_CARD: Final = re.compile(r"[0-9](?:[ -]?[0-9]){11,18}(?![0-9])")
_AGE: Final = re.compile(
    r"(?P<n>[0-9]{1,3})(?! ?[0-9/:%€$£,.-]+[0-9])"
    r"(?: ?(?:years?(?: old)?|yrs?|y/?o|ans?|mois|months?|m)(?![A-Za-z]))?"
)
_NAME: Final = re.compile(r"\"?[^\W\d_][\w.'’-]{0,24}(?:,? [^\W\d_]?[\w.'’-]{0,24}){0,4}")
_DIGIT: Final = re.compile("[0-9]")
_OLDEST: Final = 115


@dataclass(frozen=True)
class Fields:
    """Names of fields by the vocabulary that columns are read with, and the values that they may have."""

    options: Options = field(default_factory=Options, repr=False)

    @cached_property
    def _names(self) -> Names:
        return Names(load.taxonomy(), vocabulary.shipped(), self.options)

    @cached_property
    def _ids(self) -> Ids:
        return Ids()

    @cached_property
    def _dates(self) -> Dates:
        return Dates()

    @cached_property
    def label(self) -> Callable[[str], str]:
        """The category that a label ends with, empty if it ends with none."""
        return lru_cache(_REMEMBERED)(self._label)

    def _label(self, text: str) -> str:
        for hit in self._names.read((), (text,), "string", near=True):
            if self._used(hit.category) and self._names.ending((text,), hit.category):
                return hit.category
        return self._numbered(text)

    def _numbered(self, text: str) -> str:
        """The category of what a rule of identifiers would find behind the words: `hospital no`."""
        return next((found.category for found in self._ids.find(f"{text}: K4471882", "")), "")

    def heads(self, cells: Sequence[str]) -> list[str]:
        """The category of each head of a table's columns; all empty if none is of a person."""
        beside = [self._names.words((cell,)) for cell in cells]
        alone = [self._head(cell, beside, near=False) for cell in cells]
        roles = [self._role(cell) for cell in cells]
        near = [self._head(cell, beside, near=True) for cell in cells]
        if not any(alone) and not (any(roles) and any(near)):
            return alone
        return [
            head or role or self._numbered(cell) for head, role, cell in zip(near, roles, cells, strict=True)
        ]

    def _head(self, cell: str, beside: Sequence[tuple[str, ...]], near: bool) -> str:
        hits = self._names.read(_PEOPLE if near else (), (cell,), "string", near, beside)
        return next((hit.category for hit in hits if self._used(hit.category)), "")

    def _role(self, cell: str) -> str:
        """A column headed by who somebody is holds names: `guardian`, `salarié`."""
        return PERSON if self._names.subject((), (cell,)) == "person" else ""

    @staticmethod
    def _used(category: str) -> bool:
        return category.startswith(_USED)

    def value(self, text: Folded, start: int, category: str) -> tuple[int, int] | None:
        """Where a value of the category stands right at `start` of the folded text; None if none does."""
        if category.startswith(PERSON):
            return self._name(text, start)
        if category == BIRTH:
            return self._dates.date(text, start)
        if category == AGE:
            found = _AGE.match(text.low, start)
            return found.span() if found and int(found["n"]) <= _OLDEST else None
        if category in (PHONE, ACCOUNT, CARD):
            regex = {PHONE: _PHONE, ACCOUNT: _ACCOUNT, CARD: _CARD}[category]
            match = regex.match(text.base, start)
            return match.span() if match and len(_DIGIT.findall(match.group())) > 4 else None
        return self._ids.value(text, start, category == VEHICLE)

    @staticmethod
    def known(name: str) -> bool:
        """True if one of the words is known as a name and as nothing else."""
        flags = (shipped().entries.get(part, 0) for part in words(plain(name)))
        return any(flag & NAME and not flag & WORD for flag in flags)

    @staticmethod
    def _name(text: Folded, start: int) -> tuple[int, int] | None:
        match = _NAME.match(text.base, start)
        if match is None:
            return None
        parts = words(plain(match.group()))
        entries = shipped().entries
        known = sum(bool(entries.get(part, 0) & NAME) for part in parts)
        capital = all(word[:1].isupper() for word in match.group().split() if len(word) > 3)
        end = match.end() - (len(match.group()) - len(match.group().rstrip(" ,.")))
        return (
            (start, end)
            if (known and (capital or known == len(parts))) or (capital and len(parts) > 1)
            else None
        )
