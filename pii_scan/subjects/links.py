"""How tables hang together: foreign keys, and columns of keys that no constraint names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ..core import urn as urns
from ..core.model import OWN, Dataset, Field
from .answer import Path
from .scope import Scope

#: `user_id`, `userId`, `user_uuid`, `id_user`, `fk_user`: a table's word and a key's.
_AFTER: Final = re.compile(r"(?P<stem>.+?)(?:_(?P<key>id|uuid|guid|uid|fk)|(?P<camel>Id|ID|Uuid|UUID))")
_BEFORE: Final = re.compile(r"(?P<key>id|uuid|guid|fk)_(?P<stem>.+)")
_UNIQUE: Final = ("uuid", "guid")
#: Names that say whose key it is by the name above them.
_BARE: Final = ("id", "uuid", "guid", "uid")
#: Kinds of datasets of which a row is one record of an entity.
TABLES: Final = ("table", "view")


#: The table that a word names, if one does.
Parents = Callable[[str], Dataset | None]


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
    inside: bool = False  # the child's value is inside a cell, or in a log's line

    @property
    def column(self) -> str:
        return self.child_path[-1]


def links(datasets: Sequence[Dataset], inside: Sequence[Field] = ()) -> tuple[Link, ...]:
    """All of them; a column with a foreign key has no inferred link.

    `inside` are fields within cells, and those of logs, which no listing of datasets has.
    """
    by_urn = {dataset.urn: dataset for dataset in datasets}
    tables = [dataset for dataset in datasets if dataset.kind in TABLES]
    named: dict[tuple[str, Path, str], Dataset] = {}
    for table in tables:
        named[table.store.urn, table.path[:-1], table.name.casefold()] = table
    found: list[Link] = []
    for table in tables:
        for field in table.fields:
            found += _declared(field, by_urn) or _inferred(table, field, _beside(table, named))
    alone = _alone(tables)
    for field in inside:
        child = by_urn[field.dataset]
        parents = _beside(child, named) if child.kind in TABLES else alone
        found += [replace(link, inside=True) for link in _inferred(child, field, parents)]
    return tuple(found)


def within(scope: Scope) -> Iterator[Field]:
    """The fields inside cells of our tables, and those of our logs, that the run saw."""
    children = {
        known.shown.urn: known.raw
        for known in scope.datasets
        if known.raw.store.role == OWN and known.raw.kind in (*TABLES, "log")
    }
    for field in scope.inventory.fields:
        raw = children.get(field.dataset)
        if raw is not None and len(field.path) > (1 if raw.kind in TABLES else 0):
            yield Field(raw.urn, field.path)


def _beside(table: Dataset, named: Mapping[tuple[str, Path, str], Dataset]) -> Parents:
    """Tables beside one by a word: `users`, or with the prefix that both have, as `wp_users`."""
    prefix = f"{table.name.partition('_')[0]}_".casefold()

    def parent(word: str) -> Dataset | None:
        at = (table.store.urn, table.path[:-1])
        return named.get((*at, word)) or named.get((*at, prefix + word))

    return parent


def _alone(tables: Sequence[Dataset]) -> Parents:
    """Tables by a word, for logs, which name no database: only words that one table of ours has."""
    found: dict[str, list[Dataset]] = defaultdict(list)
    for table in tables:
        if table.store.role == OWN:
            found[table.name.casefold()].append(table)
    return lambda word: found[word][0] if len(found.get(word, ())) == 1 else None


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


def _inferred(child: Dataset, field: Field, parents: Parents) -> list[Link]:
    """`user_id` is a key of the table `user` or `users`, by its column `id` or `user_id`."""
    name = "_".join(field.path[-2:]) if field.name in _BARE else field.name
    match = _BEFORE.fullmatch(name) or _AFTER.fullmatch(name)
    if match is None:
        return []
    said = match[match.lastgroup or "key"].casefold()
    wanted = (name.casefold(), *((*_UNIQUE, "id") if said in _UNIQUE else ("id", *_UNIQUE)))
    for word in _plurals(match["stem"].casefold()):
        parent = parents(word)
        if parent is None or parent.urn == child.urn:
            continue
        keys = {key.name.casefold(): key for key in parent.fields}
        found = next((keys[one] for one in wanted if one in keys), None)
        if found is not None:
            return [Link(child.urn, field.path, parent.urn, found.path, inferred=True)]
    return []


def _plurals(stem: str) -> Iterator[str]:
    yield stem
    yield f"{stem}s"
    yield f"{stem}es"
    if stem.endswith("y"):
        yield f"{stem[:-1]}ies"
