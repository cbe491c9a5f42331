"""Which flows leave the area in which their data lies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from ..core.inventory import Inventory
from ..core.lineage import Flow
from ..core.recipients import Recipients
from ..core.urn import split
from .region import area


@dataclass(frozen=True)
class Borders:
    """The areas of flows: `home` empty asks from where the data lies, else all is seen from `home`."""

    inventory: Inventory
    home: str = ""

    @cached_property
    def _recipients(self) -> Recipients:
        return Recipients.of(self.inventory)

    @cached_property
    def _stores(self) -> Mapping[str, str]:
        stores = [*self.inventory.stores, *(dataset.store for dataset in self.inventory.datasets)]
        return {store.urn: area(store.region) for store in stores}

    def source(self, flow: Flow) -> str:
        """The area that the flow's data lies in; empty if its store's region is not known."""
        return self._stores.get(split(flow.field)[0], "") if flow.field else ""

    def target(self, flow: Flow) -> str:
        """The area of the recipient, or of the company behind it; empty if nobody has written it down."""
        for node in self._recipients.ancestors(flow.recipient):
            processor = self._recipients.by_id(node)
            if processor and area(processor.region):
                return area(processor.region)
        return ""

    def crosses(self, flow: Flow) -> bool:
        """True if both areas are known and differ; a declaration alone moves nothing."""
        here, there = area(self.home) or self.source(flow), self.target(flow)
        return flow.status != "declared only" and bool(here and there) and here != there

    def unknown(self, flow: Flow) -> bool:
        """True if whether it crosses a border can't be told, because an area is not known."""
        here = area(self.home) or self.source(flow)
        return flow.status != "declared only" and not (here and self.target(flow))
