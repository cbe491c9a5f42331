"""Keyed sketches of a column's normalised values, from which containment between columns is told.

The `K` smallest hashes of a set are a sample of it that any two columns draw alike: what both have
among the hashes below the smaller of their bounds (`theta`) is a share of what both have at all
(Dasgupta et al., 2016, a theta sketch whose bound is the k-th smallest hash). The state does not
depend on the order of merging. A set of any size takes at most 192 KiB.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

#: Hashes kept of a set, and values of which the hashed forms are kept too.
K: Final = 1 << 14
FORMS: Final = 1 << 11
#: The ways in which senders hash an address before they hand it on, in the order of a record of `forms`.
ALGORITHMS: Final = ("md5", "sha1", "sha256")
_SPACE: Final = float(1 << 64)
_WORD: Final = 8
_RECORD: Final = struct.Struct("<4Q")


@dataclass(frozen=True, slots=True)
class ValueSet:
    """`hashes`: ascending 64-bit words, little-endian; `forms`: records of a value's hash and those of its
    hex digests by `ALGORITHMS`, for the `FORMS` smallest, ascending.
    """

    hashes: bytes = field(default=b"", repr=False)
    forms: bytes = field(default=b"", repr=False)

    def __len__(self) -> int:
        return len(self.hashes) // _WORD

    @property
    def exact(self) -> bool:
        """True if every value of the set is among the hashes."""
        return len(self) < K

    @property
    def theta(self) -> float:
        """The share of the space of hashes that the sketch has seen whole."""
        return 1.0 if self.exact else _last(self.hashes, _WORD) / _SPACE

    @property
    def forms_theta(self) -> float:
        """The share of the values whose hashed forms are kept."""
        few = len(self.forms) < FORMS * _RECORD.size
        return 1.0 if few else _last(self.forms, _RECORD.size) / _SPACE

    @property
    def distinct(self) -> int:
        """The number of distinct values: exact below `K`, an estimate from there."""
        return len(self) if self.exact else round((K - 1) / max(self.theta, 1 / _SPACE))

    def merge(self, other: ValueSet) -> ValueSet:
        if self == other or not other.hashes:
            return self
        if not self.hashes:
            return other
        return ValueSet(_smallest(self.hashes, other.hashes), _joined(self.forms, other.forms))


def merged(left: Mapping[str, ValueSet], right: Mapping[str, ValueSet]) -> dict[str, ValueSet]:
    """The sets of both by kind, sorted."""
    total = dict(left)
    for kind, values in right.items():
        total[kind] = total[kind].merge(values) if kind in total else values
    return dict(sorted(total.items()))


def _last(packed: bytes, size: int) -> int:
    """The first word of the last record."""
    return int.from_bytes(packed[-size : len(packed) - size + _WORD], "little")


def _smallest(one: bytes, other: bytes) -> bytes:
    """The `K` smallest hashes of both, each once."""
    import pyarrow as pa
    import pyarrow.compute as pc

    parts = [
        pa.Array.from_buffers(pa.uint64(), len(p) // _WORD, [None, pa.py_buffer(p)]) for p in (one, other)
    ]
    both = pc.unique(pa.concat_arrays(parts))
    kept = both.take(pc.array_sort_indices(both)[:K])
    packed: bytes = kept.buffers()[1].to_pybytes()
    return packed[: len(kept) * _WORD]


def _joined(one: bytes, other: bytes) -> bytes:
    records = {first: (first, *rest) for p in (one, other) for first, *rest in _RECORD.iter_unpack(p)}
    return b"".join(_RECORD.pack(*records[first]) for first in sorted(records)[:FORMS])
