"""The lineage picture: where data lies, what it is, who receives it; and the same as a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from pii_scan.core import urn as urns
from pii_scan.core.finding import DisclosureClass
from pii_scan.core.inventory import Inventory
from pii_scan.core.lineage import Flow, FlowStatus

from .. import overview, ranking
from ..overview import Receiver
from ..wording import count, dataset_name
from .cutting import Cut, cut_at
from .graph_svg import Edge, Graph, Node, draw

SOURCES: Final = 24
CATEGORIES: Final = 24
RECEIVERS: Final = 45
ROWS: Final = 400
_UNSEEN: Final = "content unknown"
_REST: Final = "\x00rest"


@dataclass(frozen=True, slots=True)
class Row:
    """One recipient and category: the table says in words what the picture shows."""

    receiver: Receiver
    category: str
    fields: int
    sources: tuple[str, ...]
    status: FlowStatus
    cls: DisclosureClass | None
    masking: bool


@dataclass(frozen=True, slots=True)
class Picture:
    svg: Markup
    note: str


def rows(inventory: Inventory) -> Cut[Row]:
    """Every (recipient, category) that was observed, undeclared recipients first."""
    return cut_at(_rows(inventory), ROWS)


def _rows(inventory: Inventory) -> list[Row]:
    grouped: dict[tuple[str, str], list[Flow]] = {}
    for flow in inventory.flows:
        if flow.status != "declared only":
            grouped.setdefault((flow.recipient, flow.category), []).append(flow)
    classes: dict[tuple[str, str], list[DisclosureClass]] = {}
    for disclosure in inventory.disclosures:
        classes.setdefault((disclosure.recipient, disclosure.category), []).append(disclosure.cls)
    receivers = overview.receivers(inventory)
    rank = {r.processor.id: i for i, r in enumerate(receivers)}
    ordered = sorted(grouped, key=lambda pair: (rank[pair[0]], pair[1]))
    return [_row(receivers[rank[pair[0]]], pair[1], grouped[pair], classes.get(pair, [])) for pair in ordered]


def _row(receiver: Receiver, category: str, flows: list[Flow], classes: list[DisclosureClass]) -> Row:
    status = ranking.surest(f.status for f in flows)
    assert status is not None
    return Row(
        receiver=receiver,
        category=category,
        fields=len({f.field for f in flows}),
        sources=tuple(sorted({urns.dataset_of(f.field) for f in flows})),
        status=status,
        cls=ranking.worst(classes),
        masking=all(f.masking for f in flows),
    )


def drawn(inventory: Inventory) -> Picture | None:
    """The picture with a note of what it leaves out; None if no flow was observed."""
    found = _rows(inventory)
    if not found:
        return None
    source, category = _sources(found), _categories(inventory, found)
    receivers = list(dict.fromkeys(row.receiver.processor.id for row in found))
    kept = set(receivers[:RECEIVERS])
    graph = Graph()
    for row in found:
        _add(graph, inventory, row, source, category, row.receiver.processor.id in kept)
    return Picture(draw(graph), _note(found, source, category, len(receivers) - RECEIVERS))


def _sources(found: list[Row]) -> Callable[[str], str]:
    """Datasets as they are, or their stores if there are too many."""
    datasets = {source for row in found for source in row.sources}
    return str if len(datasets) <= SOURCES else _store


def _store(dataset: str) -> str:
    kind, mark, rest = dataset.partition("://")
    return kind + mark + rest.partition("/")[0]


def _categories(inventory: Inventory, found: list[Row]) -> Callable[[str], str]:
    return str if len({row.category for row in found}) <= CATEGORIES else inventory.taxonomy.top


def _note(found: list[Row], source: Callable[[str], str], category: Callable[[str], str], left: int) -> str:
    notes = []
    if source is _store:
        notes.append("datasets are drawn as their stores")
    if category is not str:
        notes.append("categories as their families")
    if left > 0:
        notes.append(f"{count(left, 'more recipient')} as one box")
    return ", ".join(notes)


def _add(
    graph: Graph,
    inventory: Inventory,
    row: Row,
    source: Callable[[str], str],
    category: Callable[[str], str],
    kept: bool,
) -> None:
    """Adds the row's nodes, and its edges on both sides of the category."""
    key = category(row.category) if row.category else ""
    label = inventory.taxonomy.label(key) if key else _UNSEEN
    middle = Node(1, key, label, "special" if key and inventory.taxonomy.is_special(key) else "", key)
    right = _receiver(row.receiver) if kept else Node(2, _REST, "further recipients", "", "")
    for name in sorted({source(s) for s in row.sources}):
        left = Node(0, name, dataset_name(name), "", name)
        graph.add(Edge(left, middle, "", row.fields, False, f"{left.label} holds {label}"))
    look = row.cls or ("omitted" if row.receiver.declared is False else "observed")
    told = f"{label} to {right.label}: {row.cls or 'not judged'}, {row.status}, {count(row.fields, 'field')}"
    graph.add(Edge(middle, right, look, row.fields, row.status == "contact only", told))


def _receiver(receiver: Receiver) -> Node:
    processor = receiver.processor
    undeclared = receiver.declared is False
    detail = ", ".join(part for part in (processor.function, processor.region) if part)
    told = f"{processor.id}{' (not declared)' if undeclared else ''}"
    return Node(
        2, processor.id, processor.name or processor.id, "undeclared" if undeclared else "", told, detail
    )
