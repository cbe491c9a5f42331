"""The sentences of this folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

HERE = Path(__file__).parent


def sentences(name: str) -> dict[str, Any]:
    return YAML(typ="safe").load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))


def said(name: str) -> list[tuple[str, str]]:
    """Category and sentence of those that say something of a person."""
    return [(key, text) for key, texts in sentences(name)["said"].items() for text in texts]


def unsaid(name: str) -> list[str]:
    return sentences(name)["unsaid"]
