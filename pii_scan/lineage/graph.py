"""The lineage graph, and a function for each question that it answers.

Nodes are URNs (stores, datasets, fields), `recipient:ID` and `category:KEY`; `kind` says which. Edges
carry `relation`: `contains`, `holds` (with its confidence), `link` (data that was made from other data,
with the Link), `flow` (with the Flow and its confidence) and `part of` (a service and the company behind
it). A new kind of evidence is a new `Link.kind` or `FlowEvidence.kind`, no new code here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ..core.inventory import Inventory
from ..core.lineage import Flow, Link
from ..core.recipients import Recipients
from ..core.urn import dataset_of, split
from .evidence import confidence
from .region import area

if TYPE_CHECKING:
    import networkx as nx

    Graph = nx.MultiDiGraph[Any]

Step = Callable[[str], Iterable[tuple[Any, Any, Any]]]


def graph(inventory: Inventory) -> Graph:
    """Everything that the inventory knows of who has what."""
    import networkx as nx

    made: Graph = nx.MultiDiGraph()
    for dataset in inventory.datasets:
        _add_place(made, dataset.urn)
    for field in inventory.fields:
        _add_place(made, field.urn)
    for detection in inventory.detections:
        _add_place(made, detection.field)
        made.add_node(f"category:{detection.category}", kind="category")
        to = f"category:{detection.category}"
        key = f"holds:{detection.verdict}"
        made.add_edge(detection.field, to, key, relation="holds", confidence=detection.confidence)
    for link in inventory.links:
        _add_link(made, link)
    recipients = Recipients.of(inventory)
    for flow in inventory.flows:
        _add_flow(made, recipients, flow)
    return made


def _add_place(made: Graph, urn: str) -> None:
    """A dataset or field, and what it lies in."""
    if urn in made:
        return
    if "#" in urn:
        _add_place(made, dataset_of(urn))
        made.add_node(urn, kind="field")
        made.add_edge(dataset_of(urn), urn, "contains", relation="contains")
        return
    store = split(urn)[0]
    made.add_node(store, kind="store")
    if urn != store:
        made.add_node(urn, kind="dataset")
        made.add_edge(store, urn, "contains", relation="contains")


def _add_link(made: Graph, link: Link) -> None:
    _add_place(made, link.source)
    _add_place(made, link.target)
    key = f"link:{link.kind}:{link.locator}"
    made.add_edge(link.source, link.target, key, relation="link", link=link, confidence=link.confidence)


def _add_flow(made: Graph, recipients: Recipients, flow: Flow) -> None:
    """The edge from the field (or dataset) to the recipient; a declaration alone is a lonely node."""
    _add_recipient(made, recipients, flow.recipient)
    if not flow.field:
        made.nodes[f"recipient:{flow.recipient}"]["declared_only"] = True
        return
    _add_place(made, flow.field)
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
    return _flows(made.in_edges(services(made, recipient), data="flow"))


def services(made: Graph, recipient: str) -> set[str]:
    """The nodes of a recipient and of the services that are part of it; empty if the graph lacks it."""
    node = f"recipient:{recipient}"
    return _reach([node], ("part of",), _before(made)) if node in made else set()


def recipients_of(made: Graph, urn: str) -> tuple[Flow, ...]:
    """Who receives a field, or anything of a dataset or store, or of what was made from it."""
    return _flows(made.out_edges(derived(made, urn), data="flow"))


def derived(made: Graph, urn: str) -> set[str]:
    """A place, all in it, and all that was made from that; empty if the graph does not know the place.

    What was made from a field is that field or dataset alone; from a whole dataset, all in the other.
    """
    seen = within(made, urn)
    queue = sorted(seen)
    for current in queue:
        for other, _, data in _after(made)(current):
            if data["relation"] == "link" and other not in seen:
                new = {other} if "#" in current else within(made, other) - seen
                seen |= new
                queue += sorted(new)
    return seen


def within(made: Graph, urn: str) -> set[str]:
    """A store, folder or schema, dataset or field with all in it, nested fields too."""
    if urn not in made:
        return {str(node) for node in made if str(node).startswith(f"{urn}/")}
    inside = _reach([urn], ("contains",), _after(made))
    if "#" in urn:
        siblings = made.successors(dataset_of(urn))
        inside |= {node for node in siblings if str(node).startswith(f"{urn}/")}
    return inside


def _after(made: Graph) -> Step:
    return lambda node: ((to, key, data) for _, to, key, data in made.out_edges(node, keys=True, data=True))


def _before(made: Graph) -> Step:
    return lambda node: ((at, key, data) for at, _, key, data in made.in_edges(node, keys=True, data=True))


def _reach(starts: Iterable[str], relations: tuple[str, ...], step: Step) -> set[str]:
    """The starts and all that lies beyond them over edges of these relations."""
    seen = set(starts)
    queue = sorted(seen)
    for current in queue:
        for other, _, data in step(current):
            if data["relation"] in relations and other not in seen:
                seen.add(other)
                queue.append(other)
    return seen


def third_country(made: Graph, home: str) -> tuple[Flow, ...]:
    """The flows to recipients outside `home`: a country, a cloud region, or `EU` for the EEA.

    Recipients without a known region are left out: `unplaced` names them.
    """
    abroad = {node for node, found in _areas(made) if found and found != area(home)}
    return _flows(made.in_edges(abroad, data="flow"))


def unplaced(made: Graph) -> tuple[str, ...]:
    """Recipients of observed flows whose region nobody has written down."""
    placed = {node for node, found in _areas(made) if found}
    flows = _flows(made.edges(data="flow"))
    return tuple(sorted({f.recipient for f in flows if f"recipient:{f.recipient}" not in placed}))


def _areas(made: Graph) -> Iterator[tuple[Any, str]]:
    for node, region in made.nodes(data="region"):
        if str(node).startswith("recipient:"):
            yield node, area(str(region or ""))


def route(made: Graph, urn: str, recipient: str) -> tuple[str, ...]:
    """The shortest way of a field to a recipient, node by node; empty if there is none."""
    import networkx as nx

    target = f"recipient:{recipient}"
    if urn not in made or target not in made:
        return ()
    try:
        return tuple(nx.shortest_path(made, urn, target))
    except nx.NetworkXNoPath:
        return ()
