"""What a recipient does for us, as a purpose."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

from .plain import loads


@cache
def _purposes() -> Mapping[str, str]:
    text = resources.files(__package__).joinpath("functions.yaml").read_text(encoding="utf-8")
    found: Mapping[str, str] = loads(text)["purposes"]
    return found


def purpose_of(function: str) -> str:
    """The purpose of a recipient's function; empty for one that we do not know."""
    return _purposes().get(function.casefold(), "")
