"""Datasets by the names that other systems give them, after OpenLineage's rules of naming.

A namespace is the address of a database or a place of files, a name the path in it:
`postgres://db:5432` and `app.public.users`. Addresses seldom tell which of our sources it is, so the
path decides, and only where a single dataset fits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from ..core.inventory import Inventory
from ..core.mapping import Place
from ..core.model import Dataset
from ..core.urn import quote_part

#: Kinds of our stores by the scheme of a namespace. Of other schemes only generic databases are asked.
_KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "postgres": ("postgresql",),
    "postgresql": ("postgresql",),
    "mysql": ("mysql",),
    "mariadb": ("mysql",),
    "sqlite": ("sqlite",),
    "duckdb": ("duckdb",),
    "file": ("files", "logs", "ddl"),
    **dict.fromkeys(("s3", "s3a", "gs", "abfss", "wasbs", "sftp"), ("remote",)),
}
_GENERIC: Final = ("sql",)
#: Parts that may stand before a table's own path: server or catalog, and database.
_ABOVE_TABLE: Final = 2


def same(parts: Iterable[str]) -> tuple[str, ...]:
    """Names as they are compared: without case, dots taken for separators, array marks left out."""
    return tuple(word for part in parts for word in part.casefold().split(".") if word and word != "[]")


@dataclass(frozen=True)
class Names:
    """Finds the dataset or field of ours that a place means."""

    inventory: Inventory

    @cached_property
    def _by_end(self) -> Mapping[str, list[tuple[tuple[str, ...], Dataset]]]:
        """Datasets by the last word of their path, each with the path in which it is looked for."""
        found: dict[str, list[tuple[tuple[str, ...], Dataset]]] = defaultdict(list)
        for dataset in self.inventory.datasets:
            start = dataset.store.default_path
            short = dataset.path[len(start) :] if start and dataset.path[: len(start)] == start else ()
            for path in {same(dataset.path), same(short)} - {()}:
                found[path[-1]].append((path, dataset))
        return found

    @cached_property
    def _fields(self) -> Mapping[tuple[str, tuple[str, ...]], str]:
        return {(field.dataset, same(field.path)): field.urn for field in self.inventory.fields}

    def dataset(self, place: Place) -> str:
        """The URN of the one dataset that fits the place; empty if none does, or several do equally."""
        words = same(place.path)
        if not words:
            return ""
        fits = [
            (path, dataset)
            for path, dataset in self._by_end.get(words[-1], ())
            if words[-len(path) :] == path and _may_be(place, dataset, words[: -len(path)])
        ]
        longest = max((len(path) for path, _ in fits), default=0)
        best = {dataset.urn: dataset for path, dataset in fits if len(path) == longest}
        if len(best) > 1:
            best = {urn: dataset for urn, dataset in best.items() if _named(place, dataset, words)}
        return next(iter(best)) if len(best) == 1 else ""

    def field(self, place: Place) -> str:
        """The URN of the field that the place means, in a dataset of ours; empty if there is none."""
        return self._fields.get((self.dataset(place), same(place.field)), "")


def _may_be(place: Place, dataset: Dataset, above: tuple[str, ...]) -> bool:
    """True if the namespace can be the dataset's store."""
    store = dataset.store
    if place.store:
        return store.name == place.store
    if place.namespace == store.urn:
        return True
    if dataset.kind in ("table", "view") and len(above) > _ABOVE_TABLE:
        return False
    return store.kind in _KINDS.get(place.namespace.partition(":")[0].casefold(), _GENERIC)


def _named(place: Place, dataset: Dataset, words: tuple[str, ...]) -> bool:
    """True if the store is named by the namespace, or by what stands before the dataset's own path."""
    name = quote_part(dataset.store.name).casefold()
    parts = {*words, *place.namespace.casefold().replace(":", "/").replace(".", "/").split("/")}
    return bool(place.store) or place.namespace == dataset.store.urn or name in parts
