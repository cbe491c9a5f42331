"""Statements that a person marked in a policy: the words, the accepted kinds, the categories."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Mark:
    """One marked statement with its place in the collapsed text."""

    id: str
    kinds: tuple[str, ...]
    data: tuple[str, ...]
    quote: str
    start: int
    end: int


def marks(file: Path, text: str, key: Path | None = None) -> list[Mark]:
    """The marked statements; `key` gives kinds and categories by id where the file has none.

    Raises ValueError for a quote that the collapsed text does not hold, or a statement without a kind.
    """
    known: Mapping[str, Any] = yaml.safe_load(key.read_text(encoding="utf-8")) if key else {}
    records = yaml.safe_load(file.read_text(encoding="utf-8"))
    return [_mark(number, record, text, known) for number, record in enumerate(records, 1)]


def _mark(number: int, record: Mapping[str, Any], text: str, known: Mapping[str, Any]) -> Mark:
    name = str(record.get("id", number))
    told = record if "kind" in record else known.get(name)
    if told is None:
        raise ValueError(f"statement {name} has no kind: name a --key file")
    quote = str(record["quote"])
    start = record["span"][0] if "span" in record else text.find(quote)
    if start < 0:
        raise ValueError(f"statement {name} is not in the text")
    end = record["span"][1] if "span" in record else start + len(quote)
    kinds = (told["kind"],) if isinstance(told["kind"], str) else tuple(told["kind"])
    return Mark(name, kinds, tuple(told["data"]), quote, start, end)
