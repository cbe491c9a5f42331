"""Paths into JSON: `data->'a'->>'b'`, `$.a[0].b`, `data:a.b`, `record.a`."""

from __future__ import annotations

from typing import Any, Final

from sqlglot import exp

#: Operators and functions that take out of a JSON value what lies at a path.
EXTRACTS: Final = (
    exp.JSONExtract,
    exp.JSONExtractScalar,
    exp.JSONBExtract,
    exp.JSONBExtractScalar,
    exp.JSONValue,
)
ELEMENT, ANY = "[]", "*"


def path_of(node: Any) -> tuple[str, ...] | None:
    """The keys that an extraction names; None if they are known only when it runs."""
    where = node.args.get("path") if isinstance(node, exp.JSONValue) else node.expression
    more = [_plain(other) for other in node.args.get("expressions") or ()]
    first = _parts(where)
    if first is None or None in more:
        return None
    return (*first, *(part for part in more if part is not None))


def _parts(where: Any) -> tuple[str, ...] | None:
    if isinstance(where, exp.JSONPath):
        return _path(where)
    if isinstance(where, exp.Literal) and where.is_string and where.name.startswith("{"):
        keys = [key.strip().strip('"') for key in where.name.strip("{}").split(",") if key.strip()]
        return tuple(ELEMENT if key.lstrip("-").isdigit() else key for key in keys)
    one = _plain(where)
    return None if one is None else (one,)


def _path(where: exp.JSONPath) -> tuple[str, ...] | None:
    found: list[str] = []
    for part in where.expressions:
        if isinstance(part, exp.JSONPathRoot):
            continue
        if isinstance(part, exp.JSONPathKey) and isinstance(part.this, str):
            found.append(part.this)
        elif isinstance(part, exp.JSONPathSubscript):
            found.append(part.this if isinstance(part.this, str) else ELEMENT)
        elif isinstance(part, exp.JSONPathWildcard | exp.JSONPathSlice):
            found.append(ELEMENT)
        else:
            return None
    return tuple(found)


def _plain(where: Any) -> str | None:
    """A key or an index that is written out."""
    if isinstance(where, exp.Neg):
        where = where.this
    if not isinstance(where, exp.Literal):
        return None
    text = str(where.name)
    if where.is_string and text.startswith("$"):
        return None
    return text if where.is_string else ELEMENT
