"""The answer for people and for programs; names are masked already, values are in neither."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import Any, Final

from ..core.redact import clean
from .answer import Answer, Place

VERSION: Final = "1.0"


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
    }


def _place(place: Place) -> dict[str, Any]:
    from ..core.model import Field

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
    return "\n".join(clean(line) if line else line for line in lines).strip("\n")


def _lines(place: Place) -> list[str]:
    name = "/".join(place.dataset_path) + (f"  {'/'.join(place.path)}" if place.path else "")
    rows = f"{place.rows} row" + "s" * (place.rows != 1)
    head = f"  {place.relation:<9} {rows:>9}  {name}"
    return [head, *(f"                      {why}" for why in place.why[:3])]


def summary(answer: Answer) -> str:
    """One line that never says "not found" of what was not looked at."""
    searched, gaps = len(answer.searched), len(answer.not_searched)
    found = Counter(place.dataset for place in answer.places)
    rest = f"{gaps} not searched, or not wholly:" if gaps else "nothing was left out"
    said = f"found in {len(found)} datasets" if found else "not found"
    return f"{said} of {searched} searched; {rest}"
