"""The lineage graph, and a function for each question that it answers.

Nodes are URNs (stores, datasets, fields), `recipient:ID` and `category:KEY`; `kind` says which. Edges
carry `relation`: `contains`, `holds` (with its confidence), `fills` (SQL takes one field's values to
another, with what is left of them), `flow` (with the Flow and its confidence) and `part of` (a service and
the company behind it).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from ..core.inventory import Inventory
from ..core.lineage import Flow
from ..core.recipients import Recipients
from ..core.urn import dataset_of, split
from .evidence import confidence
from .region import same_area

if TYPE_CHECKING:
    import networkx as nx

    Graph = nx.MultiDiGraph[Any]


def graph(inventory: Inventory) -> Graph:
    """Everything that the inventory knows of who has what."""
    import networkx as nx

    made: Graph = nx.MultiDiGraph()
    for dataset in inventory.datasets:
        _add_dataset(made, dataset.urn)
    for field in inventory.fields:
        _add_field(made, field.urn)
    for detection in inventory.detections:
        _add_field(made, detection.field)
        made.add_node(f"category:{detection.category}", kind="category")
        to = f"category:{detection.category}"
        key = f"holds:{detection.verdict}"
        made.add_edge(detection.field, to, key, relation="holds", confidence=detection.confidence)
    for edge in inventory.edges:
        _add_field(made, edge.source)
        _add_field(made, edge.target)
        key = f"fills:{edge.kind}:{edge.place}"
        made.add_edge(edge.source, edge.target, key, relation="fills", edge=edge)
    recipients = Recipients.of(inventory)
    for flow in inventory.flows:
        _add_flow(made, recipients, flow)
    return made


def _add_dataset(made: Graph, urn: str) -> None:
    store = split(urn)[0]
    made.add_node(store, kind="store")
    made.add_node(urn, kind="dataset")
    made.add_edge(store, urn, "contains", relation="contains")


def _add_field(made: Graph, urn: str) -> None:
    if urn in made:
        return
    _add_dataset(made, dataset_of(urn))
    made.add_node(urn, kind="field")
    made.add_edge(dataset_of(urn), urn, "contains", relation="contains")


def _add_flow(made: Graph, recipients: Recipients, flow: Flow) -> None:
    """The edge from the field (or dataset) to the recipient; a declaration alone is a lonely node."""
    _add_recipient(made, recipients, flow.recipient)
    if "#" in flow.field:
        _add_field(made, flow.field)
    elif flow.field:
        _add_dataset(made, flow.field)
    else:
        made.nodes[f"recipient:{flow.recipient}"]["declared_only"] = True
        return
    key = f"flow:{flow.category}"
    to = f"recipient:{flow.recipient}"
    made.add_edge(flow.field, to, key, relation="flow", flow=flow, confidence=confidence(flow.evidence))


def _add_recipient(made: Graph, recipients: Recipients, recipient: str) -> None:
    node = f"recipient:{recipient}"
    processor = recipients.by_id(recipient)
    made.add_node(
        node,
        kind="recipient",
        region=processor.region if processor else "",
        function=processor.function if processor else "",
        declared=recipients.is_declared(recipient),
    )
    parent = processor.parent if processor else ""
    if parent and not made.has_edge(node, f"recipient:{parent}"):
        made.add_edge(node, f"recipient:{parent}", "part of", relation="part of")
        _add_recipient(made, recipients, parent)


def _flows(edges: Iterable[tuple[Any, Any, Any]]) -> tuple[Flow, ...]:
    found = {flow for _, _, flow in edges if flow is not None}
    return tuple(sorted(found, key=lambda f: (f.recipient, f.field, f.category)))


def receives(made: Graph, recipient: str) -> tuple[Flow, ...]:
    """What a recipient receives, by itself or by a service of its own."""
    node = f"recipient:{recipient}"
    if node not in made:
        return ()
    return _flows(made.in_edges(_reach(made, node, "part of", made.predecessors), data="flow"))


def _reach(made: Graph, start: str, relation: str, step: Callable[[str], Iterable[str]]) -> set[str]:
    """The start and all that lies beyond it over edges of one relation."""
    seen = {start}
    queue = [start]
    for current in queue:
        for other in step(current):
            related = made.has_edge(current, other, relation) or made.has_edge(other, current, relation)
            if related and other not in seen:
                seen.add(other)
                queue.append(other)
    return seen


def recipients_of(made: Graph, urn: str) -> tuple[Flow, ...]:
    """Who receives a field, or anything of a dataset or store."""
    if urn not in made:
        return ()
    return _flows(made.out_edges(_reach(made, urn, "contains", made.successors), data="flow"))


def third_country(made: Graph, home: str) -> tuple[Flow, ...]:
    """The flows to recipients outside `home`: a country, a cloud region, or `EU` for the EEA.

    Recipients without a known region are left out: `unplaced` names them.
    """
    abroad = {
        node
        for node, region in made.nodes(data="region")
        if str(node).startswith("recipient:") and region and not same_area(str(region), home)
    }
    return _flows(made.in_edges(abroad, data="flow"))


def unplaced(made: Graph) -> tuple[str, ...]:
    """Recipients of observed flows whose region nobody has written down."""
    placed = {node for node, region in made.nodes(data="region") if region}
    flows = _flows(made.edges(data="flow"))
    return tuple(sorted({f.recipient for f in flows if f"recipient:{f.recipient}" not in placed}))


def route(made: Graph, urn: str, recipient: str) -> tuple[str, ...]:
    """The way of a field to a recipient, node by node; empty if there is none."""
    import networkx as nx

    target = f"recipient:{recipient}"
    if urn not in made or target not in made:
        return ()
    try:
        return tuple(nx.shortest_path(made, urn, target))
    except nx.NetworkXNoPath:
        return ()
