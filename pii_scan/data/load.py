"""Reads the shipped rules, and joins fideslang's data categories with our own."""

from __future__ import annotations

from importlib import resources
from typing import Any

from ..core.category import ROOT, Category, Taxonomy
from ..core.redact import People


def read(*parts: str) -> Any:
    """The plain data of a shipped YAML file, such as `read("names", "en.yaml")`.

    Raises FileNotFoundError for a name that is not shipped.
    """
    from .plain import loads

    text = resources.files(__package__).joinpath(*parts).read_text(encoding="utf-8")
    return loads(text)


def names(folder: str) -> tuple[str, ...]:
    """The YAML files of a shipped folder, sorted."""
    entries = resources.files(__package__).joinpath(folder).iterdir()
    return tuple(sorted(e.name for e in entries if e.name.endswith(".yaml")))


def people() -> People:
    """The names by which persons are recognised in names of columns and files."""
    text = resources.files(__package__).joinpath("people", "masking.txt").read_text(encoding="utf-8")
    given, family, words = (frozenset(part.split()[1:]) for part in text.removeprefix("[").split("["))
    return People(given, family, words)


def taxonomy() -> Taxonomy:
    """fideslang's data categories, extended by `categories.yaml` to a DAG."""
    from fideslang import DEFAULT_TAXONOMY

    own = read("categories.yaml")
    parents = {str(c.fides_key): _parent(str(c.fides_key)) for c in DEFAULT_TAXONOMY.data_category}
    labels = {str(c.fides_key): str(c.name) for c in DEFAULT_TAXONOMY.data_category}
    for key, label in own["extra"].items():
        parents.setdefault(key, _parent(key))
        labels[key] = label
    for key, more in own["parents"].items():
        parents[key] = tuple(dict.fromkeys((*parents[key], *more)))
    labels |= own["labels"]
    return Taxonomy({key: _category(key, up, labels[key], own) for key, up in sorted(parents.items())})


def fideslang_categories() -> frozenset[str]:
    """The keys that fideslang itself has."""
    from fideslang import DEFAULT_TAXONOMY

    return frozenset(str(c.fides_key) for c in DEFAULT_TAXONOMY.data_category)


def _parent(key: str) -> tuple[str, ...]:
    parent = key.rpartition(".")[0]
    return (parent,) if parent else ()


def _category(key: str, parents: tuple[str, ...], label: str, own: dict[str, Any]) -> Category:
    return Category(
        key=key,
        parents=parents,
        label=label,
        sensitivity=_sensitivity(key, own["sensitivity"]),
        special=key in own["special"],
        dpv=own["dpv"].get(key, ""),
    )


def _sensitivity(key: str, levels: dict[str, str]) -> str:
    """The level of the key, or of the nearest prefix that has one."""
    while key and key != ROOT:
        if key in levels:
            return levels[key]
        key = key.rpartition(".")[0]
    return "medium"
