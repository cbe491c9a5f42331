"""Values inside values: JSON, XML, forms, base64 and printed records become cells of sub-field paths.

The whole interface: `likely` (a polars expression that keeps out what can't be one), `parse` (text to
a tree, or None) and `leaves` (a tree to sub-field paths and texts).
"""

from __future__ import annotations

from .reading import likely, parse
from .tree import ANY, ITEM, KEYS, MARKS, Bounds, Tree
from .walking import leaves

__all__ = ["ANY", "ITEM", "KEYS", "MARKS", "Bounds", "Tree", "leaves", "likely", "parse"]
