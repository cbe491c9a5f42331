"""The answer for people and for programs; names are masked already, values are in neither."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from ..core.model import Field
from ..core.redact import clean
from .affected import Affected
from .answer import Answer, Place
from .erasure import Plan
from .holds import Hold

VERSION: Final = "1.0"
_COUNTS: Final = ("read", "blocks", "bytes_read", "bytes")


def document(answer: Answer) -> dict[str, Any]:
    """The contract for machine readers: places, recipients, searched and not searched."""
    return {
        "schema_version": VERSION,
        "places": [_place(place) for place in answer.places],
        "recipients": [
            {
                "id": receipt.recipient,
                "categories": list(receipt.categories),
                "evidence": [asdict(one) for one in receipt.evidence],
            }
            for receipt in answer.recipients
        ],
        "searched": list(answer.searched),
        "not_searched": [{"dataset": gap.dataset, "reason": gap.reason} for gap in answer.not_searched],
        "index": [asdict(one) for one in answer.consulted],
        "ask_with_too": [
            {"urn": Field(hint.dataset, hint.path).urn, "category": hint.category} for hint in answer.hints
        ],
    }


def plan_document(plan: Plan, subjects: Sequence[str]) -> dict[str, Any]:
    """The plan of an erasure; `subjects` are the keyed identifiers for the register of erasures."""
    return {
        "schema_version": VERSION,
        "subjects": list(subjects),
        "steps": [
            {"number": number, "action": step.action, "statement": step.statement, "because": step.because}
            | {"place": _place(step.place)}
            for number, step in enumerate(plan.steps, 1)
        ],
        "requests": [asdict(request) for request in plan.requests],
        "not_searched": [asdict(gap) for gap in plan.answer.not_searched],
    }


def plan_table(plan: Plan, subjects: Sequence[str]) -> str:
    """The plan as numbered steps; nothing of it was done."""
    lines = ["A plan: nothing was done. :identifiers stands for every form of the identifier in lower case,"]
    lines += ["its hashes included; :within for a form between two %. Run the steps in their order.", ""]
    for number, step in enumerate(plan.steps, 1):
        place = step.place
        name = f"{place.store.urn}  {'/'.join(place.dataset_path)}  {'/'.join(place.path)}".rstrip()
        lines.append(f"{number:>3}. {step.action:<9} {place.rows:>6} rows  {name}")
        lines += [f"       {text}" for text in (step.statement, f"({step.because})") if text]
    lines += ["", *(f"ask {request.recipient}:\n  {request.text}" for request in plan.requests)]
    lines += [f"for the register of erasures: {', '.join(subjects)}", "", summary(plan.answer)]
    lines += [f"  {gap.dataset}: {gap.reason}" for gap in plan.answer.not_searched]
    return "\n".join(clean(part) for line in lines for part in line.split("\n"))


def left_document(
    answer: Answer, left: Sequence[Place], kept: Sequence[tuple[Place, Hold]]
) -> dict[str, Any]:
    """What an erasure left: what it should not have, and what a hold keeps."""
    return {
        "schema_version": VERSION,
        "left": [_place(place) for place in left],
        "kept": [_place(place) | {"hold": hold.said} for place, hold in kept],
        "searched": list(answer.searched),
        "not_searched": [asdict(gap) for gap in answer.not_searched],
    }


def left_table(answer: Answer, left: Sequence[Place], kept: Sequence[tuple[Place, Hold]]) -> str:
    lines = ["left, though nothing keeps it:"] if left else ["nothing is left that no hold keeps"]
    lines += [line for place in left for line in _lines(place)]
    lines += [f"  kept {'/'.join(place.dataset_path)}: {hold.said}" for place, hold in kept]
    lines += ["", summary(answer), *(f"  {gap.dataset}: {gap.reason}" for gap in answer.not_searched)]
    lines += indexed(answer)
    return "\n".join(clean(line) for line in lines)


def affected_document(found: Affected) -> dict[str, Any]:
    """Whom an exposure concerns; people by keyed identifier alone."""
    return {
        "schema_version": VERSION,
        "store": found.store,
        "incident": found.incident,
        "aware_at": found.aware_at,
        "notify_authority_by": found.due,
        "people": len(found.people),
        "subjects": sorted(found.people),
        "categories": dict(found.categories),
        "special_categories": list(found.special),
        "searched": list(found.searched),
        "not_searched": [asdict(gap) for gap in found.not_searched],
    }


def affected_table(found: Affected) -> str:
    lines = [
        f"{found.store}: {len(found.people)} people at most, by addresses, or numbers where a row has none",
        f"aware since {found.aware_at}" + (f" (incident {found.incident})" if found.incident else ""),
        f"the authority is to be told by {found.due} (72 hours; GDPR, article 33)",
        "",
        *(f"  {category:<48} {count} fields" for category, count in found.categories.items()),
    ]
    if found.special:
        lines += ["", f"special categories (GDPR, article 9): {', '.join(found.special)}"]
    lines += ["", f"{len(found.searched)} datasets searched; {len(found.not_searched)} not, or not wholly"]
    lines += [f"  {gap.dataset}: {gap.reason}" for gap in found.not_searched]
    return "\n".join(clean(line) for line in lines)


def _place(place: Place) -> dict[str, Any]:
    urn = Field(place.dataset, place.path).urn if place.path else place.dataset
    return {
        "urn": urn,
        "store": place.store.urn,
        "dataset": list(place.dataset_path),
        "path": list(place.path),
        "rows": place.rows,
        "categories": list(place.categories),
        "relation": place.relation,
        "why": list(place.why),
    }


def table(answer: Answer) -> str:
    """A paragraph a store, then who received it, then what was not looked at."""
    lines: list[str] = []
    for store in dict.fromkeys(place.store.urn for place in answer.places):
        lines.append(store)
        lines += [line for place in answer.places if place.store.urn == store for line in _lines(place)]
    if answer.recipients:
        lines += ["", "received by"]
        lines += [f"  {r.recipient:<24} {', '.join(r.categories)}" for r in answer.recipients]
    lines += ["", summary(answer)]
    lines += [f"  {gap.dataset}: {gap.reason}" for gap in answer.not_searched]
    lines += indexed(answer)
    lines += hinted(answer)
    return "\n".join(clean(line) if line else line for line in lines).strip("\n")


def _lines(place: Place) -> list[str]:
    name = "/".join(place.dataset_path) + (f"  {'/'.join(place.path)}" if place.path else "")
    rows = f"{place.rows} row" + "s" * (place.rows != 1)
    head = f"  {place.relation:<9} {rows:>9}  {name}"
    return [head, *(f"                      {why}" for why in place.why[:3])]


def indexed(answer: Answer) -> list[str]:
    """How much of what is indexed was read, and of what more than the index asked for."""
    if not answer.consulted:
        return []
    counts = [sum(getattr(one, name) for one in answer.consulted) for name in _COUNTS]
    head = "by the index {} of {} blocks were read, {:,} of {:,} bytes".format(*counts)
    return [head, *(f"  {one.dataset}: {one.told}, so read whole" for one in answer.consulted if one.told)]


def hinted(answer: Answer) -> list[str]:
    """Fields of their rows with an address or number that is theirs, too, and was not asked with."""
    if not answer.hints:
        return []
    urns = ", ".join(Field(hint.dataset, hint.path).urn for hint in answer.hints)
    return ["their rows hold identifiers that were not asked with; give these, too:", f"  {urns}"]


def summary(answer: Answer) -> str:
    """One line that never says "not found" of what was not looked at."""
    searched, gaps = len(answer.searched), len(answer.not_searched)
    found = Counter(place.dataset for place in answer.places)
    rest = f"{gaps} not searched, or not wholly:" if gaps else "nothing was left out"
    said = f"found in {len(found)} datasets" if found else "not found"
    return f"{said} of {searched} searched; {rest}"
