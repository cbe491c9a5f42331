"""Which records are whose: written down while they are made up, never worked out from them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from .people import Person

#: Each record has a mark of its own in one of its fields.
MARK: Final = re.compile(r"\brec\d{7}x\b")
MAIL, PHONE, CODE, KEY = "mail", "phone", "code", "key"


@dataclass(frozen=True, slots=True)
class Part:
    """One person's part in a record: by what it can be found, and whether the record is theirs."""

    by: frozenset[str]
    own: bool | None  # None: it may be told as either


@dataclass(slots=True)
class Truth:
    """`kinds` by mark; `parts` by mark and the person's number."""

    kinds: dict[str, str] = field(default_factory=dict)
    parts: dict[int, dict[str, Part]] = field(default_factory=dict)

    def record(self, kind: str, *parts: tuple[Person | None, Iterable[str], bool | None]) -> str:
        """The mark of a new record, with those who have a part in it."""
        mark = f"rec{len(self.kinds):07d}x"
        self.kinds[mark] = kind
        for part in parts:
            self.add(mark, *part)
        return mark

    def add(self, mark: str, person: Person | None, by: Iterable[str], own: bool | None) -> None:
        """Gives somebody a part in a record."""
        if person is not None:
            self.parts.setdefault(person.number, {}).setdefault(mark, Part(frozenset(by), own))

    def of(self, person: Person, asked_by: Iterable[str]) -> Mapping[str, Part]:
        """The records that can be found if the person is asked about by these kinds of identifier."""
        known = {*asked_by, KEY, CODE}
        return {mark: part for mark, part in self.parts.get(person.number, {}).items() if part.by & known}


def own(person: Person | None, *by: str) -> tuple[Person | None, tuple[str, ...], bool]:
    return person, by, True


def either(person: Person | None, *by: str) -> tuple[Person | None, tuple[str, ...], None]:
    return person, by, None


def part(person: Person | None, *by: str) -> tuple[Person | None, tuple[str, ...], bool]:
    return person, by, False
