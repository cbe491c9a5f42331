"""What the readers of nested text give: pairs in order, lists, and texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

Pair = tuple[str | None, Any]
ITEM: Final = "[]"
#: An object used as a map has one path for its values and one for its keys, which are data too.
ANY: Final = "*"
KEYS: Final = "[key]"
#: Below a URL its query and fragment, below an encoded text what it says, below a JWT its claims.
QUERY: Final = "(query)"
FRAGMENT: Final = "(fragment)"
BASE64: Final = "(base64)"
JWT: Final = "(jwt)"
JWT_HEADER: Final = "(header)"
#: Parts of a path that are no names.
MARKS: Final = frozenset({ITEM, ANY, KEYS, QUERY, FRAGMENT, BASE64, JWT, JWT_HEADER})
#: The key of what an object says itself: the text around a record, the URL of a query.
HERE: Final = None


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one cell may cost; text beyond it is read as plain text, never dropped.

    `size` in characters, `depth` in levels, `leaves` a cell, `keys` an object before it is a map.
    """

    size: int
    depth: int
    leaves: int
    keys: int


class Object(list[Pair]):
    """An object's pairs in order: a key given twice hides nothing."""


class Text(str):
    """Text that is not looked into again."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Tree:
    """A parsed cell: `shape` is what it counts as in the profile of its field."""

    node: Any
    shape: Literal["json", "record"]


def position(key: str) -> bool:
    """True for the key of a list's element in languages whose lists are maps."""
    return len(key) <= 4 and key.isdigit() and key.isascii()
