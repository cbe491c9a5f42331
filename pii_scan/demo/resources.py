"""The demo's own data files: texts, word lists, templates and the truth."""

from __future__ import annotations

from importlib import resources
from typing import Any


def text(name: str) -> str:
    """A file of `data/` as text."""
    return resources.files(__package__).joinpath("data", name).read_text(encoding="utf-8")


def document(name: str) -> Any:
    """A YAML file of `data/` as plain data."""
    from ruamel.yaml import YAML

    return YAML(typ="safe").load(text(name))
