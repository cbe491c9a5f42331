"""To which data a legal hold applies."""

from __future__ import annotations

from collections.abc import Iterable

from .category import Taxonomy
from .register import Entry
from .words import words, words_of


def live(entry: Entry, day: str) -> bool:
    """True until the end of a hold's last day (ISO 8601), and for good if it has none."""
    return not entry.get("expires_on") or entry.get("expires_on")[:10] >= day


def applies(held: str, taxonomy: Taxonomy, path: Iterable[str], categories: Iterable[str]) -> bool:
    """True if what is held is a category above one of these, or its words are all in the dataset's path."""
    if held in taxonomy and any(taxonomy.subsumes(held, category) for category in categories):
        return True
    named = words(held)
    return bool(named) and named <= words_of(path)
