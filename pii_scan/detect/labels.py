"""What the export of a known processor says of its columns: evidence beside that of names and values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from ..core.detection import Evidence
from ..core.model import Dataset, Field
from ..data import known
from .nested import MARKS

#: As much as a clear name: values that say otherwise still count against it.
WEIGHT: Final = 3.0
_DATABASE: Final = ("table", "view")
Path = tuple[str, ...]


@dataclass(frozen=True)
class Labels:
    """Recognises exports by their headers."""

    read: Callable[[], Sequence[known.Pack]]

    @cached_property
    def packs(self) -> Sequence[known.Pack]:
        """Read at the first file: databases need none."""
        return self.read()

    @cached_property
    def _by_pack(self) -> Mapping[str, Mapping[str, str]]:
        return {pack.id: pack.labels() for pack in self.packs}

    def of(self, dataset: Dataset, fields: Sequence[Field]) -> dict[Path, Evidence]:
        """Evidence by the path of the field; of two columns with the same header for both."""
        if dataset.kind in _DATABASE:
            return {}
        keys = {field.path: _key(field.path) for field in fields}
        best = known.chosen(self.packs, frozenset(keys.values()))
        if best is None:
            return {}
        _, pack = best
        labels = self._by_pack[pack.id]
        detail = f"the export '{pack.id}' has it under this header"
        return {
            path: Evidence("label", pack.id, labels[key], WEIGHT, detail)
            for path, key in keys.items()
            if key in labels
        }


def _key(path: Path) -> str:
    return known.key(part for part in path if part not in MARKS)
