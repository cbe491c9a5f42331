"""Reads the models of a Prisma schema: their tables, columns, types and relations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from pii_scan.core.model import FieldType

from .tables import Column, Table, Tables

_BLOCK: Final = re.compile(r"^[ \t]*(model|enum|view|type)[ \t]+(\w+)[ \t]*\{", re.MULTILINE)
_ASIDE: Final = re.compile(r"^[ \t]*(?:datasource|generator)[ \t]+\w+[ \t]*\{", re.MULTILINE)
_LINES: Final = 10
_FIELD: Final = re.compile(r"[ \t]*(\w+)[ \t]+(\w+)(\[\])?(\?)?[ \t]*(.*)")
_MAP: Final = re.compile(r'@@?map\(\s*(?:name:\s*)?"([^"]*)"')
_SCHEMA: Final = re.compile(r'@@schema\(\s*"([^"]*)"')
_RELATION: Final = re.compile(r"@relation\(.*?fields:\s*\[([^\]]*)\].*?references:\s*\[([^\]]*)\]")
_TYPES: Final[Mapping[str, FieldType]] = {
    "String": "string",
    "Int": "integer",
    "BigInt": "integer",
    "Float": "number",
    "Decimal": "number",
    "Boolean": "boolean",
    "DateTime": "timestamp",
    "Json": "json",
    "Bytes": "binary",
}


def apply(text: str, tables: Tables) -> str:
    """Adds the schema's models; fields of another model's type are relations and no columns.

    Gives what was not understood, or an empty text.
    """
    blocks = list(_blocks(text))
    enums = {name for kind, name, _ in blocks if kind == "enum"}
    models = {name: lines for kind, name, lines in blocks if kind == "model"}
    names = {name: _table_name(name, lines) for name, lines in models.items()}
    columns = {name: _column_names(lines) for name, lines in models.items()}
    for model, lines in models.items():
        table = tables.make(names[model], again=False)
        assert table is not None
        for comment, field in _fields(lines):
            name, kind, many, optional, rest = field.groups()
            if kind in models:
                _relate(table, columns, names[kind], kind, model, rest)
            elif kind in _TYPES or kind in enums:
                ours = "json" if many else _TYPES.get(kind, "string")
                table.add(Column(columns[model][name], ours, bool(optional), comment))
                if "@id" in rest.split("@@")[0]:
                    table.key = columns[model][name]
    return _fault(text)


def _fault(text: str) -> str:
    """The places of blocks that are never closed; that there is none at all."""
    blocks = list(_BLOCK.finditer(text))
    lines = [text.count("\n", 0, b.start()) + 1 for b in blocks if not _body(text, b)[1]]
    if lines:
        return f"a block is never closed, from line {', '.join(map(str, lines[:_LINES]))} on"
    return "" if blocks or _ASIDE.search(text) else "no model stands in it"


def _blocks(text: str) -> Iterator[tuple[str, str, list[str]]]:
    for match in _BLOCK.finditer(text):
        yield match[1], match[2], _body(text, match)[0].splitlines()


def _body(text: str, block: re.Match[str]) -> tuple[str, bool]:
    """What stands in a block, and whether it is closed before another one begins."""
    start = block.end()
    line = text[start : text.find("\n", start) + 1 or len(text)]
    if "}" in line:
        return line[: line.index("}")], True
    end, other = text.find("\n}", start), _BLOCK.search(text, start)
    if other and (end < 0 or other.start() < end):
        return text[start : other.start()], False
    return (text[start:end], True) if end >= 0 else (text[start:], False)


def _fields(lines: list[str]) -> Iterator[tuple[str, re.Match[str]]]:
    """Each field with the `///` comments above or behind it."""
    above: list[str] = []
    for line in lines:
        stripped = line.strip()
        if stripped.startswith("///"):
            above.append(stripped[3:].strip())
            continue
        code, _, behind = line.partition("///")
        field = _FIELD.match(code.partition("//")[0])
        if field and not stripped.startswith(("@@", "//")):
            yield " ".join([*above, behind.strip()]).strip(), field
        above = []


def _table_name(model: str, lines: list[str]) -> tuple[str, ...]:
    own = [line.strip() for line in lines if line.strip().startswith("@@")]
    name = next((found[1] for line in own if (found := _MAP.match(line))), model)
    schema = next((found[1] for line in own if (found := _SCHEMA.match(line))), "")
    return (schema, name) if schema else (name,)


def _column_names(lines: list[str]) -> dict[str, str]:
    return {
        field[1]: found[1] if (found := _MAP.search(field[5])) else field[1] for _, field in _fields(lines)
    }


def _relate(
    table: Table,
    columns: Mapping[str, Mapping[str, str]],
    target: tuple[str, ...],
    kind: str,
    model: str,
    rest: str,
) -> None:
    """A relation makes its own columns point at the other model's."""
    found = _RELATION.search(rest)
    if not found:
        return
    ends = [part.strip() for part in found[2].split(",")]
    for place, own in enumerate(part.strip() for part in found[1].split(",")):
        if place < len(ends):
            table.refer(columns[model].get(own, own), (target, columns[kind].get(ends[place], ends[place])))
