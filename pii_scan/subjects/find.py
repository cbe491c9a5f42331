"""Answers "where is this person's data" from what the inventory knows, with the data itself looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..core.errors import SourceError
from ..core.lineage import FlowEvidence
from ..core.model import Field, Shard
from . import reading
from .answer import Answer, Ledger, Place, Receipt
from .holding import Held, Holder
from .identifier import Identifier
from .index import Asked, Index
from .links import Link, joined, links
from .matching import Matcher
from .ownership import Ownership
from .scope import Known, Scope
from .variants import sought
from .walk import Walk


@dataclass(frozen=True, slots=True)
class Found:
    """The answer with the rows behind it, which never leave this room but into a package.

    `held` are the datasets with an identifier; `via` gives for a dataset (raw URN) the links by which
    rows of it hang on the person.
    """

    answer: Answer
    rows: Sequence[tuple[Known, str, Sequence[reading.Row]]] = field(default=(), repr=False)
    held: Sequence[Held] = ()
    via: Mapping[str, Sequence[Link]] = field(default_factory=dict)


def find(scope: Scope, given: Sequence[Identifier], index: Index | None = None) -> Found:
    """Looks through everything in the scope for one person's identifiers.

    Of what is indexed only the blocks are read that may hold them.
    """
    ledger = Ledger()
    for store, reason in scope.unreachable.items():
        ledger.gap(store, reason)
    matcher, ownership = Matcher.of(given), Ownership.shipped()
    holder = Holder(scope, matcher, ownership)
    texts = [text for one in given for text in sought(one)]
    asked = index.asked(given) if index else None
    held: list[Held] = []
    for known in scope.datasets:
        if known.raw.skip:
            ledger.gap(known.shown.urn, known.raw.skip)
        else:
            shards = _chosen(index, known, asked, ledger) if index and asked else None
            held.append(holder.look(known, texts, ledger, shards))
    tied = joined(scope, links([known.raw for known in scope.datasets]))
    walk = Walk(scope, matcher, ownership, tied, ledger)
    hung = walk.run(held)
    places = sorted(
        (*(p for each in held for p in holder.places(each)), *hung), key=lambda place: place.order
    )
    gaps, consulted = ledger.not_searched(), tuple(ledger.consulted)
    answer = Answer(tuple(places), receipts(scope, places), ledger.whole(), gaps, consulted)
    return Found(answer, _rows(held, walk, scope), [each for each in held if each.met], walk.via)


def _chosen(index: Index, known: Known, asked: Asked, ledger: Ledger) -> Sequence[Shard] | None:
    """What is to be read of a dataset by its index; None for all of it."""
    try:
        chosen = index.choose(known, asked)
    except SourceError:
        return None  # reading it says why
    if chosen is None:
        return None
    ledger.consulted.append(chosen[1])
    return [block.shard for block in chosen[0]]


def _rows(
    held: Sequence[Held], walk: Walk, scope: Scope
) -> tuple[tuple[Known, str, Sequence[reading.Row]], ...]:
    """The rows by dataset: those with an identifier, then those that hang on them as the person's own."""
    by_urn = {known.raw.urn: known for known in scope.datasets}
    found: list[tuple[Known, str, Sequence[reading.Row]]] = [(h.known, "held", h.met) for h in held if h.met]
    met = {each.known.raw.urn: {row.identity for row in each.met} for each in held}
    for (urn, relation), rows in walk.kept.items():
        new = [row for row in rows if row.identity not in met.get(urn, ())]
        found += [(by_urn[urn], relation, new)] if new else []
    return tuple(found)


def receipts(scope: Scope, places: Sequence[Place]) -> tuple[Receipt, ...]:
    """Who receives the fields that hold the person, by the flows of the run."""
    evidence: dict[str, list[FlowEvidence]] = {}
    categories: dict[str, set[str]] = {}
    fields = {_field_urn(place) for place in places if place.path}
    datasets = {place.dataset for place in places if not place.path and place.relation == "own"}
    for flow in scope.inventory.flows:
        if flow.status == "declared only":
            continue
        if flow.field in fields or flow.field.partition("#")[0] in datasets:
            evidence.setdefault(flow.recipient, []).extend(flow.evidence)
            categories.setdefault(flow.recipient, set()).update(filter(None, [flow.category]))
    return tuple(
        Receipt(recipient, tuple(sorted(categories[recipient])), tuple(dict.fromkeys(evidence[recipient])))
        for recipient in sorted(evidence)
    )


def _field_urn(place: Place) -> str:
    return Field(place.dataset, place.path).urn
