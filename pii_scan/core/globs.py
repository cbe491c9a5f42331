"""Globs of the declared list and the configuration, matched against names of datasets and fields."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

from .model import Dataset


def names(dataset: Dataset) -> tuple[str, ...]:
    """Its last name, its path without the store's default schema, and `store name/path`."""
    start = dataset.store.default_path
    path = dataset.path[len(start) :] if start and dataset.path[: len(start)] == start else dataset.path
    joined = "/".join(path)
    return dataset.name, joined, f"{dataset.store.name}/{joined}"


def matches(dataset: Dataset, pattern: str) -> bool:
    """True if one of the dataset's names fits the `fnmatch` pattern, without regard to case."""
    return any(fits(name, pattern) for name in names(dataset))


def fits(text: str, pattern: str) -> bool:
    """True if the text is the pattern or fits it as a glob, without regard to case."""
    low, wanted = text.casefold(), pattern.casefold()
    return low == wanted or fnmatchcase(low, wanted)


def divided(pattern: str) -> tuple[str, str]:
    """A glob of fields, `dataset#field`, as its two globs; without `#` every field is meant."""
    dataset, mark, field = pattern.partition("#")
    return dataset, field if mark else "*"


def holds(dataset: Dataset, pattern: str) -> bool:
    """As `matches`; a dataset's URN is a name too."""
    return fits(dataset.urn, pattern) or matches(dataset, pattern)


def path_fits(path: Sequence[str], pattern: str) -> bool:
    """True if a field's path, joined by `/`, fits the second half of a glob of fields."""
    return fits("/".join(path), pattern)
