"""A resource of the infrastructure, and a fact on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Fact:
    """A setting's name and value, and which attribute says it."""

    name: str
    value: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource with its attributes, which may hold secrets."""

    address: str
    kind: str
    values: Mapping[str, Any] = field(repr=False)

    def get(self, *path: str) -> Any:
        """An attribute by its path; the first element of lists, as blocks are written."""
        found: Any = self.values
        for name in path:
            if isinstance(found, list):
                found = found[0] if found else None
            if not isinstance(found, Mapping):
                return None
            found = found.get(name)
        return found

    def text(self, *path: str) -> str:
        found = self.get(*path)
        return found if isinstance(found, str) else ""
