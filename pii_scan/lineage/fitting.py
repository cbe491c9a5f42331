"""Which categories a field with values of a kind may be of, and common values in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ..core.category import Taxonomy
from .containment import Containment

_NUMBERS: Final = ("user.contact.phone_number", "user.contact.fax_number")
#: What a field may be whose values are of a kind; ids and digests may be anything that is a person's.
_CATEGORIES: Final = {
    "email": ("user.contact.email",),
    "phone": _NUMBERS,
    "e164": _NUMBERS,
    "text": ("user.name", "user.account.username"),
}
_NAMES: Final = {"md5": "MD5", "sha1": "SHA-1", "sha256": "SHA-256"}

Categories = Mapping[str, Mapping[str, float]]


def fitting(taxonomy: Taxonomy, categories: Categories, urn: str, kind: str) -> dict[str, float]:
    """The personal categories of a field that such values may be of, with their confidence."""
    told = categories.get(urn, {})
    allowed = _CATEGORIES.get(kind)
    if allowed is None:
        return dict(told)
    return {key: sure for key, sure in told.items() if any(taxonomy.subsumes(one, key) for one in allowed)}


def bounds(found: Containment) -> str:
    return f"{found.share:.0%} ({found.low:.0%} to {found.high:.0%})"


def form(algorithm: str) -> str:
    """How values were hashed, for the middle of a sentence."""
    return f", as {_NAMES[algorithm]}," if algorithm else ""
