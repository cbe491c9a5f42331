"""Regions: country codes, cloud regions such as `eu-west-2` (which is London), and the EEA as one area."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from ..data import load

EEA: Final = "EEA"
_EUROPE: Final = ("EU", "EEA", "EUROPE")
_CLOUDS: Final = ("aws", "gcp", "azure")


@cache
def _countries() -> Mapping[str, str]:
    """Country codes by what names them: themselves, and the regions that lie in them."""
    table = load.read("regions.yaml")
    named = {code.casefold(): code for code in table["countries"]}
    for cloud in _CLOUDS:
        named |= {region: code for code, regions in table[cloud].items() for region in regions}
    return {**named, "uk": "GB"}


@cache
def _members() -> frozenset[str]:
    return frozenset(load.read("regions.yaml")["eea"])


def area(region: str) -> str:
    """`EEA`, or the code of the country that a region is or lies in; empty if it is not known."""
    text = region.strip().casefold().replace("_", "-")
    if text.upper() in _EUROPE:
        return EEA
    # Zones carry a letter or a number behind their region: us-east-1a, europe-west4-b.
    found = _countries().get(text) or _countries().get(text[:-2] if text[-2:-1] == "-" else text[:-1])
    country = found if found and (len(text) == 2 or len(text) > 4) else ""
    return EEA if country in _members() else country


def same_area(one: str, other: str) -> bool:
    """True if no border of data protection law lies between two regions that are known."""
    return area(one) == area(other) != ""
