"""When a name's category and a value's category speak of the same thing."""

from __future__ import annotations

from typing import Final

from ..core.category import Taxonomy

#: Numbers that authorities give stand in for each other: a `tax_id` may be a national number.
_FAMILIES: Final = (
    ("user.government_id",),
    ("user.authorization",),
    ("user.contact.phone_number", "user.contact.fax_number"),
)


def related(taxonomy: Taxonomy, one: str, other: str) -> bool:
    """True if one subsumes the other, or both are of a family whose names are used loosely."""
    if taxonomy.subsumes(one, other) or taxonomy.subsumes(other, one):
        return one != "user" and other != "user"
    return any(_of(taxonomy, family, one) and _of(taxonomy, family, other) for family in _FAMILIES)


def _of(taxonomy: Taxonomy, family: tuple[str, ...], category: str) -> bool:
    return any(taxonomy.subsumes(key, category) for key in family)


def narrower(taxonomy: Taxonomy, one: str, other: str) -> str:
    """The more specific of two related categories; the first if neither subsumes the other."""
    return other if one != other and taxonomy.subsumes(one, other) else one
