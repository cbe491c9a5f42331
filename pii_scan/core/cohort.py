"""People and accounts of one kind (closed, unsubscribed, erased), and how many rows of theirs are where.

A cohort is a set of keys with the time since when they belong to it. What is kept of it is a number of
members, and of rows by dataset; keys and values are keyed hashes in memory while rows are counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

#: Rows of a dataset by the number of whole days that have passed since something.
Days = Mapping[int, int]
#: Labels of counts: all of the rows; those that belong to nobody else; those that are promotion.
ALL, SOLE, PROMOTION = "all", "sole", "promotion"
#: What is counted of no cohort, but of a dataset: templates of mails, copies of profiles.
TEMPLATES, PROFILES = "(templates)", "(profiles)"

#: The cohorts that are recognised where nothing is declared, and what each is.
COHORTS: Final[Mapping[str, str]] = {
    "closed": "accounts that were closed",
    "left": "people who were deactivated or deleted",
    "free": "accounts on a plan that costs nothing",
    "period": "accounts that chose after how many days their data is deleted",
    "disconnected": "integrations and webhooks that were switched off",
    "unsubscribed": "addresses that want no promotion",
    "erased": "people in the register of erasures",
    "objected": "people in the register of objections",
    "asked": "people in the register of requests",
    PROFILES: "people by address and telephone number",
}
#: Cohorts that stand in a register, with the register and the columns of the time and of the group.
REGISTERED: Final[Mapping[str, tuple[str, str, str]]] = {
    "erased": ("erasures", "erased_on", "sent_to"),
    "objected": ("objections", "objected_on", "purpose"),
    "asked": ("requests", "closed_on", "named"),
}


@dataclass(frozen=True, slots=True)
class Condition:
    """A column has one of the values, or with `negated` none of them; None among them stands for no value."""

    column: str
    values: tuple[str | None, ...] = field(repr=False)
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Cohort:
    """Rows of the datasets that fit `dataset`, by their key columns, from the time in `since`.

    The first of `keys` is what foreign keys point at; the others are values by which a member is known
    elsewhere. `days` is a column with a number of days of the member's own.
    """

    name: str
    dataset: str
    keys: tuple[str, ...] = ()
    where: tuple[Condition, ...] = ()
    since: str = ""
    days: str = ""


@dataclass(frozen=True, slots=True)
class Roll:
    """A cohort as it was read from one dataset or register (URN): how many belong to it.

    `gap` says why it could not be read, `bound` why only a part of it was.
    """

    cohort: str
    dataset: str
    rows: int
    members: int
    gap: str = ""
    bound: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """Rows of a dataset that belong to members of a cohort.

    `rows` were read, `held` belong to members, `undated` of these to members of whom no time is known.
    `over` counts by label the days since the member's time (with a period of its own: since its end),
    `after` the days from then to the row's time. `filled` counts by category the rows with such a value.
    `steps` is the number of keys between; `newest` the day of the latest row that came after the
    member's time. `gap` says why it could not be read, `bound` why only a part was. `group` is a purpose,
    or recipients.
    """

    cohort: str
    dataset: str
    group: str = ""
    via: tuple[str, ...] = ()
    steps: int = 0
    rows: int = 0
    held: int = 0
    undated: int = 0
    over: Mapping[str, Days] = field(default_factory=dict)
    after: Mapping[str, Days] = field(default_factory=dict)
    filled: Mapping[str, int] = field(default_factory=dict)
    newest: str = ""
    gap: str = ""
    bound: str = ""

    def overdue(self, grace: int, label: str = ALL) -> int:
        """Rows that are still there `grace` days after they should be gone."""
        return _from(self.over.get(label, {}), grace)

    def later(self, grace: int, label: str = ALL) -> int:
        """Rows that came `grace` days or more after the member's time."""
        return _from(self.after.get(label, {}), grace)


def _from(days: Days, grace: int) -> int:
    return sum(rows for day, rows in days.items() if day >= grace)
