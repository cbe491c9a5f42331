"""The tables that schema files make, change and drop, in the order of the files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from pii_scan.core import urn
from pii_scan.core.model import Dataset, Field, FieldType, Store

Name = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """`references` is the table and the column that it points at; without a column the table's key."""

    name: str
    type: FieldType = "unknown"
    nullable: bool | None = None
    comment: str = ""
    references: tuple[Name, str] | None = None


@dataclass(slots=True)
class Table:
    """A table as it stands after the statements so far; its columns by name in lower case."""

    name: Name
    columns: dict[str, Column] = field(default_factory=dict)
    key: str = ""

    def add(self, column: Column) -> None:
        """A column that is there already gets what is new of it."""
        self.columns[column.name.casefold()] = column

    def drop(self, name: str) -> None:
        self.columns.pop(name.casefold(), None)

    def rename(self, old: str, new: str) -> None:
        """The column keeps its place."""
        self.columns = {
            (new.casefold() if key == old.casefold() else key): (
                replace(column, name=new) if key == old.casefold() else column
            )
            for key, column in self.columns.items()
        }

    def change(self, column: Column) -> None:
        """Another type; what is said of it besides stays."""
        known = self.columns.get(column.name.casefold())
        self.add(replace(known, type=column.type) if known else column)

    def refer(self, name: str, target: tuple[Name, str]) -> None:
        known = self.columns.get(name.casefold())
        if known:
            self.add(replace(known, references=target))


@dataclass(slots=True)
class Tables:
    """All tables by name in lower case; `parts` are those whose rows another one's name stands for."""

    known: dict[Name, Table] = field(default_factory=dict)

    def has(self, name: Name) -> bool:
        return _key(name) in self.known

    def of(self, name: Name) -> Table:
        """The table; a new one if only its changes are at hand."""
        return self.known.setdefault(_key(name), Table(name))

    def make(self, name: Name, *, again: bool) -> Table | None:
        """A new table; None if it is there and the statement leaves it as it is."""
        if again and _key(name) in self.known:
            return None
        self.known[_key(name)] = table = Table(name)
        return table

    def drop(self, name: Name) -> None:
        self.known.pop(_key(name), None)

    def rename(self, old: Name, new: Name) -> None:
        """A new name without a schema stays in the old one's."""
        table = self.known.pop(_key(old), None) or Table(old)
        table.name = new if len(new) > 1 else (*old[:-1], *new)
        self.known[_key(table.name)] = table

    def datasets(self, store: Store) -> Iterator[Dataset]:
        """Tables with their columns, sorted by name."""
        for _, table in sorted(self.known.items()):
            dataset = Dataset(store, table.name)
            fields = [
                Field(
                    dataset.urn,
                    (column.name,),
                    column.type,
                    column.nullable,
                    column.comment,
                    self._target(store, column),
                )
                for column in table.columns.values()
            ]
            yield dataset.with_fields(*fields)

    def _target(self, store: Store, column: Column) -> str | None:
        if column.references is None:
            return None
        name, target = column.references
        table = self.known.get(_key(name))
        key = target or (table.key if table else "")
        home = urn.join(store.urn, table.name if table else name)
        return urn.join(home, (key,), "#") if key else None


def _key(name: Name) -> Name:
    return tuple(part.casefold() for part in name)
