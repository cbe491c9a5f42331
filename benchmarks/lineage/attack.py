"""An attacker with a stolen inventory, all code and a list of addresses: whom do they find in it?

They hash every candidate in all the ways of this project, under every key that they can think of, and as
plain hashes, and look for the hashes in the sketches that the file holds.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from pii_scan.core.keyed import KEY_BYTES, Key
from pii_scan.core.model import LOCATOR, Batch, Dataset, Field, Store
from pii_scan.data.load import taxonomy
from pii_scan.detect.engine import Engine

Words = np.ndarray[Any, np.dtype[np.uint64]]
#: What keys are where nobody made one.
GUESSES: Final = tuple(
    Key(secret) for secret in (bytes(KEY_BYTES), b"\xff" * KEY_BYTES, hashlib.sha256(b"pii-scan").digest())
)


def stolen(inventory: Path) -> Words:
    """All words of all sketches in the file, as SQLite gives them to anybody."""
    with closing(sqlite3.connect(f"file:{inventory}?mode=ro", uri=True)) as base:
        rows = base.execute("SELECT hashes, forms FROM value_sets").fetchall()
    parts = [np.frombuffer(packed, "<u8") for row in rows for packed in row]
    return np.unique(np.concatenate(parts)) if parts else np.zeros(0, np.uint64)


def met(sketches: Words, candidates: Sequence[str], keys: Iterable[Key] = GUESSES) -> set[str]:
    """The candidates of whom the attacker finds a hash."""
    found = set(_plainly(sketches, candidates))
    for key in keys:
        for start in range(0, len(candidates), 1_000):
            found |= _keyed(sketches, candidates[start : start + 1_000], key)
    return found


def _keyed(sketches: Words, candidates: Sequence[str], key: Key) -> set[str]:
    """By the project's own hashes under a key, one candidate after the other, as the hashes are sorted."""
    known = set(sketches.tolist())
    engine = Engine(taxonomy(), (), key)
    # Halves tell which candidate a hash is of without an engine's run for each.
    waiting, found = [list(candidates)], set()
    while waiting:
        some = waiting.pop()
        if not known.isdisjoint(_words(engine, some)):
            if len(some) == 1:
                found.add(some[0])
            else:
                waiting += [some[: len(some) // 2], some[len(some) // 2 :]]
    return found


def _words(engine: Engine, candidates: Sequence[str]) -> list[int]:
    dataset = Dataset(Store("file", "guess"), ("guess",))
    dataset = dataset.with_fields(Field(dataset.urn, ("email",)))
    columns = {"email": list(candidates), LOCATOR: pa.array(range(len(candidates)), pa.int64())}
    batch = Batch(dataset, pa.RecordBatch.from_pydict(columns), (("email",),), 1)
    sets = engine.profile(batch)[("email",)].sets
    packed = b"".join(one.hashes + one.forms for one in sets.values())
    return list(np.frombuffer(packed, "<u8").tolist())


def _plainly(sketches: Words, candidates: Sequence[str]) -> Iterable[str]:
    """By hashes without a key, the first and the last eight bytes of each, in both orders."""
    known = set(sketches.tolist())
    for text in candidates:
        raw = text.lower().encode()
        digests = [hashlib.new(name, raw).digest() for name in ("md5", "sha1", "sha256", "blake2b")]
        digests.append(hashlib.blake2b(raw, digest_size=8).digest())
        parts = [part for digest in digests for part in (digest[:8], digest[-8:])]
        if any(int.from_bytes(part, order) in known for part in parts for order in ("big", "little")):
            yield text
