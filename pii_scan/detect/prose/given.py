"""Names of people, in lower case and without accents."""

from __future__ import annotations

from ...data import load


def given_names() -> frozenset[str]:
    """Those that are no words besides."""
    people = load.people()
    return people.given - people.words


def known_names() -> frozenset[str]:
    """Given and family names that are no words besides."""
    people = load.people()
    return (people.given | people.family) - people.words
