"""Which of a dataset's columns tells best when a row came to be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from ..core.model import Field
from ..core.profile import Profile
from ..core.words import words_of
from .known import vocabulary

_FIRST: Final = frozenset(("created", "inserted", "occurred", "received", "logged", "sent"))
_NEVER: Final = 3


def timed(fields: Sequence[Field], profiles: Mapping[str, Profile]) -> list[tuple[Field, Profile]]:
    """The fields in which times were seen."""
    return [(f, p) for f in fields if (p := profiles.get(f.urn)) and p.times]


def best(fields: Sequence[Field], profiles: Mapping[str, Profile]) -> Field | None:
    """Creation first, then any time of an event, then unnamed times; None if no column has times."""
    ranked = [(_rank(field, profile), field) for field, profile in timed(fields, profiles)]
    fit = [pair for pair in ranked if pair[0][0] < _NEVER]
    return min(fit, key=lambda pair: (pair[0], pair[1].urn))[1] if fit else None


def _rank(field: Field, profile: Profile) -> tuple[int, int, int]:
    """The kind of time; the fuller and less nested column first."""
    rules, found = vocabulary("times"), words_of(field.path[-1:])
    if found & rules["other"]:
        level = _NEVER
    elif found & _FIRST:
        level = 0
    else:
        level = 1 if found & rules["event"] else 2
    return level, len(field.path), -sum(profile.times.values())
