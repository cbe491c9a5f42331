"""By which SQL columns come from others: collected while sources are listed, followed when all are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ..core.errors import SourceError, classify
from ..core.inventory import Coverage
from ..core.model import Dataset, Store
from ..core.ports import Connector, HasQueries
from ..core.query import Edge, Query
from ..core.redact import Masker

#: Where in the ledger it stands what was not followed.
LEDGER = "(sql)"
_SHOWN = 10


@dataclass(slots=True)
class Statements:
    """The SQL of a scan's sources and the tables that it may name; texts live no longer than the listing."""

    masker: Masker
    queries: list[tuple[Store, Query]] = field(default_factory=list, repr=False)
    datasets: list[Dataset] = field(default_factory=list, repr=False)
    faults: dict[str, tuple[Store, list[str]]] = field(default_factory=dict)

    def take(self, connector: Connector, datasets: Sequence[Dataset]) -> None:
        """What one source has; what can't be read is a fault of it."""
        self.datasets += datasets
        if not isinstance(connector, HasQueries):
            return
        try:
            self.queries += ((connector.store, query) for query in connector.queries())
        except SourceError as error:
            self._fault(connector.store, f"its SQL could not be read: {error}")

    def _fault(self, store: Store, reason: str) -> None:
        masked = self.masker.store(store)
        self.faults.setdefault(masked.urn, (masked, []))[1].append(reason)

    def edges(self) -> dict[str, list[Edge]]:
        """The masked edges by the masked URN of the store whose SQL they are from."""
        if not self.queries:
            return {}
        from ..lineage.derive import derive
        from ..lineage.sql.catalog import Catalog

        queries = [
            (store, replace(query, place=self.masker.path(query.place))) for store, query in self.queries
        ]
        try:
            derived = derive(queries, Catalog.of(self.datasets))
        except Exception as error:  # noqa: BLE001 - a parser's bug costs the lineage, not the scan
            for store in {store.urn: store for store, _ in queries}.values():
                self._fault(store, f"its SQL could not be followed ({classify(error)})")
            return {}
        for fault in derived.faults:
            self._fault(fault.store, f"{fault.place}: {fault.reason}")
        names = {store.urn: self.masker.store(store).urn for store, _ in queries}
        return {
            names[urn]: [self.masker.edge(edge) for edge in found] for urn, found in derived.edges.items()
        }

    def gaps(self) -> Iterator[tuple[Dataset, Coverage]]:
        """A line for each source of whose SQL not all was followed: its data are read all the same."""
        for store, reasons in self.faults.values():
            place = Dataset(store, (LEDGER,), "file")
            more = f"; … {len(reasons) - _SHOWN} more" if len(reasons) > _SHOWN else ""
            text = "not followed: " + "; ".join(reasons[:_SHOWN]) + more
            yield place, Coverage(place.urn, "skipped", reason=text, planned=True)
