"""Which datasets of ours repeat what others have first: they point at them, or were made from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from functools import cache
from typing import Final

from ..core.lineage import Link
from ..core.model import Dataset, Field
from ..core.urn import dataset_of
from ..core.words import words_of
from ..data import load

#: The kind of link that common values tell.
COPY: Final = "value match"
_DATABASE: Final = ("table", "view")
#: By dataset those that it repeats.
Repeats = Mapping[str, Set[str]]


def repeats(datasets: Sequence[Dataset], fields: Iterable[Field], links: Iterable[Link]) -> Repeats:
    """A table repeats what its foreign keys point at, a view its tables, files and named copies any table."""
    found: dict[str, set[str]] = defaultdict(set)
    for field in fields:
        if field.references:
            found[field.dataset].add(dataset_of(field.references))
    for link in links:
        if link.kind != COPY:  # which of two copies was first is often open
            found[dataset_of(link.target)].add(dataset_of(link.source))
    first = {d.urn for d in datasets if d.kind in _DATABASE and not named_as_copy(d)}
    for dataset in datasets:
        if dataset.urn not in first:
            found[dataset.urn] |= first
    return {urn: others - {urn} for urn, others in found.items()}


def named_as_copy(dataset: Dataset) -> bool:
    """True if the store or a part of the path is named as copies are: `backup`, `old`, `dump`."""
    return bool(words_of((dataset.store.name, *dataset.path)) & _words())


@cache
def _words() -> frozenset[str]:
    return frozenset(load.read("copies.yaml")["copies"])
