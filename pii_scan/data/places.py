"""Which country a cloud's region lies in."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

from .plain import loads

_EVERYWHERE = ("EU", "EEA")


def country(region: str) -> str:
    """The country (ISO 3166) of a provider's region, or of a country or EU as it is; empty if not known."""
    name = region.strip().casefold()
    known = _regions()
    if name in known:
        return known[name]
    upper = region.strip().upper()
    return upper if upper in _EVERYWHERE or (len(upper) == 2 and upper.isalpha()) else ""


def lies_in(code: str, wanted: str) -> bool:
    """True if a country is the wanted one or belongs to the wanted union (EU, EEA)."""
    area = wanted.strip().upper()
    if code == area:
        return True
    return code in _unions().get(area, frozenset()) or (area == "EEA" and code == "EU")


@cache
def _document() -> Mapping[str, Mapping[str, list[str]]]:
    text = resources.files(__package__).joinpath("places.yaml").read_text(encoding="utf-8")
    found: Mapping[str, Mapping[str, list[str]]] = loads(text)
    return found


@cache
def _regions() -> Mapping[str, str]:
    return {name: code for code, names in _document()["regions"].items() for name in names}


@cache
def _unions() -> Mapping[str, frozenset[str]]:
    return {area: frozenset(codes) for area, codes in _document()["unions"].items()}
