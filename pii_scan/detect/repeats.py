"""Columns in which few texts repeat: told by a sample, so that each text is looked at once."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import pyarrow as pa

from . import arrow

#: Values that tell whether a column repeats, and the fewest for which it is asked.
_SAMPLE: Final = 1000
_FEWEST: Final = 4 * _SAMPLE
#: How often a text must come on average: telling equal texts costs as much as a step of the search.
_OFTEN: Final = 3


def many(array: pa.StringArray) -> bool:
    """True if a text seems to come `_OFTEN` times or more.

    Of `k` values drawn from `n / _OFTEN` texts that are equally frequent about
    `n / _OFTEN * (1 - exp(-k * _OFTEN / n))` are distinct; unequal ones are fewer.
    """
    if len(array) < _FEWEST:
        return False
    places = np.arange(_SAMPLE) * len(array) // _SAMPLE
    texts = len(array) / _OFTEN
    expected = texts * (1 - math.exp(-_SAMPLE / texts))
    return len(array.take(arrow.numbers(places)).unique()) <= expected


def encoded(array: pa.StringArray) -> tuple[pa.StringArray, np.ndarray[Any, np.dtype[np.int64]]]:
    """The distinct texts in the order in which they first come, and for each value the place of its text."""
    found = array.dictionary_encode()
    return found.dictionary, arrow.values(found.indices).astype(np.int64)
