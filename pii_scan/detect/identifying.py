"""Columns whose values identify, and keyed sketches of these in one normal form, whoever wrote them.

An address loses its case, its tag after `+` and, where the mail service ignores them, its dots; of a
telephone number the last eight digits count, which all ways of writing it share, and where the code of the
country is written also all digits as in E.164; names and ids are as `fingerprint` takes them (NFKC, lower
case, no space around). Numbers that are given one after the other, and values of which there are only so
many, identify nobody and have no sketch.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import polars as pl
import pyarrow as pa

from ..core.category import Taxonomy
from ..core.profile import Hits
from ..core.valueset import ALGORITHMS, FORMS, K, ValueSet
from . import counters, needs
from .cells import Column, Ints
from .fingerprint import Fingerprints, Words
from .hits import PEOPLE
from .related import related
from .shapes import share

#: The share of a column's values that must be of a kind.
_MOSTLY: Final = 0.8
_HALF: Final = 0.5
#: Shapes of ids, and the mean length in bytes from which they may be some.
_CODED: Final = ("digits", "code", "token", "uuid", "cipher")
_LONG: Final = 6
_PHONE: Final = "user.contact.phone_number"
_USERNAME: Final = "user.account.username"
#: What has the shape of an id but is shared by people, or belongs to a network.
_NO_IDS: Final = ("user.device.ip_address", "user.device.user_agent", "user.location")
#: The functions of `ALGORITHMS`; nothing is kept secret by them here.
_HASHED: Final = tuple(getattr(hashlib, name) for name in ALGORITHMS)
#: Digits of a telephone number that do not depend on where one dials.
_DIALLED: Final = 8
_LONGEST: Final = 16
_EXTENSION: Final = r"(?i) ?(?:x|ext\.?|#) ?[0-9]+$"
#: The code of a country is written, and how some write the zero that is dialled only without it.
_ABROAD: Final = r"^\s*(?:\+|00)\s?\(?[1-9]"
_TRUNK: Final = "(0)"
_TAGGED: Final = r"^([^+@]+)\+[^@]*@"
_DOTLESS: Final = r"@(?:gmail|googlemail)\.com$"
_WRITTEN: Final = r"(?i)\+[^@]*@|@g(?:oogle)?mail\.com\s*$"


@dataclass(frozen=True)
class Identifying:
    """Makes the sets of a column, by their kind."""

    prints: Fingerprints = field(repr=False)
    taxonomy: Taxonomy = field(repr=False)

    def sets(
        self,
        column: Column,
        prints: Words,
        shapes: Mapping[str, int],
        hits: Mapping[str, Hits],
        names: frozenset[str],
    ) -> dict[str, ValueSet]:
        """`prints` are the hashes of the column's cells, `names` the categories that its name speaks for."""
        return dict(sorted(self._sets(column, prints, shapes, hits, names))) if len(column) else {}

    def _sets(
        self,
        column: Column,
        prints: Words,
        shapes: Mapping[str, int],
        hits: Mapping[str, Hits],
        names: frozenset[str],
    ) -> Iterator[tuple[str, ValueSet]]:
        if share(shapes, ("email",)) >= _MOSTLY:
            yield "email", self._addresses(column, prints)
        elif share(shapes, ("hash",)) >= _MOSTLY:
            yield "digest", self._set(prints)
        elif self._are_phones(column, shapes, hits):
            yield from self._phones(column)
        elif _are_people(hits) or (_USERNAME in names and _long(column)):
            yield "text", self._set(prints)
        elif share(shapes, _CODED) >= _MOSTLY and self._are_ids(column, hits, names):
            yield "id", self._set(prints)

    def _set(self, prints: Words) -> ValueSet:
        return ValueSet(self.prints.sealed(prints, K).astype("<u8").tobytes())

    def _are_phones(self, column: Column, shapes: Mapping[str, int], hits: Mapping[str, Hits]) -> bool:
        """Told by the numbers that a check looked at; of plain digits by the `0` or `+` before them."""
        found = max((h.whole for key, h in hits.items() if related(self.taxonomy, _PHONE, key)), default=0)
        looked, unseen = (sum(h.rows for k, h in hits.items() if k.startswith(f"{m}phone_")) for m in "=?")
        if found >= _HALF * looked and looked + unseen >= _HALF * column.values and found:
            return True
        return share(shapes, ("digits",)) >= _MOSTLY and _dialled(column)

    def _are_ids(self, column: Column, hits: Mapping[str, Hits], names: frozenset[str]) -> bool:
        told = {key for key, hit in hits.items() if hit.whole >= _HALF * column.values} | names
        if any(key.startswith(_NO_IDS) for key in told) or not _long(column):
            return False
        return not counters.counted(column)

    def _addresses(self, column: Column, prints: Words) -> ValueSet:
        other = _written_otherwise(column)
        if other.size:
            prints = prints.copy()
            prints[other] = self._mixed(_canonical(_lowered(column, other)))
        return ValueSet(self.prints.sealed(prints, K).astype("<u8").tobytes(), self._forms(column, prints))

    def _forms(self, column: Column, prints: Words) -> bytes:
        """The hashes of some values and of their hex digests, in lower case as senders hash them."""
        sealed, cells = self.prints.chosen(prints, FORMS)
        texts = [text.encode() for text in _lowered(column, cells)]
        digests = [hashed(text).hexdigest() for hashed in _HASHED for text in texts]
        keyed = self.prints.encrypted(self._mixed(pl.Series(digests, dtype=pl.String)))
        table = np.vstack([sealed, keyed.reshape(len(ALGORITHMS), -1)])
        return np.ascontiguousarray(table.T).astype("<u8").tobytes()

    def _phones(self, column: Column) -> Iterator[tuple[str, ValueSet]]:
        texts = column.series.str.replace(_EXTENSION, "")
        digits = texts.str.replace_all("[^0-9]", "")
        enough = digits.str.len_bytes() >= _DIALLED
        yield "phone", self._set(self._mixed(digits.filter(enough).str.slice(-_DIALLED)))
        abroad = texts.str.contains(_ABROAD) & enough
        if abroad.sum() >= _HALF * len(abroad):
            full = texts.filter(abroad).str.replace(_TRUNK, "", literal=True)
            full = full.str.replace_all("[^0-9]", "").str.replace("^00", "")
            yield "e164", self._set(self._mixed(full))

    def _mixed(self, texts: pl.Series) -> Words:
        """The hashes of normal forms."""
        array = texts.to_arrow().cast(pa.string())
        return self.prints.plain(array) if len(array) else np.zeros(0, np.uint64)


def _long(column: Column) -> bool:
    return float(np.average(column.lengths, weights=column.counts)) >= _LONG


def _dialled(column: Column) -> bool:
    first = column.data[column.offsets[:-1]]
    leads = (first == ord("0")) | (first == ord("+"))
    written = (column.lengths > _DIALLED) & (column.lengths <= _LONGEST)
    return bool(np.average(leads & written, weights=column.counts) >= _MOSTLY)


def _are_people(hits: Mapping[str, Hits]) -> bool:
    """True for full names; first or last names alone are those of many."""
    looked, full = (hits.get(f"{PEOPLE}{kind}") for kind in ("looked", "best_person"))
    return bool(looked and full and full.rows >= _HALF * looked.rows)


def _written_otherwise(column: Column) -> Ints:
    """The addresses of which the normal form is more than lower case."""
    if not column.series.str.contains(r"\+|(?i)mail\.com").any():
        return np.zeros(0, np.int64)
    return np.flatnonzero(column.series.str.contains(_WRITTEN).to_numpy())


def _lowered(column: Column, cells: Any) -> pl.Series:
    texts = column.take(cells).str.to_lowercase().str.strip_chars()
    return texts.str.normalize("NFKC").str.to_lowercase() if column.seen & needs.WIDE else texts


def _canonical(addresses: pl.Series) -> pl.Series:
    """Without tags; without dots before the @ of services that ignore them."""
    frame = pl.DataFrame({"t": addresses.str.replace(_TAGGED, "$1@")})
    local = pl.col("t").str.replace(r"@.*$", "").str.replace_all(".", "", literal=True)
    dotless = pl.when(pl.col("t").str.contains(_DOTLESS)).then(local + "@gmail.com").otherwise(pl.col("t"))
    return frame.select(dotless.alias("t")).to_series()
