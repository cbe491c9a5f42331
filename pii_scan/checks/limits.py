"""What lies where it should not: kinds of data beyond a claim's list, and what has left its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ..core.declaration import Claim
from ..core.detection import Detection
from ..core.finding import WE, Examined, Finding
from ..core.globs import matches
from ..core.inventory import Inventory
from ..core.lineage import Link
from ..core.model import Dataset
from ..core.recipients import Recipients
from ..core.urn import dataset_of
from . import common
from .counted import missed
from .promised import concluded, promised
from .sharing import evidence_lines

#: A bare identifier says nothing of a person but who it is; keys of every table would break every list.
_LINK = "user.unique_id"
_PROSE = 0.5


def places(inventory: Inventory, claim: Claim) -> list[Dataset]:
    """The datasets that a claim's selectors name; without one, all."""
    ordered = sorted(inventory.datasets, key=lambda dataset: dataset.urn)
    if not claim.datasets:
        return ordered
    return [d for d in ordered if any(matches(d, glob) for glob in claim.datasets)]


def looked_at(inventory: Inventory, meant: Sequence[Dataset]) -> set[str]:
    """Those of which rows were read."""
    read = {c.dataset for c in inventory.coverage if c.state in ("scanned", "sampled") and c.rows}
    return {dataset.urn for dataset in meant} & read


def beyond_the_list(inventory: Inventory, claim: Claim) -> Examined:
    """In a place lies a kind of data that the claim does not list.

    What it means: the claim's `dataset:` selectors say where it is looked (everywhere if there is
    none), its categories what may be there. Without `without` any other personal data breaks it; with
    `without` only the categories there do, and what else was seen is named as vague. A bare identifier
    breaks nothing. Account data with tax numbers, events of usage with addresses of e-mail, a service's
    description with somebody's health, an invitation with a private telephone number are found so.

    What to do: take the data out of that place, or list the category if it is meant to be there.
    """
    meant = places(inventory, claim)
    seen = _seen(inventory, meant)
    read = looked_at(inventory, meant)
    bare = not claim.datasets and not any(common.covered_by(inventory, claim, d.category) for d in seen)
    if not read or bare:
        return Examined(because="nothing that it speaks of was seen", needs=("data",))
    beyond = [d for d in seen if _is_beyond(inventory, claim, d)]
    findings = _told(inventory, claim, "beyond-the-list", beyond)
    kept = f"{len(read)} datasets hold nothing beyond its list{_vague(inventory, claim, seen)}"
    return concluded(findings, kept, missed(inventory, claim), ("data",))


def _seen(inventory: Inventory, meant: Sequence[Dataset]) -> list[Detection]:
    """The personal data in the datasets."""
    within = {dataset.urn for dataset in meant}
    personal = inventory.taxonomy.is_personal
    return [d for d in common.sure(inventory) if dataset_of(d.field) in within and personal(d.category)]


def _is_beyond(inventory: Inventory, claim: Claim, detection: Detection) -> bool:
    if claim.without:
        return _is_left_out(inventory, claim, detection)
    listed = common.covered_by(inventory, claim, detection.category)
    return not listed and detection.category != _LINK


def _is_left_out(inventory: Inventory, claim: Claim, detection: Detection) -> bool:
    """True under a category of `without`, unless the claim lists something narrower that it is under."""
    subsumes, category = inventory.taxonomy.subsumes, detection.category
    listed = [key for key in claim.categories if subsumes(key, category)]
    left_out = [key for key in claim.without if subsumes(key, category)]
    return any(not any(subsumes(key, narrow) for narrow in listed) for key in left_out)


def _vague(inventory: Inventory, claim: Claim, seen: Sequence[Detection]) -> str:
    """What is neither listed nor left out, where both lists are there."""
    if not claim.without or not claim.datasets:
        return ""
    rest = {
        d.category
        for d in seen
        if d.category != _LINK and not common.covered_by(inventory, claim, d.category)
    }
    return f"; only vaguely covered: {common.labels(inventory, rest)}" if rest else ""


def _told(inventory: Inventory, claim: Claim, check: str, beyond: Sequence[Detection]) -> list[Finding]:
    told = {(d.field, d.category) for d in beyond}
    return [_beyond(inventory, claim, check, d) for d in beyond if not common.repeats(d, told)]


def _beyond(inventory: Inventory, claim: Claim, check: str, detection: Detection) -> Finding:
    taxonomy = inventory.taxonomy
    verb = "is" if detection.verdict == "type" else "contains"
    label = taxonomy.label(detection.category)
    message = f"{detection.field} {verb} {label}, which claim {claim.id} does not list for that place."
    severity = common.raised(taxonomy, detection.category, claim.severity)
    why = common.speaking(detection)
    return Finding(check, severity, detection.field, message, claim.id, "", detection.category, evidence=why)


def left_its_place(inventory: Inventory, claim: Claim) -> Examined:
    """What people told in one place, such as the help desk, lies or goes elsewhere too.

    What it means: the claim's `dataset:` selectors are the place. A statement, a job or the same values
    show that a column of it was copied to a dataset outside, or a flow that it goes to a recipient that is
    none of the claim's `recipient`; or something of `without`, such as card numbers and passwords, lies in
    the place itself. Copies that are masked, and bare keys, break nothing. Where no source tells of any copy
    or flow at all, nothing is taken for kept.

    What to do: stop the copy and delete it, and take out of the place what should never be there.
    """
    meant = places(inventory, claim) if claim.datasets else []
    seen = _seen(inventory, meant)
    if not looked_at(inventory, meant):
        return Examined(because="nothing was seen of the place that it speaks of", needs=("data", "flows"))
    findings = _told(
        inventory, claim, "left-its-place", [d for d in seen if _is_left_out(inventory, claim, d)]
    )
    inside = {dataset.urn for dataset in meant}
    findings += _copied(inventory, claim, inside)
    findings += _sent(inventory, claim, inside)
    if not findings and not inventory.links and not inventory.flows:
        return Examined(because="no source tells what is copied or sent", needs=("flows",))
    kept = f"nothing of {len(inside)} datasets was seen to leave them"
    return concluded(findings, kept, missed(inventory, claim), ("data",))


def _copied(inventory: Inventory, claim: Claim, inside: set[str]) -> Iterator[Finding]:
    """One finding a dataset outside that was made from one inside."""
    told = _tells(inventory)
    copies: dict[str, list[Link]] = {}
    for link in inventory.links:
        source, target = dataset_of(link.source), dataset_of(link.target)
        if source in inside and target not in inside and not link.masking and told(link.source):
            copies.setdefault(target, []).append(link)
    for target, links in sorted(copies.items()):
        evidence = dict.fromkeys(f"{link.kind} from {link.source}: {link.detail}" for link in links)
        message = f"{target} holds a copy of what claim {claim.id} keeps in {dataset_of(links[0].source)}."
        yield Finding("left-its-place", claim.severity, target, message, claim.id, evidence=tuple(evidence))


def _tells(inventory: Inventory) -> Callable[[str], bool]:
    """Whether a field, or a dataset as a whole, says something of people: personal data or prose."""
    personal = {
        d.field
        for d in common.sure(inventory)
        if inventory.taxonomy.is_personal(d.category) and d.category != _LINK
    }

    def told(urn: str) -> bool:
        profile = inventory.profiles.get(urn)
        prose = profile is not None and profile.shapes.get("text", 0) >= _PROSE * profile.values > 0
        return "#" not in urn or urn in personal or prose

    return told


def _sent(inventory: Inventory, claim: Claim, inside: set[str]) -> Iterator[Finding]:
    """One finding a recipient that gets something of the place and is none of those meant."""
    recipients, taxonomy = Recipients.of(inventory), inventory.taxonomy
    for flow in inventory.flows:
        known = recipients.canonical(flow.recipient)
        if not flow.observed or flow.masking or known == WE or dataset_of(flow.field) not in inside:
            continue
        if recipients.distance(claim.recipient, known) is None:
            name = common.named(inventory, known)
            message = f"{name} receives {flow.field}, which claim {claim.id} keeps in its place."
            severity = common.raised(taxonomy, flow.category or _LINK, claim.severity)
            evidence = evidence_lines(flow.evidence)
            yield Finding(
                "left-its-place",
                severity,
                flow.field,
                message,
                claim.id,
                known,
                flow.category,
                evidence=evidence,
            )


BEYOND_THE_LIST = promised("beyond-the-list", "medium", "only_listed", beyond_the_list)
LEFT_ITS_PLACE = promised("left-its-place", "high", "stays", left_its_place)
