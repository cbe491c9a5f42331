"""A layered drawing in SVG: three columns, edges as curves, coloured by classes of the style sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from markupsafe import Markup

from pii_scan.core.redact import clean

from .. import ranking
from ..wording import NOTHING, cut

WIDTH: Final = 1120
_BOX: Final = 30
_GAP: Final = 12
_TOP: Final = 34
#: Left edge and width of each column.
_COLUMNS: Final = ((0, 300), (450, 230), (840, 280))
_HEADS: Final = ("Where it lies", "What it is", "Who receives it")
#: Width of a character at the labels' size, on average.
_CHARACTER: Final = 6.9
_SWEEPS: Final = 4


@dataclass(frozen=True, slots=True)
class Node:
    """A box: its column, its label, the class of its look, its full name, a second label."""

    column: int
    key: str
    label: str
    look: str = ""
    title: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    source: Node
    target: Node
    look: str
    weight: int
    dashed: bool
    title: str


Place = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes and edges; an edge that is added twice keeps the gravest look and the sum of the weights."""

    nodes: dict[Place, Node] = field(default_factory=dict)
    edges: dict[tuple[Place, Place], Edge] = field(default_factory=dict)

    def add(self, edge: Edge) -> None:
        ends = (edge.source.column, edge.source.key), (edge.target.column, edge.target.key)
        self.nodes.setdefault(ends[0], edge.source)
        self.nodes.setdefault(ends[1], edge.target)
        known = self.edges.get(ends)
        self.edges[ends] = _merged(known, edge) if known else edge


def _merged(known: Edge, more: Edge) -> Edge:
    graver = min(known, more, key=_gravity)
    return replace(graver, weight=known.weight + more.weight, dashed=known.dashed and more.dashed)


def _gravity(edge: Edge) -> int:
    looks = (*ranking.CLASSES, "observed", "")
    return looks.index(edge.look)


def draw(graph: Graph) -> Markup:
    """The drawing as one `svg` element, each box and edge with its full text as a title."""
    columns = _ordered(graph)
    height = _TOP + max(len(c) for c in columns) * (_BOX + _GAP)
    tops = {place: y for column in columns for place, y in _spread(column, height).items()}
    ordered = sorted(graph.edges.items(), key=lambda item: (-_gravity(item[1]), item[0]))
    shapes = [_edge(edge, tops[ends[0]], tops[ends[1]]) for ends, edge in ordered]
    shapes += [_node(graph.nodes[place], y) for place, y in tops.items()]
    heads = [
        Markup('<text class="head" x="{}" y="16">{}</text>').format(x, name)
        for (x, _), name in zip(_COLUMNS, _HEADS, strict=True)
    ]
    return Markup(
        '<svg class="graph" viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}">{}</svg>'
    ).format(
        WIDTH,
        height,
        WIDTH,
        height,
        "Lineage; the table below says the same",
        Markup("").join(heads + shapes),
    )


def _ordered(graph: Graph) -> list[list[Place]]:
    """Each column sorted by the mean place of its neighbours, a few times over: fewer crossings."""
    columns = [sorted(p for p in graph.nodes if p[0] == number) for number in range(len(_COLUMNS))]
    beside: dict[Place, list[Place]] = {place: [] for place in graph.nodes}
    for source, target in graph.edges:
        beside[source].append(target)
        beside[target].append(source)
    for sweep in range(_SWEEPS):
        for number in (1, 2) if sweep % 2 == 0 else (1, 0):
            other = {p: i / len(c) for n, c in enumerate(columns) if n != number for i, p in enumerate(c)}
            columns[number].sort(key=lambda place: (_mean(beside[place], other), place))
    return columns


def _mean(neighbours: list[Place], ranks: Mapping[Place, float]) -> float:
    found = [ranks[n] for n in neighbours if n in ranks]
    return sum(found) / len(found) if found else 0.0


def _spread(column: list[Place], height: int) -> dict[Place, float]:
    """The top of each box, the column spread over the drawing's height."""
    room = (height - _TOP) / max(1, len(column))
    return {place: _TOP + room * i + (room - _BOX) / 2 for i, place in enumerate(column)}


def _edge(edge: Edge, start: float, end: float) -> Markup:
    x1 = sum(_COLUMNS[edge.source.column])
    x2 = _COLUMNS[edge.target.column][0]
    bend = (x2 - x1) * 0.5
    y1, y2 = start + _BOX / 2, end + _BOX / 2
    return Markup(
        '<path class="edge {}{}" stroke-width="{:.1f}" d="M{} {:.1f}C{:.0f} {:.1f} {:.0f} {:.1f} {} {:.1f}">'
        "<title>{}</title></path>"
    ).format(
        "to-" + edge.look.replace(" ", "-") if edge.look else "from",
        " dashed" if edge.dashed else "",
        min(6.0, 1.2 + 0.6 * edge.weight),
        x1, y1, x1 + bend, y1, x2 - bend, y2, x2, y2,
        clean(edge.title),
    )  # fmt: skip


def _node(node: Node, top: float) -> Markup:
    x, width = _COLUMNS[node.column]
    room = int((width - 20) / _CHARACTER)
    label = cut(clean(node.label) or NOTHING, room)
    detail = clean(node.detail) if len(label) + len(node.detail) + 2 <= room else ""
    return Markup(
        '<g class="node {}"><title>{}</title><rect x="{}" y="{:.1f}" width="{}" height="{}" rx="5"/>'
        '<text x="{}" y="{:.1f}">{}<tspan class="detail" dx="6">{}</tspan></text></g>'
    ).format(
        node.look, clean(f"{node.label}: {node.title}" if node.title else node.label), x, top, width, _BOX,
        x + 10, top + _BOX / 2 + 4.5, label, detail,
    )  # fmt: skip
