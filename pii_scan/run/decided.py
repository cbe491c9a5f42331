"""A stored run as the user's decisions leave it, and how each of these stands."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

from .. import __version__
from ..core.decision import Acceptance, Decision, DecisionState, Standing
from ..core.inventory import Inventory, ScanRun
from ..core.lineage import Flow, Link
from ..data import known
from ..detect.basis import Basis, changes
from ..detect.decisions import Decided, Reach, decide
from ..lineage import build, mapped, sqlflows
from ..lineage.repeats import COPY
from .log import logger

if TYPE_CHECKING:
    from .context import Context

#: Decisions that hold longer than this are asked about: two years.
LONG: Final = 731


def inventory(context: Context, stored: Inventory) -> Inventory:
    """The run with the verdicts that count, what is suppressed, the state of every decision, and links."""
    stored = replace(stored, links=(*stored.links, *mapped.links(stored), *sqlflows.links(stored.edges)))
    changed = _decided(context, stored)
    return replace(changed, links=(*changed.links, *_copies(context, changed)))


def detected(context: Context, stored: Inventory) -> Inventory:
    """The run with the detections that count, and nothing else worked out."""
    if not context.decisions:
        return stored
    found = decide(context.decisions, stored.datasets, stored.fields, stored.detections, context.as_of)
    return replace(stored, detections=found.detections)


def _decided(context: Context, stored: Inventory) -> Inventory:
    if not context.decisions:
        return stored
    decided = decide(context.decisions, stored.datasets, stored.fields, stored.detections, context.as_of)
    changed = replace(
        stored,
        detections=decided.detections,
        suppressed=decided.suppressed,
        decisions=standings(context, stored, decided),
    )
    if decided.detections != stored.detections:
        changed = replace(changed, flows=flows(context, changed))
    return changed


def _copies(context: Context, found: Inventory) -> tuple[Link, ...]:
    """Where one place of ours holds another one's values: as it is stored, or as it is told today."""
    declared = replace(found, declaration=context.declaration(), processors=context.processors)
    kept = context.repository.copies(found.run.id, _basis(context, declared))
    if kept is not None:
        return kept
    return build.copies(
        declared,
        bindings(context),
        context.processors,
        known.packs(),
        lambda: context.repository.value_sets(found.run.id),
    )


def keep_copies(context: Context, found: Inventory) -> None:
    """Stores the copies that the inventory has with its run, if it was told from something new."""
    copies = tuple(link for link in found.links if link.kind == COPY)
    declared = replace(found, links=tuple(link for link in found.links if link.kind != COPY))
    basis = _basis(context, declared)
    if context.repository.copies(found.run.id, basis) is None:
        context.repository.save_copies(found.run.id, basis, copies)


def _basis(context: Context, found: Inventory) -> str:
    """A digest of all that copies are told from but the run's own data, which does not change."""
    sure = sorted((d.field, d.category, d.confidence) for d in found.detections)
    told = found.declaration.recipients if found.declaration else ()
    taxonomy = sorted(found.taxonomy.categories.items())
    parts = (__version__, taxonomy, sure, told, found.processors, bindings(context), found.links)
    return hashlib.blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def bindings(context: Context) -> list[tuple[str, str]]:
    """The configuration's `exports:` as (glob, recipient id)."""
    return [(binding.match, binding.recipient) for binding in context.loaded.config.exports]


def flows(context: Context, found: Inventory) -> tuple[Flow, ...]:
    """Who receives what, by the inventory's verdicts and today's declared list."""
    declared = replace(found, declaration=context.declaration(), processors=context.processors)
    values = context.repository.value_sets(found.run.id)
    return build.flows(declared, bindings(context), context.processors, known.packs(), values)


def standings(context: Context, stored: Inventory, decided: Decided) -> tuple[Standing, ...]:
    """How every decision stands in the run, in the order of the configuration."""
    accepted = context.repository.acceptances(stored.run.id)
    read = {store.urn for store in stored.stores}
    return tuple(
        _standing(d, decided.reach.get(d.id, Reach()), accepted.get(d.id), stored.run, read, context.as_of)
        for d in context.decisions
    )


def _standing(
    decision: Decision,
    reach: Reach,
    accepted: Acceptance | None,
    run: ScanRun,
    read: set[str],
    today: date,
) -> Standing:
    state, because = _state(decision, reach, accepted, run, read, today)
    day = accepted.accepted if accepted else ""
    basis = Basis.of(decision, reach, run.mode).text() if _met(decision, reach) else ""
    return Standing(decision, state, len(reach.fields), len(reach.detections), day, because, basis)


def _met(decision: Decision, reach: Reach) -> bool:
    """True if there is something that it decides on."""
    return bool(reach.detections if decision.kind == "suppress" else reach.fields)


def _state(
    decision: Decision,
    reach: Reach,
    accepted: Acceptance | None,
    run: ScanRun,
    read: set[str],
    today: date,
) -> tuple[DecisionState, str]:
    if decision.expired(today):
        return "expired", f"it ended on {decision.expires}, so what it decided counts no more"
    if decision.pending(today):
        return "pending", f"it begins on {decision.since}"
    met = _met(decision, reach)
    if accepted is None:
        return ("active", "") if met else ("unused", _idle(decision, reach))
    before = Basis.parse(accepted.basis)
    if not met and not read.intersection(before.stores):
        return "active", "its store was not scanned in this run"
    if not met:
        gone = "what it decided on is no longer seen" if reach.fields else "its fields are gone"
        return "needs review", f"{gone} since {accepted.accepted}"
    if accepted.detector != run.detector:
        return "needs review", f"the detector has changed since {accepted.accepted}"
    told = next(changes(before, Basis.of(decision, reach, run.mode), accepted.accepted), "")
    return ("needs review", told) if told else ("active", "")


def _idle(decision: Decision, reach: Reach) -> str:
    if reach.fields:
        return "no detection fits its category and verdict"
    return "no field fits its match, or an earlier override decides on all of them"


def settle(context: Context, found: Inventory) -> Inventory:
    """Stores what each decision was accepted with, and says which of them ask for attention.

    A decision is accepted with the first run in which it is in force and meets something.
    """
    if not found.decisions:
        return found
    before = context.repository.acceptances(found.run.id)
    new = (context.as_of.isoformat(), found.run.detector)
    accepted = {
        s.decision.id: before.get(s.decision.id) or Acceptance(s.decision.id, *new, s.basis)
        for s in found.decisions
        if s.decision.id in before or (s.state == "active" and s.basis)
    }
    context.repository.save_acceptances(found.run.id, list(accepted.values()))
    for standing in found.decisions:
        if standing.state not in ("active", "pending"):
            logger().warning(standing.line)
        elif _endless(standing.decision, context.as_of):
            logger().warning(f"decision {standing.decision.id} holds for more than two years: shorten it")
    days = {name: one.accepted for name, one in accepted.items()}
    told = (replace(s, accepted=days.get(s.decision.id, "")) for s in found.decisions)
    return replace(found, decisions=tuple(told))


def _endless(decision: Decision, today: date) -> bool:
    return decision.expires is not None and (decision.expires - today).days > LONG
