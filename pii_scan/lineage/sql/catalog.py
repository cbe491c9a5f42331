"""The tables that a statement may name, found as its database would find them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ...core.model import Dataset, Store
from ...core.urn import join

Name = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with the names of its columns as they are written; none if they are not known."""

    urn: str
    columns: tuple[str, ...] = ()

    def real(self, column: str) -> str:
        """The column's name as the table has it."""
        return next((name for name in self.columns if name.lower() == column), column)


@dataclass(slots=True)
class Catalog:
    """All tables of the scanned stores, without regard to case."""

    tables: dict[str, dict[Name, Table]] = field(default_factory=dict)
    stores: dict[str, Store] = field(default_factory=dict)

    @classmethod
    def of(cls, datasets: Iterable[Dataset]) -> Catalog:
        made = cls()
        for dataset in datasets:
            columns = dict.fromkeys(f.path[0] for f in dataset.fields if f.path)
            made.add(dataset.store, dataset.path, tuple(columns))
        return made

    def add(self, store: Store, path: Name, columns: tuple[str, ...]) -> None:
        self.stores.setdefault(store.name, store)
        known = self.tables.setdefault(store.urn, {})
        known[_lower(path)] = Table(join(store.urn, path), columns)


@dataclass(frozen=True, slots=True)
class Names:
    """Names as one statement means them: in `stores` in turn, without a schema in `home`."""

    catalog: Catalog
    stores: Sequence[Store]
    home: Name = ()

    def find(self, name: Name) -> Table:
        """The table; one without columns if no store has it."""
        for store in self.stores:
            known = self.catalog.tables.get(store.urn, {})
            for path in self._paths(store, name):
                if path in known:
                    return known[path]
        return Table(join(self.stores[0].urn, self.path(name)))

    def path(self, name: Name) -> Name:
        """Schema and name, in the first store."""
        short = name[-2:]
        home = self.home or self.stores[0].default_path
        return short if len(short) > 1 else (*home[-1:], *short)

    def _paths(self, store: Store, name: Name) -> list[Name]:
        short = name[-2:]
        homes = [self.home[-1:], store.default_path] if len(short) == 1 else []
        return [_lower(path) for path in (*((*home, *short) for home in homes), name, short)]


def _lower(name: Name) -> Name:
    return tuple(part.lower() for part in name)
