"""Answers who receives what, in the form asked for."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from difflib import get_close_matches

from ..core.errors import ConfigError
from ..core.inventory import Inventory
from ..core.lineage import Flow
from ..core.recipients import Recipients
from ..core.redact import clean


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
        return (
            not self.urn or flow.field == self.urn or flow.field.startswith((f"{self.urn}#", f"{self.urn}/"))
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
    forms: dict[str, Callable[[list[Flow]], str]] = {
        "table": _table,
        "json": _json,
        "dot": _dot,
        "mermaid": _mermaid,
    }
    return forms[form](flows)


def _unknown(inventory: Inventory, recipient: str) -> ConfigError:
    ids = sorted({flow.recipient for flow in inventory.flows})
    close = get_close_matches(recipient, ids, n=1)
    hint = f"did you mean '{close[0]}'?" if close else f"recipients of this run: {', '.join(ids) or 'none'}"
    return ConfigError("no recipient of that id is declared or known", hint)


def _table(flows: list[Flow]) -> str:
    if not flows:
        return "no flow is known that fits"
    rows = [(f.recipient, f.category or "(contact)", f.status, f.field) for f in flows]
    widths = [max(len(row[i]) for row in rows) for i in range(3)]
    return "\n".join(
        clean("  ".join([*(c.ljust(w) for c, w in zip(row, widths, strict=False)), row[3]])) for row in rows
    )


def _json(flows: list[Flow]) -> str:
    return json.dumps({"schema_version": "1.0", "flows": [asdict(flow) for flow in flows]}, indent=2)


def _edges(flows: list[Flow]) -> list[tuple[str, str, str]]:
    """(dataset, recipient, categories), one edge a pair."""
    joined: dict[tuple[str, str], set[str]] = {}
    for flow in flows:
        joined.setdefault((flow.field.partition("#")[0], flow.recipient), set()).add(
            flow.category or "contact"
        )
    return [(source, to, ", ".join(sorted(names))) for (source, to), names in sorted(joined.items())]


def _quoted(text: str) -> str:
    return clean(text).replace("\\", "\\\\").replace('"', "'")


def _dot(flows: list[Flow]) -> str:
    edges = [f'  "{_quoted(a)}" -> "{_quoted(b)}" [label="{_quoted(c)}"];' for a, b, c in _edges(flows)]
    return "\n".join(["digraph lineage {", "  rankdir=LR;", *edges, "}"])


def _mermaid(flows: list[Flow]) -> str:
    names: dict[str, str] = {}
    lines = ["flowchart LR"]
    for source, to, label in _edges(flows):
        for node in (source, to):
            if node not in names:
                names[node] = f"n{len(names)}"
                lines.append(f'  {names[node]}["{_quoted(node)}"]')
        lines.append(f'  {names[source]} -- "{_quoted(label)}" --> {names[to]}')
    return "\n".join(lines)
