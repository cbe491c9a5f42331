"""What SQL functions do to values, by a table of their names."""

from __future__ import annotations

from typing import Any, Final

from sqlglot import exp

from ...core.query import Transform
from ...data.known import vocabulary

#: Extensions all of whose functions mask: PostgreSQL Anonymizer.
_MASKING_SCHEMAS: Final = ("anon",)
_VOCABULARY: Final = "sqlfunctions"


def names(node: Any) -> frozenset[str]:
    """The names of a function, as they stand in the table."""
    if isinstance(node, exp.Dot):
        return names(node.expression)
    found = [node.name] if isinstance(node, exp.Anonymous) else [type(node).__name__, *node.sql_names()]
    return frozenset(name.lower().replace("_", "") for name in found)


def is_called(node: Any) -> bool:
    """True for a call, also of a function that is named with its schema."""
    return isinstance(node, exp.Func) or (isinstance(node, exp.Dot) and isinstance(node.expression, exp.Func))


def effect(node: Any) -> Transform:
    """What a call leaves of its arguments; a function that is in no table transforms them."""
    if isinstance(node, exp.Dot) and node.this.name.lower() in _MASKING_SCHEMAS:
        return "masked"
    own, table = names(node), vocabulary(_VOCABULARY)
    if own & table["masked"]:
        return "masked"
    if own & table["aggregated"]:
        return "aggregated"
    return "identity" if own & table["whole"] else "transformed"


def shape(node: Any) -> str:
    """What rows a table function makes of its argument: `elements`, `records`, `record` or nothing known."""
    own, table = names(node), vocabulary(_VOCABULARY)
    return next((kind for kind in ("elements", "records", "record") if own & table[kind]), "")


def is_beside(column: str) -> bool:
    """True for a column that a table function adds to what is in its argument."""
    return column in vocabulary(_VOCABULARY)["beside"]
