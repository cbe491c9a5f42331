"""Questions about the lineage, the flows that they ask for, and their answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING

from ..core.errors import ConfigError
from ..core.inventory import Inventory
from ..core.lineage import Flow
from ..core.query import Edge
from ..core.recipients import Recipients
from ..core.redact import clean
from ..core.urn import dataset_of
from ..lineage.drift import Drift
from ..lineage.graph import receives, recipients_of, services, within
from ..lineage.paths import Paths
from ..lineage.propagation import around
from ..lineage.propagation import within as inside
from ..lineage.receipt import Missing
from ..lineage.region import area

if TYPE_CHECKING:
    from ..lineage.graph import Graph

#: A name is called a misspelling of another if they are this alike.
_ALIKE = 0.6
#: How many of them are told.
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Question:
    """The flows asked for; None asks for all.

    `home` asks for those that cross a border, seen from this area or, if empty, from where the data
    lies; `path` for the ways that data took; `since` (a run or `last`) for what changed.
    """

    recipient: str | None = None
    category: str | None = None
    urn: str | None = None
    home: str | None = None
    path: bool = False
    since: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A flow with what is known of it; `source` and `target` are areas, `paths` ways of nodes."""

    flow: Flow
    confidence: float
    declared: str
    beyond_needs: bool
    source: str
    target: str
    paths: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The flows, and beside them what was declared and never seen, what has no place, what changed."""

    question: Question
    run: str
    rows: tuple[Row, ...]
    missing: tuple[Missing, ...] = ()
    unplaced: tuple[Flow, ...] = ()
    changes: Drift | None = None
    since: str = ""
    paths: Paths | None = field(default=None, repr=False)
    #: By which SQL the fields that are asked for are filled, or fill others.
    edges: tuple[Edge, ...] = ()


def checked(inventory: Inventory, question: Question, earlier: Inventory | None) -> None:
    """Raises ConfigError for names that there are not."""
    if question.category and question.category not in inventory.taxonomy:
        keys = sorted(inventory.taxonomy.categories)
        ends = [key for key in keys if key.endswith(f".{question.category.casefold()}")]
        close = ends or get_close_matches(question.category, keys, n=1, cutoff=0.8)
        meant = " or ".join(f"'{key}'" for key in close[:_SHOWN])
        hint = f"did you mean {meant}?" if meant else "pii-scan categories list shows them all"
        raise ConfigError(f"unknown category '{clean(question.category)}'", hint)
    if question.recipient is not None:
        _check_recipient(inventory, question.recipient)
    known = [inventory] if earlier is None else [inventory, earlier]
    if question.urn is not None and not any(_is_place(one, question.urn) for one in known):
        raise _no_place(inventory, question.urn)
    if question.home and not area(question.home):
        raise ConfigError(
            f"'{clean(question.home)}' is no area that is known",
            "give a country's code (FR), EU for the EEA, or a cloud region (eu-west-2)",
        )


def _places(inventory: Inventory) -> set[str]:
    """Every store, dataset and field, and what flows speak of."""
    found = {store.urn for store in inventory.stores}
    found |= {dataset.urn for dataset in inventory.datasets} | {d.store.urn for d in inventory.datasets}
    found |= {f.urn for f in inventory.fields}
    found |= {urn for e in inventory.edges for end in (e.source, e.target) for urn in (end, dataset_of(end))}
    return found | {urn for f in inventory.flows if f.field for urn in (f.field, dataset_of(f.field))}


def _is_place(inventory: Inventory, urn: str) -> bool:
    places = _places(inventory)
    return urn in places or any(place.startswith(f"{urn}/") for place in places)


def _no_place(inventory: Inventory, urn: str) -> ConfigError:
    places = _places(inventory)
    words = _words(urn)
    ends = sorted(place for place in places if _words(place)[-len(words) :] == words)
    close = ends[:_SHOWN] or get_close_matches(urn, places, n=_SHOWN, cutoff=_ALIKE)
    hint = f"did you mean {' or '.join(close)}?" if close else "pii-scan inventory show lists every URN"
    return ConfigError("no store, dataset or field has this URN in this run", hint)


def _words(place: str) -> list[str]:
    """The parts of a place, however they are set apart: `users.email` as `app/users#email`."""
    return [word for word in re.split(r"[./#:]+", place.casefold()) if word]


def _check_recipient(inventory: Inventory, recipient: str) -> None:
    recipients = Recipients.of(inventory)
    ids = {flow.recipient for flow in inventory.flows}
    if recipients.by_id(recipient) is not None or recipient in ids:
        return
    names = {p.name.casefold(): p.id for p in (*inventory.processors, *recipients.declared)}
    meant = recipients.by_host(recipient)
    best = meant.id if meant else names.get(recipient.casefold())
    close = [best] if best else get_close_matches(recipient.casefold(), [*sorted(ids), *names], n=1)
    hint = f"recipients of this run: {', '.join(sorted(ids)) or 'none'}"
    if close:
        hint = f"did you mean '{names.get(close[0], close[0])}'?"
    raise ConfigError(f"no recipient '{clean(recipient)}' is declared or known", hint)


def selected(inventory: Inventory, made: Graph, question: Question) -> list[Flow]:
    """The flows that the question is about, in the order of the inventory."""
    flows: Sequence[Flow] = inventory.flows
    if question.recipient is not None:
        # A recipient of which only a declaration speaks is a node without an edge.
        nodes = services(made, question.recipient)
        wanted = {*receives(made, question.recipient)}
        flows = [f for f in flows if f in wanted or (not f.field and f"recipient:{f.recipient}" in nodes)]
    if question.urn is not None:
        wanted = {*recipients_of(made, question.urn), *_passing(inventory, question.urn)}
        flows = [flow for flow in flows if flow in wanted]
    if question.category is not None:
        flows = [f for f in flows if inventory.taxonomy.subsumes(question.category, f.category)]
    return list(flows)


def _passing(inventory: Inventory, urn: str) -> Iterator[Flow]:
    """The flows whose way by SQL leads through what is asked for, though they begin elsewhere."""
    if not inventory.edges:
        return
    before = around(inventory.edges, urn, upstream=True)
    behind = around(inventory.edges, urn, upstream=False)
    for flow in inventory.flows:
        if flow.field in before and any(e.kind == "mapping" and e.locator in behind for e in flow.evidence):
            yield flow


def filled(inventory: Inventory, question: Question) -> tuple[Edge, ...]:
    """The SQL edges of what is asked for; all if nothing is asked."""
    if question.recipient is not None or question.category is not None or question.home is not None:
        return ()
    urn = question.urn
    if urn is None:
        return inventory.edges
    return tuple(e for e in inventory.edges if any(u == urn or inside(u, urn) for u in (e.source, e.target)))


def starts(made: Graph, question: Question) -> frozenset[str]:
    """Where the ways begin that are asked for; empty: where the data of each flow began."""
    return frozenset(within(made, question.urn)) if question.urn is not None else frozenset()
