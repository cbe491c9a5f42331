"""How likely common values are an accident.

Ids, addresses and numbers are one person's: their hashes meet by accident with a chance of n*m/2^64 for sets
of n and m values (the birthday bound), less than 10^-3 for 10^8 against 10^8, so that a few common ones are
the same values. Names are those of many. How far an unrelated list of people agrees with a column of ours by
accident is its chance of agreement, `u` in Fellegi and Sunter, "A Theory for Record Linkage" (1969); it is
measured on the other columns of names, and names count only where strangers would not have as many.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from statistics import median
from typing import Final

#: The chance of agreement where there are no strangers to measure it on: half of them bear a name of ours.
UNKNOWN: Final = 0.5


def accident(met: int, told: int, agreement: float) -> float:
    """A bound on the chance that `met` or more of `told` values agree by accident, each with that chance.

    P(X >= k) <= exp(-n * D(k/n || u)), D the relative entropy (Chernoff, 1952; Hoeffding, 1963, theorem 1).
    """
    if told <= 0 or met <= told * agreement:
        return 1.0
    share = met / told
    apart = share * math.log(share / agreement)
    if share < 1.0:
        apart += (1 - share) * math.log((1 - share) / (1 - agreement))
    return math.exp(-told * apart)


def agreement(strangers: Iterable[tuple[int, int]]) -> float:
    """The chance of agreement with a column, from (common, seen) values of columns of other people.

    Each gives (k+1)/(n+2) (Laplace's rule of succession); their median bears that some of them are related.
    """
    told = [(met + 1) / (seen + 2) for met, seen in strangers if seen]
    return min(median(told), 1 - 1e-9) if told else UNKNOWN
