"""Joins where no foreign key says so: a column whose ids are keys of another table, told from sketches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ..core.model import Field
from ..core.profile import Profile
from ..core.urn import dataset_of, split
from ..core.valueset import ValueSet
from .containment import Containment
from .values import FEWEST, Sets, pairs

#: Addresses and numbers are looked for by themselves; ids lead from table to table.
_KIND: Final = "id"
#: The share of rows that have a value of their own in a key, as far as estimates of large sets go.
_UNIQUE: Final = 0.95
#: The least share of a column's values that are keys of the other table.
_KEYS: Final = 0.95
_OWN_NAMES: Final = ("id", "uuid", "guid", "key")


@dataclass(frozen=True, slots=True)
class Join:
    """Values of the field `child` are keys in the field `parent`; `share` of its distinct ones are."""

    child: str
    parent: str
    share: Containment


def joins(
    fields: Iterable[Field], profiles: Mapping[str, Profile], sets: Sets, tables: frozenset[str]
) -> tuple[Join, ...]:
    """For each column of `tables` without a foreign key the key that it most likely points at, sorted.

    A key that points at a key of another store is a copy, no join.
    """
    tied = {field.urn for field in fields if field.references}
    ids = {urn: {_KIND: k[_KIND]} for urn, k in sets.items() if _KIND in k and dataset_of(urn) in tables}
    keys = {urn: kinds for urn, kinds in ids.items() if _unique(kinds[_KIND], profiles.get(urn))}
    children = {urn: kinds for urn, kinds in ids.items() if urn not in tied}

    def apart(parent: str, child: str) -> bool:
        if dataset_of(parent) == dataset_of(child):
            return False
        if child not in keys:
            return True
        return _store(parent) == _store(child) and not _is_own(child)

    found: dict[str, list[Join]] = defaultdict(list)
    for parent, child, share in pairs(keys, children, apart):
        if share.share >= _KEYS:
            found[child.urn].append(Join(child.urn, parent.urn, share))
    return tuple(_best(found[urn]) for urn in sorted(found))


def single(profiles: Mapping[str, Profile], sets: Sets) -> frozenset[str]:
    """The fields whose values are ids of one row each; of few values that is no wonder, so none of these."""
    return frozenset(
        urn
        for urn, kinds in sets.items()
        if _KIND in kinds and kinds[_KIND].distinct >= FEWEST and _unique(kinds[_KIND], profiles.get(urn))
    )


def _best(candidates: Sequence[Join]) -> Join:
    """A key beside it before one of another store, one named as a table's own before a copy of it."""
    return min(
        candidates,
        key=lambda j: (_store(j.parent) != _store(j.child), not _is_own(j.parent), -j.share.share, j.parent),
    )


def _unique(values: ValueSet, profile: Profile | None) -> bool:
    return profile is not None and values.distinct >= _UNIQUE * profile.values


def _store(urn: str) -> str:
    return split(urn)[0]


def _is_own(urn: str) -> bool:
    """True for a key by its name alone: `id` or `uuid`, not `user_id`."""
    path = split(urn)[2]
    return bool(path) and path[-1].casefold() in _OWN_NAMES
