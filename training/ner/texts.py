"""A text with labelled spans, and changes to it that keep the spans where they belong."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass

#: Start, end (in characters, end excluded) and label.
Span = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Text:
    """A text and its spans, sorted and without overlap."""

    text: str
    spans: tuple[Span, ...] = ()

    def parts(self, label: str) -> list[str]:
        """What the spans of a label cover."""
        return [self.text[start:end] for start, end, found in self.spans if found == label]


def rewritten(source: Text, pattern: re.Pattern[str], by: str | Callable[[re.Match[str]], str]) -> Text:
    """All matches replaced; a span's end inside of a match moves to the end of what replaces it."""
    made: list[str] = []
    bounds: list[tuple[int, int, int]] = []
    last = length = 0
    for match in pattern.finditer(source.text):
        new = by(match) if callable(by) else match.expand(by)
        made += (source.text[last : match.start()], new)
        length += match.start() - last + len(new)
        bounds.append((match.start(), match.end(), length))
        last = match.end()
    if not bounds:
        return source
    made.append(source.text[last:])

    def moved(place: int) -> int:
        shift = 0
        for start, end, after in bounds:
            if place <= start:
                break
            if place < end:
                return after
            shift = after - end
        return place + shift

    spans = ((moved(start), moved(end), label) for start, end, label in source.spans)
    return Text("".join(made), tuple(span for span in spans if span[0] < span[1]))


def substituted(source: Text, choose: Callable[[str, str], str | None]) -> Text:
    """Spans replaced by what `choose(covered, label)` gives, where it gives anything."""
    made: list[str] = []
    spans: list[Span] = []
    last = length = 0
    for start, end, label in source.spans:
        old = source.text[start:end]
        new = choose(old, label) or old
        made += (source.text[last:start], new)
        length += start - last
        spans.append((length, length + len(new), label))
        length += len(new)
        last = end
    return Text("".join((*made, source.text[last:])), tuple(spans))


def joined(sources: Iterable[Text], between: str) -> Text:
    """Several texts as one."""
    made = ""
    spans: list[Span] = []
    for source in sources:
        made += between if made else ""
        spans += ((start + len(made), end + len(made), label) for start, end, label in source.spans)
        made += source.text
    return Text(made, tuple(spans))


def recased(source: Text, change: Callable[[str], str]) -> Text:
    """The same text after a change letter by letter, such as `str.lower`; letters that would grow stay."""
    made = "".join(new if len(new := change(c)) == 1 else c for c in source.text)
    return Text(made, source.spans)


def bare(letter: str) -> str:
    """A letter without its accent."""
    return unicodedata.normalize("NFD", letter)[0] if not letter.isascii() else letter


def sorted_spans(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans in order; of two that overlap the longer stays."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: (s[0] - s[1], s[0])):
        if all(span[1] <= other[0] or other[1] <= span[0] for other in kept):
            kept.append(span)
    return tuple(sorted(kept))
