"""What ends with an account, with somebody's leaving, or after a time that an account has chosen."""

from __future__ import annotations

from ..core.cohort import SOLE, Tally
from ..core.declaration import Claim
from ..core.finding import Examined
from ..core.inventory import Inventory
from .counted import counted, grace_of, meant, unheld
from .promised import promised


def data_of_closed_account(inventory: Inventory, claim: Claim) -> Examined:
    """Data of an account is still there though the account was closed.

    What it means: a dataset that the claim names, or one at a recipient that it names, has rows that lead
    to a member of the cohort (`closed` if the claim names none), by foreign keys, by keys of theirs such
    as a customer's number, or by their users' addresses, and the member's time is longer ago than
    `within`. Datasets of which a live legal hold speaks are left out.

    What to do: delete the rows with the account, at recipients too; enter a hold for what has to stay.
    """
    tallies = unheld(inventory, meant(inventory, claim))
    grace = grace_of(claim)
    why = "belong to accounts that were closed long enough ago"
    found = counted(inventory, claim, "data-of-closed-account", tallies, lambda t: t.overdue(grace), why)
    return found if found.findings else _undated(found, tallies, grace)


def _undated(found: Examined, tallies: list[Tally], grace: int) -> Examined:
    """Closed, and nobody wrote down when."""
    rows = sum(tally.undated for tally in tallies)
    if not rows or found.needs:
        return found
    return Examined(
        because=f"{rows} rows belong to accounts that were closed at no known time", needs=("data",)
    )


def content_of_leaver(inventory: Inventory, claim: Claim) -> Examined:
    """Content of somebody who left is kept though nobody active has a part in it.

    What it means: a row of a dataset that the claim names leads to members of the cohort (`left`) alone.
    A row with a second owner who is no member, or that hangs on such a row, is shared, and may stay.

    What to do: delete it with its owner, or hand it over to somebody.
    """
    tallies = meant(inventory, claim)
    why = "belong to people who left, and to nobody else"
    return counted(
        inventory, claim, "content-of-leaver", tallies, lambda t: t.overdue(grace_of(claim), SOLE), why
    )


def data_beyond_own_period(inventory: Inventory, claim: Claim) -> Examined:
    """Data is older than the days after which its account wanted it deleted.

    What it means: rows that lead to an account with a period of its own (the cohort `period`) are older,
    by `age_of` or the best time column, than these days and the days of grace. A row without a time of
    its own has that of the row it belongs to.

    What to do: repair the deletion job, for copies, form answers and logs of the same data as well.
    """
    tallies = meant(inventory, claim)
    why = "are older than their account has chosen"
    return counted(
        inventory, claim, "data-beyond-own-period", tallies, lambda t: t.overdue(grace_of(claim)), why
    )


def data_of_free_account(inventory: Inventory, claim: Claim) -> Examined:
    """Data is kept of accounts for which the policy gives no reason, such as cards of free ones.

    What it means: a row that is a member's of the cohort (`free`), or hangs on it by one key, has a value
    of one of the claim's categories.

    What to do: delete it when the plan ends, and don't ask for it before one begins.
    """
    tallies = [t for t in meant(inventory, claim) if t.steps <= 1]

    def count(tally: Tally) -> int:
        return max((tally.filled.get(key, 0) for key in claim.categories), default=0)

    return counted(
        inventory,
        claim,
        "data-of-free-account",
        tallies,
        count,
        "hold such data of accounts that pay nothing",
    )


DATA_OF_CLOSED_ACCOUNT = promised(
    "data-of-closed-account", "high", "ends_with_account", data_of_closed_account
)
CONTENT_OF_LEAVER = promised("content-of-leaver", "medium", "co_owned", content_of_leaver)
DATA_BEYOND_OWN_PERIOD = promised("data-beyond-own-period", "high", "account_period", data_beyond_own_period)
DATA_OF_FREE_ACCOUNT = promised("data-of-free-account", "medium", "paid_only", data_of_free_account)
