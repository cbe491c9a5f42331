"""Numbers given one after the other: two columns of them overlap by accident."""

from __future__ import annotations

from typing import Final

import polars as pl

from .cells import Column
from .sampling import spread

#: From this share of the numbers between the least and the greatest on, others have the same by accident.
_DENSE: Final = 1e-3
#: A counter stands among at most so many texts (`INV-`, `user_`); of its digits so many are looked at.
_TEXTS: Final = 5
_DIGITS: Final = 17


def counted(column: Column) -> bool:
    """True if what sets the values apart are digits, and most numbers of that size are taken.

    Told by an even sample of 1,000 cells.
    """
    sample = column.take(spread(len(column)))
    if sample.str.replace_all("[0-9]+", "0").n_unique() > _TEXTS:
        return False
    digits = sample.str.replace_all("[^0-9]", "")
    numbers = digits.filter(digits.str.len_bytes() > 0).str.slice(-_DIGITS).cast(pl.Int64)
    if numbers.is_empty():
        return True
    least, most = min(numbers.to_list()), max(numbers.to_list())
    return bool(len(column) >= _DENSE * (most - least + 1))
