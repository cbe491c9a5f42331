"""Inventories of cookies that a company keeps by hand, or a scanner of cookies wrote: a table of names."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any, Final

from .cookie import Cookie
from .known import said

_NAME: Final = ("cookie", "cookie_name", "name", "cookie name")
_HOST: Final = ("domain", "host", "provider", "set_by")
_PURPOSE: Final = ("purpose", "category", "type", "use")
_WHEN: Final = ("set", "when", "set_when")
_PARTY: Final = ("party",)


def of_table(text: str) -> tuple[Cookie, ...] | None:
    """The cookies of a CSV file; None if its columns are not those of an inventory."""
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    return _cookies(rows) if rows else None


def of_records(document: object) -> tuple[Cookie, ...] | None:
    """The cookies of a JSON list, or of one under the single key of an object."""
    if isinstance(document, dict) and len(document) == 1:
        document = next(iter(document.values()))
    rows = [row for row in document if isinstance(row, dict)] if isinstance(document, list) else []
    return _cookies(rows) if rows else None


def _cookies(rows: Iterable[Mapping[Any, Any]]) -> tuple[Cookie, ...] | None:
    found = []
    for row in rows:
        named = {str(key).strip().casefold(): str(value or "").strip() for key, value in row.items() if key}
        if not any(name in named for name in _NAME) or not any(name in named for name in _PURPOSE):
            return None
        name = _first(named, _NAME)
        if name:
            found.append(_cookie(name, named))
    return tuple(found)


def _cookie(name: str, row: Mapping[str, str]) -> Cookie:
    when, party = _first(row, _WHEN).casefold(), _first(row, _PARTY).casefold()
    return Cookie(
        name,
        _first(row, _HOST).lstrip(".").casefold(),
        "third" if "third" in party else "first" if "first" in party else "",
        "before" if "before" in when else "after" if "after" in when else "",
        None,
        said(_first(row, _PURPOSE)),
    )


def _first(row: Mapping[str, str], names: Iterable[str]) -> str:
    return next((row[name] for name in names if row.get(name)), "")
