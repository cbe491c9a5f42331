"""Strict readers of the parts of DOT and Mermaid that are written: anything else is an error."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

_TEXT = r'"((?:[^"\\\n]|\\["\\])*)"'
_DOT_NODE = re.compile(rf"  (n\d+) \[label={_TEXT}\];")
_DOT_EDGE = re.compile(rf"  (n\d+) -> (n\d+) \[label={_TEXT}(?:, style=dashed)?\];")
_QUOTED = r'"((?:[^"#<>`\[\]{}|\\;&\n]|#\d+;)+)"'
_MERMAID_NODE = re.compile(rf"  (n\d+)\[{_QUOTED}\]")
_MERMAID_EDGE = re.compile(rf"  (n\d+) (?:-->|-\.->)\|{_QUOTED}\| (n\d+)")


@dataclass(frozen=True)
class Drawing:
    """Names of nodes, and edges as (from, to, label)."""

    nodes: set[str]
    edges: set[tuple[str, str, str]]


def read_dot(text: str) -> Drawing:
    first, direction, shape, *rest, last = text.split("\n")
    assert (first, direction, last) == ("digraph lineage {", "  rankdir=LR;", "}")
    assert shape == "  node [shape=box];"
    names, edges = {}, set()
    for line in rest:
        node, edge = _DOT_NODE.fullmatch(line), _DOT_EDGE.fullmatch(line)
        assert node or edge, line
        if node:
            names[node[1]] = _plain(node[2])
        elif edge:
            edges.add((names[edge[1]], names[edge[2]], _plain(edge[3])))
    return Drawing(set(names.values()), edges)


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def read_mermaid(text: str) -> Drawing:
    first, *rest = text.split("\n")
    assert first == "flowchart LR"
    names, edges = {}, set()
    for line in rest:
        node, edge = _MERMAID_NODE.fullmatch(line), _MERMAID_EDGE.fullmatch(line)
        assert node or edge, line
        if node:
            names[node[1]] = html.unescape(node[2].replace("#", "&#"))
        elif edge:
            edges.add((names[edge[1]], names[edge[3]], html.unescape(edge[2].replace("#", "&#"))))
    return Drawing(set(names.values()), edges)
