"""Globs of the declared list and the configuration, matched against a dataset's names."""

from __future__ import annotations

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
    wanted = pattern.casefold()
    return any(fnmatchcase(name.casefold(), wanted) for name in names(dataset))
