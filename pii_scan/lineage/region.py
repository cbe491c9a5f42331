"""Regions: country codes, cloud regions such as `eu-west-1`, and the EEA as one area."""

from __future__ import annotations

#: Members of the European Economic Area (ISO 3166-1), which the GDPR treats as one.
EEA = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK".split()  # noqa: SIM905
)


def area(region: str) -> str:
    """`EEA`, or the upper-case country code; `us-east-1` is `US`, `eu-west-1` is `EEA`."""
    code = region.strip().upper().replace("_", "-").split("-")[0]
    if code in ("EU", "EEA", "EUROPE") or code in EEA:
        return "EEA"
    return {"UK": "GB"}.get(code, code)


def same_area(one: str, other: str) -> bool:
    """True if no border of data protection law lies between two regions."""
    return area(one) == area(other)
