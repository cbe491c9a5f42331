"""Flows as drawings: DOT for Graphviz, Mermaid for documents. Names are quoted, whatever they hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from ..core.lineage import Flow
from ..core.redact import clean
from ..core.urn import dataset_of
from .asking import Answer
from .lineage_document import step_of

#: What a Mermaid text may hold as it is; all else is written as `#NN;`.
_PLAIN = frozenset(" -_.,:/()@~+=*!'‹›")


@dataclass(frozen=True, slots=True)
class Edge:
    """From a place to a place or recipient. `style` is `dashed` for what was lost, or nothing."""

    source: str
    target: str
    label: str
    style: str = ""


def edges(answer: Answer) -> list[Edge]:
    """What is to be drawn: the changes, the ways step by step, or an edge a dataset and recipient."""
    if answer.changes is not None:
        return list(_changes(answer))
    if answer.question.path:
        return list(dict.fromkeys(_steps(answer)))
    return list(_joined((row.flow for row in answer.rows), "", ""))


def _changes(answer: Answer) -> Iterator[Edge]:
    changes = answer.changes
    if changes is None:
        return
    yield from _joined(changes.gained, "new: ", "")
    yield from _joined(changes.lost, "gone: ", "dashed")
    yield from _joined(changes.unseen, "not looked at: ", "dashed")
    for old, now in changes.changed:
        yield from _joined([now], f"{old.status} → {now.status}: ", "")


def _joined(flows: Iterable[Flow], mark: str, style: str) -> Iterator[Edge]:
    """One edge for each dataset and recipient, with the categories; a declaration alone has no source."""
    found: dict[tuple[str, str], set[str]] = {}
    for flow in flows:
        source = dataset_of(flow.field) if flow.field else "declared list"
        label = flow.category or ("contact" if flow.field else "seen nowhere")
        found.setdefault((source, flow.recipient), set()).add(label)
    for (source, to), labels in sorted(found.items()):
        yield Edge(
            source, to, mark + ", ".join(sorted(labels)), style if source != "declared list" else "dashed"
        )


def _steps(answer: Answer) -> Iterator[Edge]:
    for row in answer.rows:
        for way in row.paths:
            for at, to in pairwise(way):
                yield Edge(_short(at), _short(to), _label(answer, row.flow, at, to))


def _short(node: str) -> str:
    return node.removeprefix("recipient:")


def _label(answer: Answer, flow: Flow, at: str, to: str) -> str:
    link = answer.paths.link(at, to) if answer.paths else None
    if link is not None:
        return f"{link.kind}, masked" if link.masking else link.kind
    step = step_of(at, to)
    return flow.category or "contact" if step == "flow" else step


def _numbered(drawn: Iterable[Edge]) -> dict[str, str]:
    names: dict[str, str] = {}
    for edge in drawn:
        for node in (edge.source, edge.target):
            names.setdefault(node, f"n{len(names)}")
    return names


def dot(answer: Answer) -> str:
    """A digraph; nodes are numbered and carry their name as label."""
    drawn = edges(answer)
    names = _numbered(drawn)
    lines = ["digraph lineage {", "  rankdir=LR;", "  node [shape=box];"]
    lines += [f'  {name} [label="{_in_dot(node)}"];' for node, name in names.items()]
    for edge in drawn:
        style = f", style={edge.style}" if edge.style else ""
        label = _in_dot(edge.label)
        lines.append(f'  {names[edge.source]} -> {names[edge.target]} [label="{label}"{style}];')
    return "\n".join([*lines, "}"])


def _in_dot(text: str) -> str:
    """A quoted string's inside: backslashes begin escapes in labels, so they are doubled."""
    return clean(text).replace("\\", "\\\\").replace('"', '\\"')


def mermaid(answer: Answer) -> str:
    """A flowchart; nodes are numbered and carry their name as quoted text."""
    drawn = edges(answer)
    names = _numbered(drawn)
    lines = ["flowchart LR"]
    lines += [f'  {name}["{_in_mermaid(node)}"]' for node, name in names.items()]
    for edge in drawn:
        arrow = "-.->" if edge.style else "-->"
        lines.append(f'  {names[edge.source]} {arrow}|"{_in_mermaid(edge.label)}"| {names[edge.target]}')
    return "\n".join(lines)


def _in_mermaid(text: str) -> str:
    """Quoted text: quotes, marks of Markdown and HTML, and `#` itself are written as entities."""
    return "".join(c if c.isalnum() or c in _PLAIN else f"#{ord(c)};" for c in clean(text)) or " "
