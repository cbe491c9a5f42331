"""Answers who receives what, in the form asked for."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from .. import plugins
from ..core.errors import ConfigError
from ..core.inventory import Inventory
from ..lineage.abroad import Borders
from ..lineage.drift import drift
from ..lineage.evidence import confidence
from ..lineage.graph import graph
from ..lineage.paths import Paths
from ..lineage.receipt import Receipts
from . import drawing, lineage_document, lineage_table
from .asking import Answer, Question, Row, checked, filled, selected, starts

OPENLINEAGE: Final = "openlineage"
FORMS: Final = ("table", "json", "dot", "mermaid", OPENLINEAGE)


def answer(
    inventory: Inventory, question: Question, form: str = "table", earlier: Inventory | None = None
) -> str:
    """The answer as a table, JSON, DOT, Mermaid or OpenLineage events.

    `earlier` is the run that `question.since` asks about. Raises ConfigError for a category, field or
    recipient that there is not, or a question that makes no sense.
    """
    found = answered(inventory, question, earlier)
    if form == OPENLINEAGE:
        return _events(inventory, found)
    forms: dict[str, Callable[[Answer], str]] = {
        "table": lineage_table.table,
        "json": lineage_document.document,
        "dot": drawing.dot,
        "mermaid": drawing.mermaid,
    }
    return forms[form](found)


def answered(inventory: Inventory, question: Question, earlier: Inventory | None = None) -> Answer:
    """The flows that fit, with what is asked of each."""
    checked(inventory, question, earlier)
    made = graph(inventory)
    flows = selected(inventory, made, question)
    borders, receipts, paths = Borders(inventory, question.home or ""), Receipts(inventory), Paths(made)
    told = flows if question.home is None else [flow for flow in flows if borders.crosses(flow)]
    wanted = starts(made, question)
    rows = tuple(
        Row(
            flow,
            confidence(flow.evidence),
            receipts.declared(flow),
            receipts.beyond_needs(flow),
            borders.source(flow),
            borders.target(flow),
            paths.of(flow, wanted) if question.path or question.urn else (),
        )
        for flow in told
    )
    services = sorted({flow.recipient for flow in flows} | {question.recipient or ""} - {""})
    recipients = services if question.recipient else []
    missing = [m for r in recipients for m in receipts.missing(r, [f for f in flows if f.recipient == r])]
    if question.category:
        taxonomy, category = inventory.taxonomy, question.category
        missing = [m for m in missing if taxonomy.subsumes(category, m.category)]
    unplaced = [flow for flow in flows if question.home is not None and borders.unknown(flow)]
    changes = None
    if earlier is not None:
        before = selected(earlier, graph(earlier), question)
        changes = drift(inventory, before, flows)
    run, edges = earlier.run.id if earlier is not None else "", filled(inventory, question)
    return Answer(
        question, inventory.run.id, rows, tuple(missing), tuple(unplaced), changes, run, paths, edges
    )


def _events(inventory: Inventory, found: Answer) -> str:
    out = io.StringIO()
    flows = tuple(row.flow for row in found.rows)
    plugins.get("reports", OPENLINEAGE).write(replace(inventory, flows=flows), out, {})
    return out.getvalue().rstrip("\n")


def earlier_of(runs: tuple[str, ...], since: str, current: str) -> str:
    """The id of the run meant: `last` is the complete one before the current. `runs` is in their order.

    Raises ConfigError if there is none, or it is the current one.
    """
    if since == "last":
        before = runs[: runs.index(current)] if current in runs else runs
        if not before:
            raise ConfigError("there is no complete run before this one", "scan again, then ask")
        return before[-1]
    if since == current:
        raise ConfigError(
            "a run has not changed since itself", "name an earlier one; 'last' is the one before"
        )
    return since
