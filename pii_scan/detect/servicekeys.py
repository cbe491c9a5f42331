"""Whose keys a column holds: a key that begins as those of a service do proves an integration with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np

from ..core.category import Taxonomy
from ..core.lineage import KEY_OF, Processor
from ..core.profile import Hits
from ..data import load
from .cells import Column
from .related import related

#: What the other rules must have found in a column, or its name say, for its values to be looked at.
_CREDENTIALS: Final = "user.authorization.credentials"
_EDGES: Final = r"(?:^|[^0-9A-Za-z_-])(?:{})(?:$|[^0-9A-Za-z_-])"


def edged(regex: str) -> str:
    """The expression of a key that stands by itself."""
    return _EDGES.format(regex)


@dataclass(frozen=True)
class ServiceKeys:
    """Looks for keys of `processors`."""

    processors: Sequence[Processor] = field(repr=False)
    taxonomy: Taxonomy = field(repr=False)

    @cached_property
    def _patterns(self) -> dict[str, str]:
        """By recipient the expression of its keys."""
        known = {processor.id for processor in self.processors}
        records = load.read("keys.yaml")["keys"]
        return {r["recipient"]: edged(r["regex"]) for r in records if r["recipient"] in known}

    def count(self, column: Column, hits: Mapping[str, Hits], names: frozenset[str]) -> dict[str, int]:
        """By `key:` and recipient the rows that hold a key of it."""
        told = {*names, *(key for key, hit in hits.items() if hit.rows)}
        if not len(column) or not any(related(self.taxonomy, _CREDENTIALS, key) for key in told):
            return {}
        texts = column.take(np.arange(len(column)))
        found: dict[str, int] = {}
        for recipient, pattern in self._patterns.items():
            cells = np.flatnonzero(texts.str.contains(pattern).to_numpy())
            if cells.size:
                found[f"{KEY_OF}{recipient}"] = len(np.unique(column.rows_of(cells)))
        return found
