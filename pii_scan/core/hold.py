"""To which data a legal hold applies."""

from __future__ import annotations

from collections.abc import Iterable

from .category import Taxonomy
from .words import words, words_of


def applies(held: str, taxonomy: Taxonomy, path: Iterable[str], categories: Iterable[str]) -> bool:
    """True if what is held is a category above one of these, or its words are all in the dataset's path."""
    if held in taxonomy and any(taxonomy.subsumes(held, category) for category in categories):
        return True
    named = words(held)
    return bool(named) and named <= words_of(path)
