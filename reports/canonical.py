"""The canonical inventory: the same bytes for the same company, whichever engine holds it."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from pii_scan.core import urn as urns
from pii_scan.core.inventory import Inventory

from .inventory_document import inventory_document
from .overview import kinds

DIGITS: Final = 3
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://")
#: What differs between runs or engines though the data is the same: clocks, seeds, estimates, and
#: row ordinals, which follow the physical order of the rows.
_DROPPED: Final = {
    "run": ("id", "started", "finished", "as_of", "seed", "version", "state"),
    "stores": ("kind", "default_path"),
    "datasets": ("rows_estimate",),
    "detections": ("places",),
    "coverage": ("total",),
}


def canonical(inventory: Inventory) -> str:
    """The inventory as sorted JSON without run ids and clocks, ended by a line break."""
    document = inventory_document(inventory)
    del document["settings"]  # each engine has its own
    kind_of = kinds(inventory)
    for entry in document["coverage"]:
        if kind_of.get(entry["dataset"]) in ("table", "view"):
            del entry["bytes"]  # the length of a value's text form is the engine's affair
    defaults = {s.urn: s.default_path for s in inventory.stores if s.default_path}
    for entry, key in _paths(document):
        entry[key] = _without(entry[key], defaults.get(entry["store"], ()))
    prefixes = {urns.join(store, path) + "/": store + "/" for store, path in sorted(defaults.items())}
    return dumps(_reduced(document, prefixes)) + "\n"


def dumps(document: Any) -> str:
    """Sorted JSON that holds no raw control character, line separator or lone surrogate."""
    return json.dumps(document, ensure_ascii=True, sort_keys=True, indent=1).replace("\x7f", "\\u007f")


def _paths(document: dict[str, Any]) -> list[tuple[dict[str, Any], str]]:
    return [(d, "path") for d in document["datasets"]] + [(f, "dataset") for f in document["fields"]]


def _without(path: list[str], default: tuple[str, ...]) -> list[str]:
    start = len(default)
    return path[start:] if start and tuple(path[:start]) == default else path


def _reduced(node: Any, prefixes: dict[str, str], name: str = "") -> Any:
    """The document without what `_DROPPED` names, floats rounded, default schemas out of URNs."""
    if isinstance(node, dict):
        left_out = _DROPPED.get(name, ())
        return {k: _reduced(v, prefixes, k) for k, v in node.items() if k not in left_out}
    if isinstance(node, list):
        items = [_reduced(item, prefixes, name) for item in node]
        return sorted(items, key=_order) if items and isinstance(items[0], dict) else items
    if isinstance(node, float):
        return round(node, DIGITS) + 0.0
    if isinstance(node, str):
        for long, short in prefixes.items():
            node = node.replace(long, short)
    return node


def _order(item: Any) -> tuple[str, str]:
    """Sorts without regard to the kind of store, so that engines don't change the order."""
    text = json.dumps(item, sort_keys=True)
    return _SCHEME.sub("", text), text
