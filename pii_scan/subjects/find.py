"""Answers "where is this person's data" from what the inventory knows, with the data itself looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ..core.errors import SourceError
from ..core.lineage import FlowEvidence
from ..core.model import Field, Shard
from ..core.ports import CanLookUp
from . import reading
from .answer import Answer, Ledger, Place, Receipt
from .holding import Held, Holder
from .identifier import Identifier
from .index import Asked, Index
from .learning import MOST, ROUNDS, Learner
from .links import Link, joined, links, within
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
    known: Sequence[Identifier] = field(default=(), repr=False)  # those given, and those that rows told
    links: Sequence[Link] = ()
    via: Mapping[str, Sequence[Link]] = field(default_factory=dict)


def find(scope: Scope, given: Sequence[Identifier], index: Index | None = None) -> Found:
    """Looks through everything in the scope for one person's identifiers.

    Of what is indexed only the blocks are read that may hold them.
    """
    ledger = Ledger()
    for store, reason in scope.unreachable.items():
        ledger.gap(store, reason)
    for known in scope.datasets:
        if known.raw.skip:
            ledger.gap(known.shown.urn, known.raw.skip)
    looking = _Looking(scope, index, ledger)
    asked, new = list(given), list(given)
    for _ in range(ROUNDS):
        looking.look(new)
        matcher, ownership = Matcher.of(asked), Ownership.shipped()
        holder = Holder(scope, matcher, ownership)
        held = [holder.held(known, rows) for known, rows in looking.met()]
        learner = Learner(scope, matcher, ownership)
        new = [one for one in learner.learned(held) if one not in asked][: max(0, MOST - len(asked))]
        if not new:
            break
        asked += new
    tied = joined(scope, links([known.raw for known in scope.datasets], tuple(within(scope))))
    walk = Walk(scope, matcher, ownership, tied, ledger)
    hung = walk.run(held)
    places = sorted(
        (*(p for each in held for p in holder.places(each)), *hung), key=lambda place: place.order
    )
    gaps, consulted = ledger.not_searched(), tuple(ledger.consulted.values())
    hints = learner.hints(held)
    answer = Answer(tuple(places), receipts(scope, places), ledger.whole(), gaps, consulted, hints)
    met = [each for each in held if each.met or each.anothers]
    return Found(answer, _rows(held, walk, scope), met, tuple(matcher.given), tied, walk.via)


class _Looking:
    """Rows that may hold the person, gathered in rounds; each row once."""

    def __init__(self, scope: Scope, index: Index | None, ledger: Ledger) -> None:
        self._index, self._ledger = index, ledger
        self._known = [known for known in scope.datasets if not known.raw.skip]
        self._rows: dict[str, dict[object, reading.Row]] = {k.raw.urn: {} for k in self._known}

    def met(self) -> Iterator[tuple[Known, Sequence[reading.Row]]]:
        for known in self._known:
            yield known, tuple(self._rows[known.raw.urn].values())

    def look(self, new: Sequence[Identifier]) -> None:
        texts = [text for one in new for text in sought(one)]
        asked = self._index.asked(new) if self._index else None
        for known in self._known:
            shards = _chosen(self._index, known, asked, self._ledger) if self._index and asked else None
            shown, rows = known.shown.urn, self._rows[known.raw.urn]
            found = reading.rows(known.connector, known.raw, shown, texts, self._ledger, shards=shards)
            before = set(rows)
            for row in found:
                key = row.identity if isinstance(known.connector, CanLookUp) else row.number
                if key not in before:
                    # Rows of one look are as many as they are; one that was met before is the same.
                    rows[key if key not in rows else (key, len(rows))] = row
            if shown not in self._ledger.searched:
                self._ledger.searched.append(shown)


def _chosen(index: Index, known: Known, asked: Asked, ledger: Ledger) -> Sequence[Shard] | None:
    """What is to be read of a dataset by its index; None for all of it."""
    try:
        chosen = index.choose(known, asked)
    except SourceError:
        return None  # reading it says why
    if chosen is None:
        return None
    ledger.consult(chosen[1])
    return [block.shard for block in chosen[0]]


def _rows(
    held: Sequence[Held], walk: Walk, scope: Scope
) -> tuple[tuple[Known, str, Sequence[reading.Row]], ...]:
    """The rows by dataset: those with an identifier, somebody else's apart, then those that hang on them."""
    by_urn = {known.raw.urn: known for known in scope.datasets}
    found: list[tuple[Known, str, Sequence[reading.Row]]] = []
    for each in held:
        found += [(each.known, "held", each.met)] if each.met else []
        found += [(each.known, "shared", each.anothers)] if each.anothers else []
    met = {each.known.raw.urn: {row.identity for row in (*each.met, *each.anothers)} for each in held}
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
