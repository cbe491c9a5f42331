"""The identity of a detector: the same for the same rules, weights and version, whatever the machine."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from importlib import metadata, resources
from importlib.resources.abc import Traversable
from typing import Any, Final

from .. import __version__, data
from ..core.category import Taxonomy
from .options import Options
from .presidio import described
from .rules import Rule

#: Shipped data that say nothing about what a field holds.
_FOREIGN: Final = ("recipients.yaml", "egress.yaml", "exports")
#: Libraries whose checks and lists decide on values.
_LIBRARIES: Final = ("phonenumbers", "python-stdnum", "presidio-analyzer", "fideslang")


def identity(options: Options, taxonomy: Taxonomy) -> str:
    """Sixteen hex digits; another one means that verdicts on the same data may differ.

    Patch releases of pii-scan and of the libraries keep verdicts, so only their first two numbers count.
    """
    made = hashlib.blake2b(digest_size=8)
    for name, content in _files(resources.files(data)):
        made.update(f"{name}\0{len(content)}\0".encode() + content)
    facts = {
        "version": _minor(__version__),
        "libraries": {name: _minor(metadata.version(name)) for name in _LIBRARIES},
        "options": _told(options),
        "categories": sorted((key, *taxonomy[key].parents) for key in taxonomy.categories),
    }
    made.update(json.dumps(facts, sort_keys=True, ensure_ascii=True).encode())
    return made.hexdigest()


def _minor(version: str) -> str:
    return ".".join(version.split(".")[:2])


def _files(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, bytes]]:
    """Name and content of every data file, sorted."""
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        name = prefix + entry.name
        if name in _FOREIGN or entry.name.startswith(("_", ".")) or entry.name.endswith(".py"):
            continue
        if entry.is_dir():
            yield from _files(entry, f"{name}/")
        else:
            yield name, entry.read_bytes()


def _told(options: Options) -> dict[str, Any]:
    return {
        "presidio": options.presidio,
        "texts": options.texts,
        "models": dict(sorted(options.models.items())),
        "countries": list(options.countries),
        "recognizers": sorted(map(described, options.recognizers)),
        "rules": [_rule(rule) for rule in options.rules],
        "disabled": sorted(options.disabled),
        "phrases": {s: {c: sorted(t) for c, t in said.items()} for s, said in options.phrases.items()},
        "ignored": sorted((item.category, *item.patterns) for item in options.ignored),
        "defaults": options.defaults,
    }


def _rule(rule: Rule) -> list[Any]:
    """What of a rule decides; examples and origin do not."""
    parts = (
        rule.id,
        rule.category,
        rule.regex,
        rule.exact.pattern,
        rule.strength,
        rule.validator,
        rule.alone,
        rule.likely,
    )
    return [*parts, rule.dear, list(rule.context), list(rule.unless), rule.country]
