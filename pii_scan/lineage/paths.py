"""The ways that data took: field, view, copy or export, recipient, and the company behind it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..core.lineage import Flow, Link
from ..core.urn import dataset_of

if TYPE_CHECKING:
    from .graph import Graph

#: Ways of one flow that are told; a field may be made from hundreds of others.
SHOWN = 10


@dataclass(frozen=True)
class Paths:
    """Answers from one graph. Each way is a tuple of nodes; links of any kind are followed."""

    made: Graph

    @cached_property
    def _links(self) -> Any:
        """The edges along which data is made from data, the surest of each pair."""
        import networkx as nx

        links: nx.DiGraph[str] = nx.DiGraph()
        for at, to, data in self.made.edges(data=True):
            before = links.edges[at, to]["confidence"] if links.has_edge(at, to) else -1.0
            if data["relation"] == "link" and data["confidence"] > before:
                links.add_edge(at, to, link=data["link"], confidence=data["confidence"])
        return links

    def of(self, flow: Flow, starts: Iterable[str] = ()) -> tuple[tuple[str, ...], ...]:
        """The shortest ways of a flow, one from each of the starts; without any, from where its data began.

        At most `SHOWN` of them. A link between datasets stands for the fields in them.
        """
        tail = self._tail(flow.recipient)
        if not flow.field:
            return (tail,)
        ends = [flow.field, dataset_of(flow.field)] if "#" in flow.field else [flow.field]
        ways: dict[str, tuple[str, ...]] = {}
        for end in ends:
            for way in self._back(end, frozenset(starts)):
                whole = (*way, flow.field) if way[-1] != flow.field else way
                if way[0] not in ways and not (len(way) == 1 and end != flow.field):
                    ways[way[0]] = whole
        if len(ways) > 1 and not starts:
            ways.pop(flow.field, None)
        found = sorted(ways.values(), key=lambda way: (len(way), way)) or [(flow.field,)]
        return tuple((*way, *tail) for way in found[:SHOWN])

    def _back(self, end: str, starts: frozenset[str]) -> list[tuple[str, ...]]:
        """The shortest ways to `end` from each of the starts, else from each place that nothing feeds."""
        import networkx as nx

        if end not in self._links:
            return [(end,)] if not starts or end in starts else []
        # Backwards from the end: one search finds the shortest way from every place before it.
        ways = nx.single_source_shortest_path(self._links.reverse(copy=False), end)
        chosen = starts & ways.keys() if starts else {n for n in ways if not self._links.in_degree(n)}
        return [tuple(reversed(ways[node])) for node in sorted(chosen)] or ([] if starts else [(end,)])

    def _tail(self, recipient: str) -> tuple[str, ...]:
        """The recipient, the company behind it, and so on."""
        node, way = f"recipient:{recipient}", [f"recipient:{recipient}"]
        while node in self.made:
            edges: Any = self.made.out_edges(node, data="relation")
            above = next((to for _, to, relation in edges if relation == "part of"), None)
            if above is None or above in way:
                break
            node = above
            way.append(node)
        return tuple(way)

    def link(self, at: str, to: str) -> Link | None:
        """The surest link between two neighbours of a way."""
        if not self._links.has_edge(at, to):
            return None
        found: Link = self._links.edges[at, to]["link"]
        return found
