"""Values inside values: JSON, XML, forms, base64 and printed records become cells of sub-field paths.

The whole interface: `likely` (a polars expression that keeps out what can't be one), `parse` (text to
a tree, or None), `leaves` (a tree to sub-field paths and texts), and `worded` and `encoded`, the same for
words of a longer text in base64.
"""

from __future__ import annotations

from .base64text import within as encoded
from .base64text import worded
from .reading import likely, parse
from .tree import ANY, BASE64, ITEM, KEYS, MARKS, Bounds, Tree
from .walking import leaves

__all__ = [
    "ANY",
    "BASE64",
    "ITEM",
    "KEYS",
    "MARKS",
    "Bounds",
    "Tree",
    "encoded",
    "leaves",
    "likely",
    "parse",
    "worded",
]
