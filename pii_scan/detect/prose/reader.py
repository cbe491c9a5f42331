"""Reads texts: names by a model of each text's language, and what rules for texts find."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Protocol

from . import again, ages, beside, chunks
from .ids import DETECTOR as IDS
from .kinds import kind
from .known import Known
from .pasted import Pasted
from .prose import Prose
from .ruled import Ruled
from .span import Span, merged
from .special import DETECTOR

#: What a model calls people, as the category that they count under.
NAME: Final = "user.name"
RELATION: Final = "user.relationship"
ADDRESS: Final = "user.contact.address"
#: A cell with a digit, which models take into the name in the cell behind it.
_CELL: Final = re.compile(r" ?[A-Z]{0,4}[0-9:/-]*[0-9][A-Z0-9:/-]* ?[;|\t,]")
#: Confidence from which a label tells an identifier in a line of a log, too.
_TOLD: Final = 0.6
#: Two digits or more, which no name has.
_NUMBER: Final = re.compile("[0-9][0-9]")
#: What follows the weekday and month of a date (`Thu Jul 7 16:33`), which are names in some languages.
_DATED: Final = re.compile(r"[ \t]+\d{1,2},?[ \t](?:\d\d:\d\d|\d{4}\b)")
#: Where a model found something: start and end in characters, and its label (PER, LOC or ORG).
Entity = tuple[int, int, str]


class Model(Protocol):
    """Finds entities in texts of one language."""

    @property
    def name(self) -> str:
        """What detections call it."""

    @property
    def trust(self) -> float:
        """What its names are surer by than those of the models shipped, in log-odds."""

    def entities(self, texts: Sequence[str]) -> list[list[Entity]]:
        """The entities of each text, in order; the texts are no longer than `chunks.LONGEST`."""


class ByLanguage(Protocol):
    """The models by language; None where there is none."""

    def of(self, language: str) -> Model | None: ...


@dataclass(frozen=True)
class Reader:
    """What a model names, what patterns match and what prose says; of what overlaps, one stays.

    What is said of a person (a special category, a relation) stands beside the values in the same words.
    """

    models: ByLanguage
    ruled: Ruled | None = None
    known: Known = field(default_factory=Known, repr=False)
    pasted: Pasted = field(default_factory=Pasted, repr=False)

    @cached_property
    def prose(self) -> Prose:
        """Made at the first text: its rules take a while to read."""
        return Prose()

    def read(self, texts: Sequence[str], languages: Sequence[str]) -> list[list[Span]]:
        """What each text holds, by place; `languages` are the texts' own."""
        named = self._named(texts, languages)
        ruled = self.ruled.spans(texts) if self.ruled else [[] for _ in texts]
        return [
            _layered(self._all(text, names, [*rules, *self._said(text, language)]))
            for text, language, names, rules in zip(texts, languages, named, ruled, strict=True)
        ]

    def _all(self, text: str, names: Sequence[Span], said: Sequence[Span]) -> list[Span]:
        """What was found, and what its place tells: beside a name, in a pasted table."""
        cells = list(self.pasted.spans(text, names))
        people = [*names, *(span for span in (*said, *cells) if span.category.startswith(NAME))]
        people += again.speakers(text)
        people += again.again(text, people)
        found = [*people, *beside.codes(text, names), *ages.ages(text, people)]
        return [*found, *(span for span in (*said, *cells) if not span.category.startswith(NAME))]

    def reads(self, language: str) -> bool:
        """True if a model reads the language."""
        return self.models.of(language) is not None

    def _said(self, text: str, language: str) -> list[Span]:
        return [
            span.moved(offset)
            for offset, piece in chunks.pieces(text)
            for span in self._plain(piece, self.prose.find(piece, language))
            if not _in_address(piece, span)
        ]

    @staticmethod
    def _plain(piece: str, spans: list[Span]) -> list[Span]:
        """The spans, in what machines write without identifiers that a label of any kind told."""
        if kind(piece) != "machine":
            return spans
        return [span for span in spans if span.detector != IDS or span.confidence >= _TOLD]

    def _named(self, texts: Sequence[str], languages: Sequence[str]) -> list[list[Span]]:
        """The people that the models find."""
        named: list[list[Span]] = [[] for _ in texts]
        for language in sorted(set(languages)):
            model = self.models.of(language)
            if model is None:
                continue
            places = [
                (index, offset, piece)
                for index, (text, its) in enumerate(zip(texts, languages, strict=True))
                if its == language
                for offset, piece in chunks.pieces(text)
            ]
            entities = model.entities([piece for _, _, piece in places])
            for (index, offset, piece), found in zip(places, entities, strict=True):
                spans = self._people(piece, found, model, language)
                named[index] += [span.moved(offset) for span in spans]
        return named

    def _people(self, piece: str, entities: Sequence[Entity], model: Model, language: str) -> list[Span]:
        """The names of a piece, each as sure as the words in it are known."""
        around = kind(piece)
        spans = []
        for start, end, label in entities:
            if label != "PER":
                continue
            start, end = _undigited(piece, *trimmed(piece, start, end))
            if start < end and not _DATED.match(piece, end):
                confidence = self.known.confidence(piece, start, end, around, language, model.trust)
                spans.append(Span(start, end, NAME, model.name, confidence))
        return spans


def _in_address(text: str, span: Span) -> bool:
    """True for words of an e-mail address or a URL, which are nothing that is said."""
    start = max(text.rfind(space, 0, span.start) for space in " \n\t") + 1
    around = text[start : span.end]
    after = text[span.end : span.end + 64].split(maxsplit=1)
    near = around + (after[0] if after and not text[span.end : span.end + 1].isspace() else "")
    return span.category != ADDRESS and ("@" in near or "://" in near)


def _layered(spans: Sequence[Span]) -> list[Span]:
    """Values without overlaps, and what is said of a person without overlaps, by place."""
    parts: tuple[list[Span], list[Span]] = [], []
    for span in spans:
        parts[span.detector == DETECTOR or span.category == RELATION].append(span)
    kept = [span for part in parts for span in merged(part)]
    return sorted(kept, key=lambda s: (s.start, s.end, s.category))


def _undigited(text: str, start: int, end: int) -> tuple[int, int]:
    """A name up to the first cell with a digit; nothing of one with a number, which is no name."""
    number = _NUMBER.search(text, start, end)
    if number is None:
        return start, end
    cell = max(text.rfind(sign, start, number.start()) for sign in ',;|\t\n"')
    return (start, start) if cell < start else trimmed(text, start, cell)


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A name without cells of numbers before it, the signs around it and a possessive's ending."""
    while cell := _CELL.match(text, start, end):
        start = cell.end()
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not (text[end - 1].isalnum() or text[end - 1] == "."):
        end -= 1
    if text[start:end].endswith(("'s", "\u2019s")):
        end -= 2
    return start, end
