"""Spans found in texts against spans that somebody marked: strict and by overlap, a label at a time."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, Final, cast

#: The labels of marked texts by our categories; a category's nearest parent here counts.
LABELS: Final[Mapping[str, str]] = {
    "user.name": "PERSON",
    "user.contact.email": "EMAIL",
    "user.contact.phone_number": "PHONE",
    "user.contact.address": "ADDRESS",
    "user.financial.credit_card": "CARD",
    "user.financial.bank_account": "IBAN",
    "user.device.ip_address": "IP",
    "user.demographic.date_of_birth": "DATE_OF_BIRTH",
    "user.demographic.age": "AGE",
    "user.government_id": "ID",
    "user.unique_id": "ID",
    "user.account": "ID",
    "user.health_and_medical.record_id": "ID",
    "user.health_and_medical.insurance_beneficiary_id": "ID",
    "user.authorization": "SECRET",
}
_SAME: Final = {"PER": "PERSON", "ADDR": "ADDRESS", "DOB": "DATE_OF_BIRTH"}
#: Labels of things with a form of their own.
STRUCTURED: Final = ("EMAIL", "PHONE", "CARD", "IBAN", "IP", "ID")

Mark = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Text:
    """One marked text; spans are half-open, in characters."""

    text: str
    marks: tuple[Mark, ...] = field(repr=False)
    language: str = ""


def read(path: Path, limit: int | None = None) -> list[Text]:
    """The first `limit` texts of a file of JSON lines, gzipped or not.

    Raises ValueError with the line's number if one is no marked text.
    """
    with lines_of(path) as lines:
        return [_text(number, line) for number, line in enumerate(islice(lines, limit), 1) if line.strip()]


def lines_of(path: Path) -> IO[str]:
    """A text file, gzipped or not, opened."""
    return cast(
        IO[str],
        gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8"),
    )


def _text(number: int, line: str) -> Text:
    try:
        record = json.loads(line)
        marks = tuple((int(s), int(e), _SAME.get(str(label), str(label))) for s, e, label in record["spans"])
        return Text(str(record["text"]), marks, str(record.get("lang") or ""))
    except (ValueError, KeyError, TypeError):
        raise ValueError(
            f"line {number} is no marked text: {{'text', 'spans': [[start, end, label]]}}"
        ) from None


def label_of(category: str) -> str:
    """The label of a category or of its nearest parent that has one; empty if none has."""
    while category:
        if category in LABELS:
            return LABELS[category]
        category = category.rpartition(".")[0]
    return ""


@dataclass(slots=True)
class Count:
    """Spans of one label: marked, told, told that agree with a marked one, marked that were met."""

    marked: int = 0
    told: int = 0
    right: int = 0
    met: int = 0

    def add(self, marked: Sequence[Mark], told: Sequence[Mark], strict: bool) -> None:
        self.marked += len(marked)
        self.told += len(told)
        self.right += sum(any(_agree(t, m, strict) for m in marked) for t in told)
        self.met += sum(any(_agree(t, m, strict) for t in told) for m in marked)

    def figures(self) -> dict[str, float | int]:
        precision = self.right / self.told if self.told else 1.0
        recall = self.met / self.marked if self.marked else 1.0
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        return {
            "marked": self.marked,
            "told": self.told,
            "precision": round(precision, 4),
            "recall": round(recall, 4),
            "F1": round(f1, 4),
        }


def _agree(told: Mark, marked: Mark, strict: bool) -> bool:
    if strict:
        return told[:2] == marked[:2]
    return told[0] < marked[1] and marked[0] < told[1]


def score(
    texts: Iterable[Text], told: Iterable[Sequence[Mark]]
) -> dict[str, dict[str, dict[str, float | int]]]:
    """Figures by `strict` and `overlap`, then by label; only labels that are marked somewhere are counted."""
    pairs = list(zip(texts, told, strict=True))
    labels = sorted({label for text, _ in pairs for _, _, label in text.marks})
    return {
        way: {label: _count(pairs, (label,), way == "strict").figures() for label in labels}
        | {"structured": _count(pairs, [n for n in STRUCTURED if n in labels], way == "strict").figures()}
        for way in ("strict", "overlap")
    }


def _count(pairs: Iterable[tuple[Text, Sequence[Mark]]], labels: Sequence[str], strict: bool) -> Count:
    count = Count()
    for text, found in pairs:
        for label in labels:
            count.add(_of(text.marks, label), _of(found, label), strict)
    return count


def _of(marks: Iterable[Mark], label: str) -> list[Mark]:
    return [mark for mark in marks if mark[2] == label]


def wrong(texts: Iterable[Text], told: Iterable[Sequence[Mark]], label: str) -> Iterator[str]:
    """What was missed or told wrongly of one label, in its surroundings; for eyes, not for files."""
    for text, found in zip(texts, told, strict=True):
        marked, mine = _of(text.marks, label), _of(found, label)
        for kind, ours, others in (("missed", marked, mine), ("wrong", mine, marked)):
            for one in ours:
                if not any(_agree(one, other, strict=False) for other in others):
                    start, end = one[:2]
                    before, after = text.text[max(0, start - 40) : start], text.text[end : end + 30]
                    yield f"{kind:6} {before}[{text.text[start:end]}]{after}".replace("\n", " ")
