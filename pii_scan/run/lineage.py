"""Answers who receives what, in the form asked for."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from difflib import get_close_matches

from ..core.errors import ConfigError
from ..core.inventory import Inventory
from ..core.lineage import Flow
from ..core.query import Edge
from ..core.recipients import Recipients
from ..core.redact import clean
from ..core.urn import dataset_of
from ..lineage.propagation import around, within


@dataclass(frozen=True, slots=True)
class Question:
    """The flows asked for; None asks for all."""

    recipient: str | None = None
    category: str | None = None
    urn: str | None = None

    def fits(self, inventory: Inventory, flow: Flow) -> bool:
        if self.recipient and flow.recipient != self.recipient:
            return False
        if self.category and not inventory.taxonomy.subsumes(self.category, flow.category):
            return False
        return not self.urn or flow.field == self.urn or within(flow.field, self.urn)

    def passed(self, inventory: Inventory) -> tuple[Flow, ...]:
        """The flows whose way leads through what is asked for, though they begin elsewhere."""
        if not self.urn or not inventory.edges:
            return ()
        before = around(inventory.edges, self.urn, upstream=True)
        behind = around(inventory.edges, self.urn, upstream=False)
        anywhere = Question(self.recipient, self.category)
        return tuple(
            flow
            for flow in inventory.flows
            if flow.field in before
            if any(e.kind == "mapping" and e.locator in behind for e in flow.evidence)
            if anywhere.fits(inventory, flow) and not self.fits(inventory, flow)
        )

    def edges(self, inventory: Inventory) -> tuple[Edge, ...]:
        """By which SQL the fields that are asked for are filled, or fill others; all if nothing is asked."""
        if self.recipient or self.category:
            return ()
        return tuple(
            edge
            for edge in inventory.edges
            if not self.urn or any(u == self.urn or within(u, self.urn) for u in (edge.source, edge.target))
        )


def answer(inventory: Inventory, question: Question, form: str = "table") -> str:
    """The flows that fit, as a table, JSON, DOT or Mermaid.

    Raises ConfigError for a category that does not exist.
    """
    if question.category and question.category not in inventory.taxonomy:
        raise ConfigError("unknown category", "pii-scan categories list shows them all")
    if question.recipient and Recipients.of(inventory).by_id(question.recipient) is None:
        raise _unknown(inventory, question.recipient)
    flows = [flow for flow in inventory.flows if question.fits(inventory, flow)]
    flows += question.passed(inventory)
    edges = question.edges(inventory)
    forms: dict[str, Callable[[list[Flow], Sequence[Edge]], str]] = {
        "table": _table,
        "json": _json,
        "dot": _dot,
        "mermaid": _mermaid,
    }
    return forms[form](flows, edges)


def _unknown(inventory: Inventory, recipient: str) -> ConfigError:
    ids = sorted({flow.recipient for flow in inventory.flows})
    close = get_close_matches(recipient, ids, n=1)
    hint = f"did you mean '{close[0]}'?" if close else f"recipients of this run: {', '.join(ids) or 'none'}"
    return ConfigError("no recipient of that id is declared or known", hint)


def _table(flows: list[Flow], edges: Sequence[Edge]) -> str:
    """A line a flow, its ways by SQL below it, and then a line for each field that SQL fills."""
    lines = [] if flows else ["no flow is known that fits"]
    for flow, line in zip(flows, _lines(flows), strict=True):
        lines.append(line)
        lines += [clean(f"    by way of {e.detail}") for e in flow.evidence if e.kind == "mapping"]
    if edges:
        lines += ["", "filled by SQL:"]
        lines += [clean(f"{e.target}  from {e.source}  {e.transform} ({e.kind}, {e.place})") for e in edges]
    return "\n".join(lines)


def _lines(flows: list[Flow]) -> list[str]:
    rows = [(f.recipient, f.category or "(contact)", f.status, f.field) for f in flows]
    widths = [max((len(row[i]) for row in rows), default=0) for i in range(3)]
    return [
        clean("  ".join([*(c.ljust(w) for c, w in zip(row, widths, strict=False)), row[3]])) for row in rows
    ]


def _json(flows: list[Flow], edges: Sequence[Edge]) -> str:
    document = {
        "schema_version": "1.0",
        "flows": [asdict(flow) for flow in flows],
        "edges": [asdict(edge) for edge in edges],
    }
    return json.dumps(document, indent=2)


def _edges(flows: list[Flow], edges: Sequence[Edge]) -> list[tuple[str, str, str]]:
    """(dataset, recipient, categories) and (dataset, dataset, kind of SQL), one edge a pair."""
    joined: dict[tuple[str, str], set[str]] = {}
    for flow in flows:
        joined.setdefault((flow.field.partition("#")[0], flow.recipient), set()).add(
            flow.category or "contact"
        )
    for edge in edges:
        joined.setdefault((dataset_of(edge.source), dataset_of(edge.target)), set()).add(edge.kind)
    return [(source, to, ", ".join(sorted(names))) for (source, to), names in sorted(joined.items())]


def _quoted(text: str) -> str:
    return clean(text).replace("\\", "\\\\").replace('"', "'")


def _dot(flows: list[Flow], edges: Sequence[Edge]) -> str:
    lines = [
        f'  "{_quoted(a)}" -> "{_quoted(b)}" [label="{_quoted(c)}"];' for a, b, c in _edges(flows, edges)
    ]
    return "\n".join(["digraph lineage {", "  rankdir=LR;", *lines, "}"])


def _mermaid(flows: list[Flow], edges: Sequence[Edge]) -> str:
    names: dict[str, str] = {}
    lines = ["flowchart LR"]
    for source, to, label in _edges(flows, edges):
        for node in (source, to):
            if node not in names:
                names[node] = f"n{len(names)}"
                lines.append(f'  {names[node]}["{_quoted(node)}"]')
        lines.append(f'  {names[source]} -- "{_quoted(label)}" --> {names[to]}')
    return "\n".join(lines)
