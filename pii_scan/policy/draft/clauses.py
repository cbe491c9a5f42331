"""Sentences and clauses of a block."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from .lexicon import Lexicon

#: A condition or a circumstance that opens a sentence, up to its comma.
CONDITION = re.compile(
    r"^(?:si|s'il|lorsque?|quand|en cas|à la fin|après"
    r"|if|at the end|upon|after|when|where|should|unless|in the event)\b[^,]*,\s",
    re.IGNORECASE,
)
#: What stands before a comma is a clause of its own only with so many words.
_LEAST_WORDS = 4
_END = re.compile(r"[.!?…][\"»”)\]]*\s+(?=[A-ZÀ-ÖØ-Þ«“\"(\[])")
_LABELS = {
    "item": re.compile(r"([^.:;–—]{2,70}?)(?:\s[–—-]\s|\s?:\s|\.\s)(?=\S)"),
    "paragraph": re.compile(r"([^.:;,–—]{2,40}?)(?:\s[–—]\s|\s?:\s|\.\s)(?=\S)"),
}
#: A sentence that begins so is no label, however short.
_SUBJECT = re.compile(r"(?:we|you|they|it|this|these|nous|vous|elles?|ils?|on|ce|cela|ces)\b", re.IGNORECASE)
_LABEL_WORDS = {"item": 8, "paragraph": 4}


def sentences(words: str, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """Begin and end of each sentence, without the white space after it."""
    start = 0
    for end in _END.finditer(words):
        last = words[start : end.start()].rpartition(" ")[2].lstrip("(«\"'")
        if words[end.start()] == "." and (last in lexicon.abbreviations or re.fullmatch(r"[A-Z]", last)):
            continue
        yield start, end.start() + len(end[0].rstrip())
        start = end.end()
    if start < len(words):
        yield start, len(words)


def clauses(words: str, lexicon: Lexicon) -> list[tuple[int, int]]:
    """Begin and end of each clause of a sentence."""
    cuts = [0]
    for cut in lexicon.one["clauses"].finditer(words):
        opening = CONDITION.match(words[cuts[-1] :])
        if opening is not None and cut.end() <= cuts[-1] + opening.end():
            continue
        if cut[0].startswith(";") or len(words[cuts[-1] : cut.start()].split()) >= _LEAST_WORDS:
            cuts.append(cut.end())
    cuts.append(len(words))
    return [(a, b) for a, b in pairwise(cuts) if words[a:b].strip(" ,;:.")]


def label(words: str, kind: str) -> tuple[str, int]:
    """A run-in heading such as `Payment data – …`, and where the words after it begin."""
    form = _LABELS.get(kind)
    found = form.match(words) if form else None
    if found is None or len(found[1].split()) > _LABEL_WORDS[kind] or _SUBJECT.match(words):
        return "", 0
    return found[1], found.end()


def trimmed(words: str, start: int, end: int) -> tuple[int, int]:
    """The stretch without the punctuation and spaces around it; closing brackets and quotes stay."""
    while start < end and words[start] in " ,;:":
        start += 1
    while end > start and words[end - 1] in " ,;:.":
        end -= 1
    return start, end
