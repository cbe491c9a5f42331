"""The data files of this package."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any


@cache
def document(name: str) -> Any:
    """A YAML file of `data/` as plain data, read once and not to be changed."""
    from ruamel.yaml import YAML

    text = resources.files(__package__).joinpath("data", name).read_text(encoding="utf-8")
    return YAML(typ="safe").load(text)


def names() -> tuple[str, ...]:
    """The schemas there are, sorted."""
    entries = resources.files(__package__).joinpath("data", "schemas").iterdir()
    return tuple(sorted(e.name.removesuffix(".yaml") for e in entries if e.name.endswith(".yaml")))
