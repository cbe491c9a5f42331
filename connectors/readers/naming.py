"""Names of columns, each once."""

from __future__ import annotations

from collections.abc import Sequence


def distinct(names: Sequence[str]) -> tuple[str, ...]:
    """The names in order; one that came before gets the first number that no other name has."""
    given, used = set(names), set[str]()
    counts: dict[str, int] = {}
    found = []
    for name in names:
        own = name
        while own in used:
            counts[name] = number = counts.get(name, 1) + 1
            own = f"{name} ({number})"
            if own in given:
                own = name
        used.add(own)
        found.append(own)
    return tuple(found)
