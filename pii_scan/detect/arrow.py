"""Numbers of numpy as Arrow's and back without a copy; pyarrow's ways import pandas, which takes 45 MB."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa


def numbers(values: np.ndarray[Any, Any]) -> pa.Array:
    """A contiguous array of numbers as Arrow sees it."""
    held = np.ascontiguousarray(values)
    return pa.Array.from_buffers(pa.from_numpy_dtype(held.dtype), len(held), [None, pa.py_buffer(held)])


def values(array: pa.Array) -> np.ndarray[Any, Any]:
    """The inverse, of an array of numbers without nulls."""
    kind = array.type.to_pandas_dtype()
    _, held = array.buffers()
    if held is None:
        return np.zeros(0, kind)
    return np.frombuffer(held, kind)[array.offset : array.offset + len(array)]
