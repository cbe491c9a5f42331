"""People who are no users: readers of the newsletter, and those who were erased. They are nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from . import resources
from .clock import NOW
from .company import Company
from .people import Person, invent

#: When one of them objected, opted out, or was erased, in days before now.
OBJECTED: Final = 100
LEFT: Final = 90
ERASED: Final = 80
_OTHER: Final = 5_003  # people of another seed than the company's own


@dataclass(frozen=True, slots=True)
class Readers:
    """The cast: who reads, who of these objected or opted out or asked, and who was erased."""

    readers: Sequence[Person] = field(repr=False)
    erased: Sequence[Person] = field(repr=False)
    others: Sequence[Person] = field(repr=False)

    @property
    def objectors(self) -> Sequence[Person]:
        return self.readers[:2]

    @property
    def unsubscribed(self) -> Sequence[Person]:
        return self.readers[2:6]

    @property
    def asking(self) -> Sequence[Person]:
        return self.readers[6:10]

    def until(self, person: Person) -> datetime:
        """Until when somebody may be written to."""
        if person in self.objectors:
            return NOW - timedelta(days=OBJECTED)
        return NOW - timedelta(days=LEFT) if person in self.unsubscribed else NOW


@cache
def _made(seed: int) -> tuple[Person, ...]:
    return invent(seed + _OTHER, 60, resources.document("words.yaml"))


def cast(company: Company) -> Readers:
    known = {person.email for person in (*company.users, *company.guests)}
    numbers = {person.phone for person in (*company.users, *company.guests)}
    people = [p for p in _made(company.seed) if p.email not in known and p.phone not in numbers]
    return Readers(people[:30], people[30:38], people[38:])
