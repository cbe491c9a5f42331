"""What is looked through: each source's datasets with their masked names, and what the inventory knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ..core.inventory import Inventory
from ..core.model import Dataset, Field
from ..core.ports import Connector
from ..core.redact import Masker
from .answer import Path

#: The values inside a cell with their paths below a field's; empty for a value that holds none.
Leaves = Callable[[Path, str], Sequence[tuple[Path, str]]]
#: Categories by which a row is some particular person's.
IDENTITY = ("user.contact.email", "user.contact.phone_number", "user.name", "user.government_id")


@dataclass(frozen=True, slots=True)
class Known:
    """One dataset: as its connector lists it, and as it may be shown."""

    connector: Connector = field(repr=False)
    raw: Dataset = field(repr=False)
    shown: Dataset = field(repr=False)


@dataclass(frozen=True, slots=True)
class Scope:
    """Everything that one look-up may ask."""

    datasets: tuple[Known, ...]
    inventory: Inventory
    masker: Masker
    leaves: Leaves
    unreachable: Mapping[str, str] = field(default_factory=dict)  # store's shown URN to the reason
    by_field: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    joins: Sequence[tuple[str, str]] = ()  # fields (shown URNs) and the keys that their values are
    keys: frozenset[str] = frozenset()  # fields (shown URNs) with an id of one row each

    def categories(self, known: Known, path: Path) -> tuple[str, ...]:
        """Those of a field; of the nearest field above it if nothing is known of it itself."""
        masked = self.masker.path(path)
        for length in range(len(masked), 0, -1):
            found = self.by_field.get(Field(known.shown.urn, masked[:length]).urn)
            if found:
                return found
        return ()

    def of_dataset(self, known: Known) -> tuple[str, ...]:
        """The categories of all fields of a dataset."""
        start = f"{known.shown.urn}#"
        return tuple(
            sorted({c for urn, found in self.by_field.items() if urn.startswith(start) for c in found})
        )

    def identities(self, known: Known, among: Sequence[str] = IDENTITY) -> Iterator[Path]:
        """The columns that say whose a row is, by what the inventory found in them or below them."""
        taxonomy = self.inventory.taxonomy
        masked = {self.masker.path(f.path)[0]: f.path for f in known.raw.fields}
        start = f"{known.shown.urn}#"
        seen: set[Path] = set()
        for detection in self.inventory.detections:
            if detection.verdict != "type" or not detection.field.startswith(start):
                continue
            if not any(top in taxonomy and taxonomy.subsumes(top, detection.category) for top in among):
                continue
            column = next((p for m, p in masked.items() if _below(detection.field, known.shown.urn, m)), None)
            if column is not None and column not in seen:
                seen.add(column)
                yield column


def _below(urn: str, dataset: str, column: str) -> bool:
    own = Field(dataset, (column,)).urn
    return urn == own or urn.startswith(f"{own}/")


def by_field(inventory: Inventory) -> dict[str, tuple[str, ...]]:
    """The categories that were found in each field."""
    return {urn: tuple(sorted({d.category for d in found})) for urn, found in inventory.by_field().items()}
