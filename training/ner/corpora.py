"""Reads labelled corpora, and brings their conventions to one: persons without titles, three labels."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .texts import Span, Text, rewritten, sorted_spans

#: Labels of the sources that are kept, by what they become. All others (works and products, nationalities,
#: dates, codes, quantities, relatives) are no entity for us: their words are examples of what to leave alone.
KEPT = {"PER": "PER", "LOC": "LOC", "ORG": "ORG", "ADDR": "LOC"}
#: Gaps that tokenising put beside apostrophes, and line ends of printed columns.
_ELIDED = "[ldjnscmto]|qu|jusqu|lorsqu|puisqu|quelqu|presqu|aujourd|entr|dell|all|dall|nell|sull|un"
_APOSTROPHE = re.compile(rf"(?<![^\W_])({_ELIDED}) ?(['’]) (?=[^\W\d_])", re.I)
_POSSESSIVE = re.compile(r"(?<=[^\W\d_]) (['’]) ?(?=s\b)")
_SOFT = re.compile(r"(?<=[^\W\d_])¬ ?(?=[^\W\d_])")
_HYPHEN = re.compile(r"(?<=[^\W\d_]) - (?=[^\W\d_])")
#: Portuguese contractions that the source writes in two words.
_CONTRACTED = re.compile(r"\b([DdEeAaPp])(e|m|or)? (o|a|os|as|este|esta|esse|essa|isso|ele|ela|um|uma)\b")
_CONTRACTIONS = {"de": "d", "em": "n", "por": "pel", "a": ""}
_EDGES = " \t\r\n\ufeff\"“”„«»‹›()[]{}<>,;:!?*_—–-'’‘`|/\\#@&"
_ELISION = re.compile(r"^(?:[ldLD]|[Qq]u|dell|all|dall|nell|sull)\s?['’]\s?(?=\w)")
_LISTED = re.compile(r"\s*(?:,|;|/|\(|\s(?:and|et|und|y|e|en|&)\s)\s*")


@dataclass(frozen=True, slots=True)
class Conventions:
    """What the spans of persons lose at their front, and which repairs a source needs."""

    titles: re.Pattern[str]
    hyphens: bool = False
    contractions: bool = False


def conventions(titles: Iterable[str], *, hyphens: bool = False, contractions: bool = False) -> Conventions:
    """`titles` without their full stop; longer ones win."""
    ordered = "|".join(re.escape(t) for t in sorted(set(titles), key=len, reverse=True))
    return Conventions(re.compile(rf"(?:(?:{ordered})(?:\.\s*|\s+|$))+", re.I), hyphens, contractions)


def read(path: Path) -> Iterator[Text]:
    """The texts of a gzipped file of JSON lines, as labelled there but for the labels that are dropped."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            spans = ((int(a), int(b), KEPT[label]) for a, b, label in record["spans"] if label in KEPT)
            yield Text(record["text"], sorted_spans(spans))


def cleaned(source: Text, rules: Conventions) -> Text:
    """The text with its gaps repaired and its spans brought to our conventions."""
    return trimmed(repaired(source, rules), rules)


def trimmed(source: Text, rules: Conventions) -> Text:
    """The text as it is, its spans brought to our conventions."""
    spans = (new for span in source.spans for new in _trimmed(source.text, span, rules))
    return Text(source.text, sorted_spans(spans))


def repaired(source: Text, rules: Conventions) -> Text:
    """The text as it was before it was cut into tokens, as far as rules can tell."""
    text = rewritten(source, _APOSTROPHE, r"\1\2")
    text = rewritten(rewritten(text, _POSSESSIVE, r"\1"), _SOFT, "")
    if rules.hyphens:
        text = rewritten(text, _HYPHEN, "-")
    return rewritten(text, _CONTRACTED, _contracted) if rules.contractions else text


def _contracted(match: re.Match[str]) -> str:
    first, second = match[1] + (match[2] or ""), match[3]
    stem = _CONTRACTIONS.get(first.lower())
    if stem is None or (first.lower() in ("a", "por") and second not in ("o", "a", "os", "as")):
        return match[0]
    if first.lower() == "a":
        return {"o": "ao", "os": "aos", "a": "à", "as": "às"}[second]
    new = stem + second
    return new.capitalize() if first[0].isupper() else new


def _trimmed(text: str, span: Span, rules: Conventions) -> Iterator[Span]:
    start, end, label = span
    # Handles of accounts are none of our entities.
    if "@" in text[max(0, start - 1) : start + 1]:
        return
    if label != "PER":
        yield from _core(text, start, end, label)
        return
    for first, last in _listed(text, start, end):
        match = rules.titles.match(text, first, last)
        yield from _core(text, match.end() if match else first, last, label)


def _listed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The names of a list that was labelled as one; what follows a name and is none is cut."""
    last = start
    for match in (*_LISTED.finditer(text, start, end), None):
        stop = match.start() if match else end
        if last == start or (stop > last and text[last].isupper()):
            yield last, stop
        if match is None or not text[match.end() : match.end() + 1].isupper():
            return
        last = match.end()


def _core(text: str, start: int, end: int, label: str) -> Iterator[Span]:
    """The span without quotes, elided articles and punctuation at its edges; nothing if nothing is left."""
    while start < end and text[start] in _EDGES + ".":
        start += 1
    if match := _ELISION.match(text[start:end]):
        start += match.end()
    while start < end and text[end - 1] in _EDGES:
        end -= 1
    word = re.search(r"[^\W_]+\.$", text[start:end])
    if word and len(word[0]) > 4:
        end -= 1
    if any(c.isalnum() for c in text[start:end]):
        yield start, end, label
