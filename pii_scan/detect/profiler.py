"""Profiles one batch: counts, shapes, times, keyed hashes, hits and contacts of every field path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import polars as pl

from ..core.keyed import Key
from ..core.lineage import Processor
from ..core.model import Batch
from ..core.profile import Hits, Profile
from . import cells, expansion, needs, protection, sampling, times
from .cells import Column
from .contacts import Contacts
from .fingerprint import Fingerprints
from .hits import PEOPLE
from .identifying import Identifying
from .matching import matching
from .names import Names
from .nested import Bounds
from .options import Options
from .people import People
from .prose.assembly import texts
from .recalling import Recalling
from .recognizers import Recognizers, frame_of
from .related import related
from .seek import Seeker
from .servicekeys import ServiceKeys
from .shapes import share

Path = tuple[str, ...]
#: Shapes of values that may be names of people and places, the share that makes a column of them, and the
#: mean length in bytes from which values are text.
_WORDY: Final = ("word", "words", "text", "code")
_MOSTLY: Final = 0.5
_LONG: Final = 80
#: Rows are ticked off one by one if they lie no further apart, else sorted out by hash.
_DENSE: Final = 16
BIRTH: Final = "user.demographic.date_of_birth"


class Profiler:
    """The part of the engine that sees raw values."""

    def __init__(self, names: Names, processors: Sequence[Processor], key: Key, options: Options) -> None:
        self._names = names
        self._prints = Fingerprints(key.derive("values"))
        self._identifying = Identifying(self._prints, names.taxonomy)
        self._contacts = Contacts(tuple(processors))
        self._keys = ServiceKeys(tuple(processors), names.taxonomy)
        used = matching(names.taxonomy, options)
        self.rules = used.rules
        self._seeker = Recalling(Seeker(used.matcher, options.limit("dear")), self._prints)
        own = Recognizers(used.library, key.derive("values"))
        self._users = own if options.recognizers else None
        self._texts = texts(options) if options.texts else None
        self._seen_by_users = options.limit("presidio")
        self._bounds = Bounds(
            *(options.limit(f"json_{name}") for name in ("bytes", "depth", "leaves", "keys"))
        )
        self._paths = options.limit("json_paths")
        self._sealed = options.limit("protection")
        self._people = People()
        self._named = options.limit("people")
        self._hinted: dict[Path, frozenset[str]] = {}

    def profile(self, batch: Batch) -> dict[Path, Profile]:
        """The profiles of a batch by field path."""
        content = cells.of(batch)
        expansion.expand(content, self._bounds, self._paths)
        columns = content.columns
        prints = {column.number: self._prints.mixed(column) for column in columns}
        shaped = sampling.shape_counts(columns)
        found = _joined(self._hits(columns, prints), self._people_hits(columns, shaped, prints))
        contacts = self._contacts.count(columns)
        profiles: dict[Path, Profile] = {}
        for column, shapes in zip(columns, shaped, strict=True):
            number = column.number
            inside = content.expanded.get(number, {})
            one = Profile(
                rows=content.rows,
                nulls=max(content.rows - _rows(column) - sum(inside.values()), 0),
                characters=_characters(column),
                longest=_longest(column),
                hits=found.get(number, {}),
                contacts=contacts.get(number, {})
                | self._keys.count(column, found.get(number, {}), self._names.hints(column.path)),
                shapes=dict(sorted({**shapes, **inside}.items())),
                times={} if self._is_birth(column.path) else self._times(column, shapes),
                sketch=self._prints.sketch(prints[number]),
                sets=self._identifying.sets(
                    column, prints[number], shapes, found.get(number, {}), self._names.hints(column.path)
                ),
            )
            profiles[column.path] = one
        return profiles

    def _is_birth(self, path: Path) -> bool:
        return BIRTH in self._names.hints(path)

    def _times(self, column: Column, shapes: Mapping[str, int]) -> dict[str, int]:
        return times.count(column, shapes, epochs=self._names.timely(column.path))

    def _hits(self, columns: Sequence[Column], prints: Mapping[int, Any]) -> dict[int, Mapping[str, Hits]]:
        hinted = {c.number: ids for c in columns if (ids := self._rules_named(c.path))}
        found = self._seeker.seek(columns, hinted, prints)
        found = _joined(found, self._protection(columns, prints))
        if self._texts:
            found = _joined(found, self._texts.hits(columns, prints))
        return _joined(found, self._users_hits(self._users, columns)) if self._users else found

    def _users_hits(self, users: Recognizers, columns: Sequence[Column]) -> Mapping[int, Mapping[str, Hits]]:
        """What the user's recognizers find; a column's name is a word around its values."""
        names = {column.number: " ".join(column.path[-1:]) for column in columns}
        return users.hits(frame_of(columns), self._seen_by_users, names)

    def _people_hits(
        self, columns: Sequence[Column], shaped: Sequence[Mapping[str, int]], prints: Mapping[int, Any]
    ) -> dict[int, Mapping[str, Hits]]:
        """Of columns of words, what a sample of their values are names of."""
        found: dict[int, Mapping[str, Hits]] = {}
        for column, shapes in zip(columns, shaped, strict=True):
            if share(shapes, _WORDY) < _MOSTLY or np.average(column.lengths, weights=column.counts) > _LONG:
                continue
            sample = sampling.distinct(column, prints[column.number], self._named)
            counts = self._people.look(sample)
            found[column.number] = {PEOPLE + kind: Hits(n, n) for kind, n in counts.items()}
        return found

    def _protection(
        self, columns: Sequence[Column], prints: Mapping[int, Any]
    ) -> dict[int, Mapping[str, Hits]]:
        """How the values of columns with personal names are protected, by a sample of them."""
        return {
            column.number: protection.marks(sampling.distinct(column, prints[column.number], self._sealed))
            for column in columns
            if len(column) and self._names.hints(column.path)
        }

    def _rules_named(self, path: Path) -> frozenset[str]:
        """The rules that the name of a field speaks for."""
        if path not in self._hinted:
            named = self._names.hints(path)
            self._hinted[path] = frozenset(
                r.id
                for r in self.rules
                if any(related(self._names.taxonomy, name, r.category) for name in named)
            )
        return self._hinted[path]


def _rows(column: Column) -> int:
    """Rows with a value."""
    if not column.inner or not len(column):
        return column.values
    first = int(column.rows.min())
    size = int(column.rows.max()) - first + 1
    if size > _DENSE * column.values:
        return int(pl.Series(column.rows).n_unique())
    seen = np.zeros(size, bool)
    seen[column.rows - first] = True
    return int(np.count_nonzero(seen))


def _characters(column: Column) -> int:
    """Characters of all values."""
    if not len(column):
        return 0
    sizes = column.series.str.len_chars().to_numpy() if column.seen & needs.WIDE else column.lengths
    return int(sizes @ column.counts)


def _longest(column: Column) -> int:
    """Characters of the longest text."""
    if not len(column):
        return 0
    if not column.seen & needs.WIDE:
        return int(column.lengths.max())
    return int(column.series.str.len_chars().max() or 0)  # type: ignore[arg-type]


def _joined(
    left: Mapping[int, Mapping[str, Hits]], right: Mapping[int, Mapping[str, Hits]]
) -> dict[int, Mapping[str, Hits]]:
    """Both counts; where they tell the same category of a column, the larger."""
    joined: dict[int, Mapping[str, Hits]] = dict(left)
    for column, found in right.items():
        mine = dict(joined.get(column, {}))
        for category, more in found.items():
            if category not in mine or mine[category].rows < more.rows:
                mine[category] = more
        joined[column] = mine
    return joined
