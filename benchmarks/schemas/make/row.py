"""What a maker of values sees."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Final

from ..model import Schema
from ..people import Person

#: The moment that all rows are made at, so that the same seed gives the same bytes.
NOW: Final = datetime(2026, 6, 1, 9, 30)  # noqa: DTZ001 - databases keep no zone


@dataclass(frozen=True, slots=True)
class Row:
    """The row's number from 1, its person and another one, and chance of the column's own."""

    schema: Schema
    number: int
    person: Person = field(repr=False)
    other: Person = field(repr=False)
    rng: Random = field(repr=False)

    @property
    def language(self) -> str:
        return self.person.locale[:2]
