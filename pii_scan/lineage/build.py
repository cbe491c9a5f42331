"""From an inventory to flows: exports, contacts and payloads, jobs of others, declarations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from ..core.inventory import Inventory
from ..core.lineage import Flow, FlowEvidence, Link, Processor
from ..core.model import Dataset, Field
from ..core.profile import Profile
from ..core.recipients import Recipients
from ..data.known import Pack
from . import egress, mapped
from .copies import Copies
from .evidence import merge, status
from .matching import Match, Matcher
from .received import Holdings
from .sqlflows import SqlFlows
from .values import Sets

#: A detection less sure than this makes no flow.
SURE = 0.5
#: A copy is of something else.
_DATASETS = 2


def flows(
    inventory: Inventory,
    bindings: Sequence[tuple[str, str]],
    known: Sequence[Processor],
    packs: Sequence[Pack],
    values: Sets | None = None,
) -> tuple[Flow, ...]:
    """Who receives what, with the evidence for it, sorted; one flow a (field, recipient, category).

    `bindings` are the configuration's (glob, recipient id). A flow without a category is a contact:
    its `field` is the field or dataset where it was seen, or empty for "declared only". `values` are the
    sketches of all fields, which prove which of our fields an export's values come from.
    """
    recipients = Recipients(inventory.declaration, known)
    matcher = Matcher(recipients, bindings, packs)
    fields = _fields(inventory)
    categories = personal(inventory)
    typed = {(d.field, d.category) for d in inventory.detections if d.verdict == "type"}
    found: list[Flow] = []
    theirs: dict[str, tuple[Match, ...]] = {}
    for dataset in inventory.datasets:
        own = fields.get(dataset.urn, dataset.fields)
        tied = matcher.match(dataset, (field.path for field in own))
        if tied:
            theirs[dataset.urn] = tied
            found += _exports(
                dataset, [f for f in own if not _is_bare(f, inventory.profiles)], tied, categories
            )
        else:
            outlook = egress.Outlook(dataset, own, inventory.profiles, categories, typed)
            found += egress.flows(outlook, recipients)
    found += SqlFlows(inventory, matcher, recipients).flows(categories)
    found += Holdings(
        inventory.datasets,
        theirs,
        categories,
        inventory.taxonomy,
        values or {},
        inventory.links,
        inventory.fields,
    ).flows()
    found += mapped.flows(inventory, recipients, categories, found)
    return merge([*found, *_declared(recipients, found)])


def copies(
    inventory: Inventory,
    bindings: Sequence[tuple[str, str]],
    known: Sequence[Processor],
    packs: Sequence[Pack],
    values: Callable[[], Sets],
) -> tuple[Link, ...]:
    """Copies of our own data; `values` is asked for the sketches only if there are two datasets.

    What a log repeats is no copy, and what a recipient holds is a flow.
    """
    matcher = Matcher(Recipients(inventory.declaration, known), bindings, packs)
    fields = _fields(inventory)
    ours = [
        dataset
        for dataset in inventory.datasets
        if dataset.kind != "log"
        and not matcher.match(dataset, (field.path for field in fields.get(dataset.urn, dataset.fields)))
    ]
    if len(ours) < _DATASETS:
        return ()
    told = personal(inventory)
    return Copies(ours, told, inventory.taxonomy, values(), inventory.profiles, inventory.links).found()


def _fields(inventory: Inventory) -> dict[str, list[Field]]:
    grouped: dict[str, list[Field]] = defaultdict(list)
    for field in inventory.fields:
        grouped[field.dataset].append(field)
    return grouped


def personal(inventory: Inventory) -> dict[str, dict[str, float]]:
    """The narrowest personal categories of each field, with the confidence of the surest verdict."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for detection in inventory.detections:
        if detection.confidence >= SURE and inventory.taxonomy.is_personal(detection.category):
            best = found[detection.field].get(detection.category, 0.0)
            found[detection.field][detection.category] = max(best, detection.confidence)
    return {
        field: {key: sure[key] for key in inventory.taxonomy.narrowest(sure)} for field, sure in found.items()
    }


def _is_bare(field: Field, profiles: Mapping[str, Profile]) -> bool:
    """True for a column in which nothing stands: an export has all its headers, used or not."""
    profile = profiles.get(field.urn)
    return profile is not None and profile.rows > 0 and not profile.values


def _exports(
    dataset: Dataset,
    fields: Sequence[Field],
    tied: Sequence[Match],
    categories: Mapping[str, Mapping[str, float]],
) -> Iterator[Flow]:
    """Every personal field of a recipient's own data is with the recipient; without any, a contact."""
    empty = True
    for field in fields:
        for category in categories.get(field.urn, {}):
            empty = False
            for match in tied:
                reason = match.evidence(field.urn)
                yield Flow(field.urn, match.recipient, category, status([reason]), (reason,))
    for match in tied if empty else ():
        detail = f"{match.detail}; no personal data seen"
        reason = FlowEvidence("host", dataset.urn, detail, confidence=match.confidence)
        yield Flow(dataset.urn, match.recipient, "", status([reason]), (reason,))


def _declared(recipients: Recipients, found: Sequence[Flow]) -> Iterator[Flow]:
    """Declared recipients that nothing was seen of; a service also speaks for the company behind it."""
    seen = {node for flow in found for node in recipients.ancestors(flow.recipient)}
    for processor in recipients.declared:
        if processor.id not in seen:
            reason = FlowEvidence("declared", processor.id, "named by the declared list, seen nowhere")
            yield Flow("", processor.id, "", status([reason]), (reason,))
