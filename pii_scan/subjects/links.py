"""How tables hang together: foreign keys, and columns of keys that no constraint names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ..core import urn as urns
from ..core.model import Dataset, Field
from .answer import Path
from .scope import Scope

_KEY: Final = re.compile(r"(?P<stem>.+?)(?:_id|_uuid|Id|ID)$")


@dataclass(frozen=True, slots=True)
class Link:
    """A column of `child` holds the value of a column of `parent` (raw URNs).

    `inferred`: no constraint says so, but the columns' names, or with `by_values` the values of both.
    """

    child: str
    child_path: Path
    parent: str
    parent_path: Path
    inferred: bool = False
    by_values: bool = False

    @property
    def column(self) -> str:
        return self.child_path[-1]


def links(datasets: Sequence[Dataset]) -> tuple[Link, ...]:
    """All of them; a column with a foreign key has no inferred link."""
    by_urn = {dataset.urn: dataset for dataset in datasets}
    tables = [dataset for dataset in datasets if dataset.kind in ("table", "view")]
    named: dict[tuple[str, Path, str], Dataset] = {}
    for table in tables:
        named[table.store.urn, table.path[:-1], table.name.casefold()] = table
    found: list[Link] = []
    for table in tables:
        for field in table.fields:
            found += _declared(field, by_urn) or _inferred(table, field, named)
    return tuple(found)


def joined(scope: Scope, found: Sequence[Link]) -> tuple[Link, ...]:
    """The links with those that values tell, for columns that have none yet."""
    columns = {
        Field(known.shown.urn, scope.masker.path(field.path)).urn: (known.raw.urn, field.path)
        for known in scope.datasets
        for field in known.raw.fields
    }
    tied = {(link.child, link.child_path) for link in found}
    more = [
        Link(*columns[child], *columns[parent], inferred=True, by_values=True)
        for child, parent in scope.joins
        if child in columns and parent in columns and columns[child] not in tied
    ]
    return (*found, *more)


def _declared(field: Field, known: dict[str, Dataset]) -> list[Link]:
    if not field.references:
        return []
    store, path, parts = urns.split(field.references)
    parent = urns.join(store, path)
    return [Link(field.dataset, field.path, parent, parts)] if parent in known else []


def _inferred(table: Dataset, field: Field, named: dict[tuple[str, Path, str], Dataset]) -> list[Link]:
    """`user_id` is a key of the table `user` or `users` beside it, by its column `id` or `user_id`."""
    match = _KEY.fullmatch(field.name)
    if match is None:
        return []
    stem = match["stem"].casefold()
    for name in _plurals(stem):
        parent = named.get((table.store.urn, table.path[:-1], name))
        if parent is None or parent.urn == table.urn:
            continue
        for key in parent.fields:
            if key.name.casefold() in ("id", "uuid", field.name.casefold()):
                return [Link(table.urn, field.path, parent.urn, key.path, inferred=True)]
    return []


def _plurals(stem: str) -> Iterator[str]:
    yield stem
    yield f"{stem}s"
    yield f"{stem}es"
    if stem.endswith("y"):
        yield f"{stem[:-1]}ies"
