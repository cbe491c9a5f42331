"""Coarse shape classes of values: what a column looks like before anything is understood."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import polars as pl

from ..core.model import FieldType

_DATE: Final = r"(?:1[89]|2[01])[0-9]{2}[-/](?:0[1-9]|1[0-2])[-/](?:0[1-9]|[12][0-9]|3[01])"
_LOCAL_DATE: Final = r"[0-3]?[0-9][./-][0-3]?[0-9][./-](?:19|20)[0-9]{2}"
_ZONE: Final = r" ?(?:Z|UTC|GMT|[+-][0-9]{2}:?(?:[0-9]{2})?)?"
_CLOCK: Final = r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?"
#: The first that matches the whole value names its shape.
SHAPES: Final[tuple[tuple[str, str], ...]] = (
    ("boolean", r"(?i)^(?:true|false|t|f|yes|no|y|n|oui|non|ja|nein)$"),
    ("digits", r"^[+-]?[0-9]+$"),
    ("decimal", r"^[+-]?[0-9]*[.,][0-9]+(?:[eE][+-]?[0-9]+)?$"),
    ("date", f"^(?:{_DATE}|{_LOCAL_DATE})$"),
    ("datetime", f"^(?:{_DATE})[T ]{_CLOCK}(?: ?[AP]M)?{_ZONE}$"),
    ("datetime", f"^(?:{_LOCAL_DATE}),? {_CLOCK}(?: ?[AP]M)?{_ZONE}$"),
    ("datetime", r"^\[?[0-3][0-9]/[A-Z][a-z]{2}/[0-9]{4}:[0-9:]{8} [+-][0-9]{4}\]?$"),
    ("time", f"^{_CLOCK}(?: ?[AP]M)?$"),
    ("uuid", r"(?i)^\{?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\}?$"),
    ("email", r"^[^\s@]+@[^\s@]+\.[^\s@]+$"),
    ("url", r"^[a-zA-Z][a-zA-Z0-9+.-]*://\S+$"),
    ("hash", r"(?i)^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})$"),
    ("cipher", r"^(?:[A-Za-z0-9+/]{4}){6,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)$"),
    ("code", r"^[A-Z0-9]+(?:[-_.:/][A-Z0-9]+)*$"),
    ("word", r"^[\p{L}'’.-]+$"),
    ("words", r"^[\p{L}'’.,&()-]+(?: [\p{L}'’.,&()-]+){1,5}$"),
    ("token", r"^\S+$"),
)
TEXT: Final = "text"
#: Whole values of these can hold no pattern that counts by itself.
PLAIN: Final = frozenset({"boolean", "decimal", "date", "datetime", "time", "uuid", "hash", "word"})
#: The regexes of dates with or without a time of day.
DATED: Final = tuple(regex for name, regex in SHAPES if name in ("date", "datetime"))
#: The regexes of plain shapes, the commonest first.
PLAIN_FORMS: Final = tuple(regex for name, regex in SHAPES if name in PLAIN)
#: The regexes of each plain shape.
FORMS: Final = {name: [r for other, r in SHAPES if other == name] for name in sorted(PLAIN)}
_TYPES: Final[Mapping[str, FieldType]] = {
    "boolean": "boolean",
    "digits": "integer",
    "decimal": "number",
    "date": "date",
    "datetime": "timestamp",
    "time": "time",
    "json": "json",
}


def shape() -> pl.Expr:
    """The shape class of the column `t`."""
    text = pl.col("t").str.strip_chars()
    chain: Any = pl.when(pl.lit(False)).then(pl.lit(TEXT))
    for name, regex in SHAPES:
        chain = chain.when(text.str.contains(regex)).then(pl.lit(name))
    expression: pl.Expr = chain.otherwise(pl.lit(TEXT))
    return expression


def field_type(shapes: Mapping[str, int]) -> FieldType:
    """The canonical type that all values agree on, `string` if they don't, `unknown` without any."""
    kinds = {_TYPES.get(name, "string") for name, count in shapes.items() if count}
    if not kinds:
        return "unknown"
    if kinds == {"integer", "number"}:
        return "number"
    if kinds == {"date", "timestamp"}:
        return "timestamp"
    return next(iter(kinds)) if len(kinds) == 1 else "string"


def share(shapes: Mapping[str, int], names: Iterable[str]) -> float:
    """The share of values that have one of the shapes."""
    total = sum(shapes.values())
    return sum(shapes.get(name, 0) for name in names) / total if total else 0.0
