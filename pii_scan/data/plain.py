"""Reads plain YAML 1.2 fast: shipped files alone, which need no positions of errors.

libyaml parses in C, twenty times as fast as ruamel.yaml does in Python; its words for true, false and numbers
are those of YAML 1.1 (`no` is false), so the ones of the core schema stand in their place.
"""

from __future__ import annotations

import re
from typing import Any, Final

import yaml

#: Plain scalars by tag, with the characters that one may begin with: YAML 1.2, 10.3.2, decimal numbers alone.
_SCALARS: Final = (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
    ("float", r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789"),
    ("null", r"^(?:~|null|Null|NULL|)$", ("~", "n", "N", "")),
)


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The safe loader with the scalars above and no others."""

    yaml_implicit_resolvers: Final[dict[str, list[Any]]] = {}


for _tag, _regex, _first in _SCALARS:
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_regex), list(_first))
_Loader.add_constructor("tag:yaml.org,2002:int", lambda _, node: int(node.value))  # 012 is twelve


def loads(text: str) -> Any:
    """The data of one document. Raises yaml.YAMLError if it is none."""
    loader = _Loader(text)
    try:
        return loader.get_single_data()
    finally:
        loader.dispose()
