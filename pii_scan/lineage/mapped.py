"""What jobs of others did: links between datasets of ours, and flows to recipients.

Places that are not ours (temporary tables, topics, warehouses that nobody scans) are passed through:
what goes into one and comes out of it is one step.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import urlsplit

from ..core.hosts import host_name
from ..core.inventory import Inventory
from ..core.lineage import Flow, FlowEvidence, Link
from ..core.mapping import Mapping as Mapped
from ..core.mapping import Place
from ..core.recipients import Recipients
from .evidence import status
from .naming import Names, same

#: How sure a mapping is: columns said by the job, paired by name, or only the datasets known.
_COLUMNS, _BY_NAME, _DATASETS = 0.8, 0.5, 0.6
_RUN_LOG = 0.9
#: A contact counts beside a mapping if it is one of ours: a host in a log, no link in somebody's profile.
_CONTACT = 0.5
_WEB = ("https://", "http://")

Node = str | tuple[str, tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Step:
    """From a place of ours, by way of others, to a target: the jobs' names, the fewest runs of one."""

    source: str
    jobs: tuple[str, ...]
    runs: int
    locator: str
    masking: bool
    confidence: float


def links(inventory: Inventory) -> tuple[Link, ...]:
    """The steps between places of ours, sorted."""
    found = _Jobs(inventory)
    made = {
        Link(s.source, node, "mapping", s.locator, _detail(s), s.runs, s.confidence, s.masking)
        for node in found.targets
        if isinstance(node, str)
        for s in found.before(node)
        if s.source and s.source != node
    }
    return tuple(sorted(made, key=lambda link: (link.source, link.target, link.locator, link.detail)))


def flows(
    inventory: Inventory,
    recipients: Recipients,
    categories: Mapping[str, Mapping[str, float]],
    seen: Sequence[Flow],
) -> Iterator[Flow]:
    """What jobs sent to hosts of known recipients; `seen` are the flows known so far, for their contacts."""
    found, contacts = _Jobs(inventory), _contacts(recipients, seen)
    for node, target in sorted(found.foreign.items(), key=lambda item: str(item[0])):
        owner = recipients.by_host(_host(target.namespace))
        if owner is None:
            continue
        recipient = recipients.canonical(owner.id)
        for step in found.before(node):
            reasons = (*_reasons(step), *contacts.get(recipient, ()))
            for field, category in _carried(step, categories):
                yield Flow(field, recipient, category, status(reasons), reasons, step.masking)


def _carried(step: Step, categories: Mapping[str, Mapping[str, float]]) -> Iterator[tuple[str, str]]:
    """The field and its categories; of what is not ours or holds nothing personal, the bare mapping."""
    keys = sorted(categories.get(step.source, {}))
    yield from ((step.source, key) for key in keys)
    if not keys:
        yield step.source or step.locator, ""


def _reasons(step: Step) -> tuple[FlowEvidence, ...]:
    reasons = [FlowEvidence("mapping", step.locator, _detail(step), confidence=step.confidence)]
    if step.runs:
        detail = f"{step.runs} {'run' if step.runs == 1 else 'runs'} came to an end"
        reasons.append(FlowEvidence("run log", step.locator, detail, step.runs, _RUN_LOG))
    return tuple(reasons)


def _detail(step: Step) -> str:
    names = ", then ".join(dict.fromkeys(filter(None, step.jobs)))
    by_name = "; columns are paired by their names" if step.confidence == _BY_NAME else ""
    return f"job {names}{by_name}" if names else f"a dataset's own lineage{by_name}"


def _contacts(recipients: Recipients, seen: Sequence[Flow]) -> dict[str, tuple[FlowEvidence, ...]]:
    """By recipient the surest contact that was seen of it."""
    found: dict[str, FlowEvidence] = {}
    for flow in seen:
        for item in flow.evidence:
            owner = recipients.canonical(flow.recipient)
            better = owner not in found or item.confidence > found[owner].confidence
            if item.kind == "host" and item.confidence >= _CONTACT and better:
                found[owner] = item
    return {owner: (item,) for owner, item in found.items()}


def _host(namespace: str) -> str:
    try:
        return urlsplit(namespace).netloc.rpartition("@")[2]
    except ValueError:
        return ""


@dataclass(frozen=True)
class _Jobs:
    """The mappings of an inventory as a graph of places, ours under their URN."""

    inventory: Inventory

    @cached_property
    def _names(self) -> Names:
        return Names(self.inventory)

    def _node(self, place: Place) -> Node:
        urn = self._names.field(place) if place.field else self._names.dataset(place)
        return urn or (place.namespace.casefold(), same(place.path), same(place.field))

    @cached_property
    def _into(self) -> Mapping[Node, list[tuple[Node | None, Mapped]]]:
        """By target the sources, each with what says so."""
        found: dict[Node, list[tuple[Node | None, Mapped]]] = defaultdict(list)
        for mapping in self.inventory.mappings:
            source = self._node(mapping.source) if mapping.source else None
            found[self._node(mapping.target)].append((source, mapping))
        return found

    @property
    def targets(self) -> Sequence[Node]:
        return list(self._into)

    @cached_property
    def foreign(self) -> Mapping[Node, Place]:
        """The targets that are not ours, as they are named."""
        return {
            node: mapping.target
            for node, sources in self._into.items()
            if not isinstance(node, str)
            for _, mapping in sources
        }

    def _origins(self, node: Node) -> list[tuple[Node | None, Mapped]]:
        """What a place was made from; of a column that nothing is said of, what its dataset was made from."""
        found = self._into.get(node)
        if found is None and not isinstance(node, str) and node[2]:
            found = self._into.get((node[0], node[1], ()))
        return found or []

    def before(self, target: Node) -> list[Step]:
        """The nearest places of ours that a target is made from; one step without a source if none is."""
        steps: dict[tuple[str, str], Step] = {}
        seen: set[Node] = {target}
        queue = [(source, _first(mapping)) for source, mapping in self._origins(target)]
        for node, step in queue:
            if isinstance(node, str):
                key, found = (node, step.locator), replace(step, source=node)
                steps[key] = _both(steps[key], found) if key in steps else found
            elif node is not None and node not in seen:
                seen.add(node)
                queue += [(source, _joined(step, mapping)) for source, mapping in self._origins(node)]
        if steps or not queue:
            return [steps[key] for key in sorted(steps)]
        return [queue[0][1]]


def _first(mapping: Mapped) -> Step:
    sure = _BY_NAME if mapping.assumed else _COLUMNS if mapping.target.field else _DATASETS
    return Step("", (mapping.job,), mapping.runs, mapping.locator, mapping.masking, sure)


def _joined(step: Step, before: Mapped) -> Step:
    """The step with another job before it: it ran as often as the rarer one, and masks if one does."""
    first = _first(before)
    return replace(
        step,
        jobs=(*first.jobs, *step.jobs),
        runs=min(step.runs, first.runs),
        masking=step.masking or first.masking,
        confidence=min(step.confidence, first.confidence),
    )


def _both(one: Step, other: Step) -> Step:
    """Two ways from the same place: the surer one counts, and what one of them leaves plain is plain."""
    best = max(one, other, key=lambda step: (step.confidence, step.runs))
    return replace(best, runs=max(one.runs, other.runs), masking=one.masking and other.masking)


def unknown(inventory: Inventory) -> tuple[str, ...]:
    """The datasets that jobs read and that are none of ours, nor made by another job, as they are named."""
    names = Names(inventory)
    made = {(m.target.namespace.casefold(), same(m.target.path)) for m in inventory.mappings}
    sources = [m.source for m in inventory.mappings if m.source is not None]
    return tuple(
        sorted(
            {
                f"{place.namespace} {'.'.join(place.path)}"
                for place in sources
                if (place.namespace.casefold(), same(place.path)) not in made and not names.dataset(place)
            }
        )
    )


def strangers(inventory: Inventory, recipients: Recipients) -> tuple[str, ...]:
    """The hosts that jobs send to over the web and that are no known recipient's."""
    targets = {m.target.namespace for m in inventory.mappings if m.target.namespace.startswith(_WEB)}
    hosts = {name for target in targets if (name := host_name(_host(target)))}
    return tuple(sorted(name for name in hosts if recipients.by_host(name) is None))
