"""A process of ours without what it does not use, and that gives back what it no longer does."""

from __future__ import annotations

import ctypes
import os
import sys
from importlib.abc import MetaPathFinder
from typing import Final

#: Bytes from which memory is asked of the system by itself and given back at once, and those that may lie
#: unused at the end of the rest; in glibc's words.
_ALONE: Final = 1 << 19
_UNUSED: Final = 1 << 22
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
#: The allocator in polars gives back what was free for half a second; by itself it keeps it for good.
_POLARS: Final = "narenas:1,dirty_decay_ms:500,muzzy_decay_ms:0"


def lean() -> None:
    """Keeps this process small: called before polars is imported, as libraries read settings only then."""
    _giving_back()
    without_pandas()


def _giving_back() -> None:
    """Columns of a batch come and go by the megabyte: whatever is free goes back to the system.

    Allocators keep it for speed, each for itself: of Arrow, polars and numpy together three batches' worth.
    """
    os.environ.setdefault("_RJEM_MALLOC_CONF", _POLARS)
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):  # another C library than glibc keeps its own ways
        return
    mallopt(_M_MMAP_THRESHOLD, _ALONE)
    mallopt(_M_TRIM_THRESHOLD, _UNUSED)
    import pyarrow

    pyarrow.set_memory_pool(pyarrow.system_memory_pool())


def without_pandas() -> None:
    """Keeps pyarrow from importing pandas at its first array, only to see whether that is one of pandas'.

    Saves 40 MB and half a second. What asks pyarrow for pandas itself (`to_pandas`) still gets it.
    """
    import pyarrow

    absent = _Absent()
    sys.meta_path.insert(0, absent)
    try:
        pyarrow.array([])
    finally:
        sys.meta_path.remove(absent)


class _Absent(MetaPathFinder):
    """Finds that pandas is not installed."""

    def find_spec(self, fullname: str, path: object, target: object = None) -> None:
        if fullname == "pandas":
            raise ModuleNotFoundError(name=fullname)
