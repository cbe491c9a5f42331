"""Columns of things that must never be called a person: products, statuses, countries, months, companies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import resources
from typing import Any, Final

from pii_scan.core.category import Taxonomy
from pii_scan.detect.tokens import tokens

from .score import Case

PERSON: Final = "user.name"


def document(name: str) -> Any:
    """A YAML file beside this module as plain data."""
    from ruamel.yaml import YAML

    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    return YAML(typ="safe").load(text)


def called_persons(cases: Iterable[Case], tree: Taxonomy) -> dict[str, list[str]]:
    """By kind of thing, the columns that are no name of a person and were told to be one."""
    kinds: Mapping[str, list[str]] = document("things.yaml")
    found: dict[str, list[str]] = {kind: [] for kind in (*kinds, "other")}
    for case in cases:
        named = any(tree.subsumes(PERSON, label) or label == "user" for label in case.labels)
        if not named and tree.subsumes(PERSON, case.told):
            found[_kind(case, kinds)].append(f"{case.table}.{case.column}")
    return found


def _kind(case: Case, kinds: Mapping[str, list[str]]) -> str:
    """By the words of the column, else of its table."""
    for name in (case.column, case.table):
        words = {form for word in tokens(name) for form in _singular(word)}
        for kind, listed in kinds.items():
            if words.intersection(listed):
                return kind
    return "other"


def _singular(word: str) -> tuple[str, ...]:
    """The forms that a word may be listed as: `companies` is `company`."""
    return word, word.removesuffix("s"), word.removesuffix("es"), word.removesuffix("ies") + "y"
