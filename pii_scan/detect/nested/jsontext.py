"""JSON, with numbers as they are written."""

from __future__ import annotations

import json
from typing import Any

from .tree import Object


def read(text: str) -> list[Any] | None:
    """The JSON object or array that `text` is, or None if it is none."""
    try:
        value = json.loads(text, object_pairs_hook=Object, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, list) else None
