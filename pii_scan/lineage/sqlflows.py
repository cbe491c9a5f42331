"""Flows by SQL: a field's tag that reaches a recipient's table, file or server by way of statements."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from ..core.inventory import Inventory
from ..core.lineage import UNKNOWN, Flow, FlowEvidence, Link
from ..core.model import Dataset, Store
from ..core.query import EXPORT, Edge
from ..core.recipients import Recipients
from ..core.urn import dataset_of, split
from .evidence import status
from .matching import Matcher
from .propagation import Tag, Ways


@dataclass(slots=True)
class SqlFlows:
    """Who is behind the places that statements fill; each place is looked at once."""

    inventory: Inventory
    matcher: Matcher
    recipients: Recipients
    _tied: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _places: dict[str, Dataset] = field(default_factory=dict)
    _columns: dict[str, set[tuple[str, ...]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        edges = self.inventory.edges
        for dataset in (*self.inventory.datasets, *outside(edges)) if edges else ():
            self._places.setdefault(dataset.urn, dataset)
        for edge in edges:
            self._columns.setdefault(dataset_of(edge.target), set()).add(split(edge.target)[2])

    def flows(self, categories: Mapping[str, Mapping[str, float]]) -> Iterator[Flow]:
        """A flow for each tag that reaches somebody, with its whole way as evidence."""
        if not self.inventory.edges:
            return
        for tag in Ways.of(self.inventory.edges).tags(categories):
            own = self._owners(dataset_of(tag.origin))
            for recipient in self._reached(tag):
                if recipient not in own:
                    reason = FlowEvidence("mapping", tag.at, tag.way, confidence=tag.confidence)
                    yield Flow(
                        tag.origin, recipient, tag.category, status([reason]), (reason,), masking=tag.masked
                    )

    def _reached(self, tag: Tag) -> tuple[str, ...]:
        edge = tag.steps[-1]
        owners = self._owners(dataset_of(tag.at))
        said = self._said(edge)
        return tuple(dict.fromkeys((*said, *owners)))

    def _said(self, edge: Edge) -> tuple[str, ...]:
        """Whom the statement itself names: a recipient, or a server that may be one's."""
        if not edge.to:
            return ()
        if self.recipients.by_id(edge.to):
            return (self.recipients.canonical(edge.to),)
        owner = self.recipients.by_host(edge.to)
        if owner:
            return (self.recipients.canonical(owner.id),)
        # A dashboard under a domain of nobody's is most likely the company's own.
        return () if is_near(edge.to) or edge.kind == "dbt exposure" else (UNKNOWN,)

    def _owners(self, urn: str) -> tuple[str, ...]:
        """The recipients that a dataset or a place outside is tied to."""
        if urn not in self._tied:
            dataset = self._places.get(urn)
            found = self.matcher.match(dataset, sorted(self._columns.get(urn, ()))) if dataset else ()
            self._tied[urn] = tuple(dict.fromkeys(match.recipient for match in found))
        return self._tied[urn]


def links(edges: Iterable[Edge]) -> tuple[Link, ...]:
    """The steps that statements take, for the graph; what an aggregate leaves is nobody's value."""
    found = {
        Link(e.source, e.target, e.kind, e.place, f"SQL, {e.transform}", masking=e.transform == "masked")
        for e in edges
        if e.transform != "aggregated"
    }
    return tuple(sorted(found, key=lambda link: (link.source, link.target, link.kind, link.locator)))


def outside(edges: Iterable[Edge]) -> tuple[Dataset, ...]:
    """The places that statements write to and no source lists, as exports."""
    places = {dataset_of(edge.target) for edge in edges}
    found = []
    for urn in sorted(places):
        store, path, _ = split(urn)
        kind, _, name = store.partition("://")
        if kind == EXPORT:
            found.append(Dataset(Store(EXPORT, unquote(name)), path, "export"))
    return tuple(found)


def is_near(host: str) -> bool:
    """True for this machine, a private network, and names without a domain: the company's own servers."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        bare = host.casefold().rstrip(".")
        return "." not in bare or bare.endswith((".local", ".internal", ".localdomain", ".lan"))
