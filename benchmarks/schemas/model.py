"""A schema as its YAML file says it: tables of columns, each with type, maker of values and label.

A column is one line: `[type] maker[:argument] [?nulls] [~case] [| label]`, where `nulls` is the
percentage of nulls, `case` is `mixed` (as people type) or `upper`, and `label` the acceptable
categories, separated by `|`, or words of `labels.yaml` for them; no label is not personal, a leading
`?` tells that opinions differ. `json:NAME` makes objects of the schema's `json` section, whose leaves
are such lines, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from benchmarks.accuracy.labels import Label, parse

from . import resources

_TYPES: Final = "string|text|json|binary|integer|bigint|float|decimal|boolean|datetime|date|time|char"
_LINE: Final = re.compile(
    rf"(?:(?P<type>{_TYPES}) )?(?P<maker>[a-z_0-9]+)(?::(?P<argument>\S+))?"
    r"(?: \?(?P<nulls>\d+))?(?: ~(?P<case>mixed|upper))?(?: *\|(?P<label>.*))?"
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column, or one leaf of an object in JSON; `label` as it stands in a file of labels."""

    name: str
    type: str
    maker: str
    argument: str = ""
    nulls: float = 0.0
    case: str = ""
    label: str = ""

    @property
    def references(self) -> str:
        """`table.column` if it is a foreign key."""
        return self.argument if self.maker in ("ref", "own", "earlier", "uuid_ref") else ""


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    rows: int
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Schema:
    """`words` are its lists to pick from (`sentences` by language), `shapes` its objects in JSON:
    columns by nested name.
    """

    name: str
    locales: tuple[str, ...]
    tables: tuple[Table, ...]
    words: Mapping[str, Any] = field(default_factory=dict)
    shapes: Mapping[str, Any] = field(default_factory=dict)

    def table(self, name: str) -> Table:
        return next(table for table in self.tables if table.name == name)

    def capped(self, rows: int) -> Schema:
        """The same with at most so many rows a table."""
        tables = tuple(replace(table, rows=min(table.rows, rows)) for table in self.tables)
        return replace(self, tables=tables)

    def labels(self) -> Iterator[Label]:
        """The labels of all columns, and of the leaves within them."""
        for table in self.tables:
            for column in table.columns:
                yield Label(table.name, column.name, parse(column.label))
                if column.maker == "json":
                    for path, leaf in leaves(self.shapes[column.argument]):
                        if path:
                            yield Label(table.name, ".".join((column.name, *path)), parse(leaf.label))


def leaves(shape: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Column]]:
    """The leaves of an object's shape with their paths; a list has one shape for all its elements."""
    if isinstance(shape, Column):
        yield path, shape
    elif isinstance(shape, Mapping):
        for name, inner in shape.items():
            yield from leaves(inner, (*path, name))
    else:
        yield from leaves(shape[0], path)


def load(name: str) -> Schema:
    """Raises ValueError for a line that can't be read, FileNotFoundError for an unknown schema."""
    data = resources.document(f"schemas/{name}.yaml")
    lines = Lines(resources.document("labels.yaml"), resources.document("types.yaml"))
    tables = tuple(_table(table, dict(columns), lines) for table, columns in data["tables"].items())
    shapes = {key: _shape(shape, lines) for key, shape in data.get("json", {}).items()}
    words = {**resources.document("words.yaml"), **data.get("words", {})}
    return Schema(name, tuple(data["locales"]), tables, words, shapes)


def _table(name: str, columns: dict[str, Any], lines: Lines) -> Table:
    rows = int(columns.pop("_rows", 300))
    return Table(name, rows, tuple(lines.column(key, str(text)) for key, text in columns.items()))


def _shape(shape: Any, lines: Lines, name: str = "") -> Any:
    if isinstance(shape, Mapping):
        return {key: _shape(inner, lines, key) for key, inner in shape.items()}
    if isinstance(shape, list):
        return [_shape(shape[0], lines, name)]
    return lines.column(name, str(shape))


@dataclass(frozen=True, slots=True)
class Lines:
    """Reads columns' lines with the words for labels and the types of makers."""

    labels: Mapping[str, str]
    types: Mapping[str, Sequence[str]]

    def column(self, name: str, line: str) -> Column:
        """Raises ValueError if the line is not well formed."""
        found = _LINE.fullmatch(line.strip())
        if found is None:
            raise ValueError(f"column {name}: can't read '{line}'")
        maker, argument = found["maker"], found["argument"] or ""
        kind = found["type"] or next((t for t, makers in self.types.items() if maker in makers), "string")
        nulls, label = int(found["nulls"] or 0) / 100, self._label((found["label"] or "").strip())
        return Column(name, kind, maker, argument, nulls, found["case"] or "", label)

    def _label(self, text: str) -> str:
        parts = [self.labels.get(part.strip(), part.strip()) for part in text.lstrip("?").split("|")]
        return ("|" if text.startswith("?") else "") + "|".join(parts)
