"""Names that come again in a text, and the speakers of a chat: what one place tells of another."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from ...data import load
from ..gazetteer import NAME, WORD, plain, shipped
from .phrases import listed
from .span import Span

DETECTOR: Final = "again"
CATEGORY: Final = "user.name"
#: Names that are less sure tell nothing of other places, and how sure those are at most.
_LEAST: Final = 0.6
_MOST: Final = 0.7
#: Letters of a part of a name that is sought alone, parts and places of one text at most.
_LETTERS: Final = 3
_PARTS: Final = 60
_PART: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
#: What an address of mail or web, a path or a key has around a word, and what makes it a firm's.
_INSIDE: Final = "@/\\._=+#"
_FIRM: Final = re.compile(r" (?:& |(?:and Sons|et Fils|Ltd|LLP|LLC|Inc|GmbH|SARL|SAS|SA|plc)\b)")
#: A line's beginning as chats have it: the time of day, the speaker in brackets or with a colon.
_SPEAKER: Final = re.compile(
    r"^[ \t]{0,3}(?:\[?[0-9]{1,2}[:h][0-9]{2}(?::[0-9]{2})?\]?[ \t]{1,2})?"
    r"(?:[<*]{1,2}(?P<marked>[^\W\d_][^\W\d_'’.-]{1,19}(?: [^\W\d_][^\W_]{0,14})?)[>*]{1,2}:?"
    r"|(?P<said>[^\W\d_][^\W\d_'’.-]{1,19}(?: [^\W\d_][^\W_]{0,14})?) ?:)(?= )",
    re.MULTILINE,
)
_CHAT: Final = 2
_SPOKEN: Final = 0.6


def again(text: str, names: Sequence[Span]) -> Iterator[Span]:
    """The other places of a text's names, and of the parts of its full names."""
    taken = sorted((name.start, name.end) for name in names)
    for part, confidence in _parts(text, names).items():
        at = text.find(part)
        while at >= 0:
            end = at + len(part)
            if _alone(text, at, end) and not any(a < end and at < b for a, b in taken):
                yield Span(at, end, CATEGORY, DETECTOR, min(confidence, _MOST))
            at = text.find(part, end)


def _parts(text: str, names: Sequence[Span]) -> dict[str, float]:
    """The names, and the words of full ones that are no words besides, with how sure they are."""
    found: dict[str, float] = {}
    for name in names:
        if name.confidence < _LEAST or not name.category.startswith(CATEGORY):
            continue
        whole = text[name.start : name.end]
        for part in (whole, *_PART.findall(whole)):
            if len(found) < _PARTS and _telling(part):
                found[part] = max(found.get(part, 0.0), name.confidence)
    return found


def _telling(part: str) -> bool:
    """True for a word with a capital, or one that is known as a name and is nothing else."""
    if len(part) < _LETTERS:
        return False
    flags = shipped().entries.get(plain(part), 0)
    return part[:1].isupper() if not flags & WORD else " " in part and part[:1].isupper()


def _alone(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    if before.isalnum() or after.isalnum() or before in ("-", *_INSIDE) or after in ("@", "_", "=", "/"):
        return False
    return not (after in "-." and text[end + 1 : end + 2].isalnum()) and not _FIRM.match(text, end)


def speakers(text: str) -> Iterator[Span]:
    """Who speaks in a chat: names at the beginnings of lines, of which one at least comes twice."""
    if ": " not in text and "> " not in text:
        return
    found = [(match, match.lastgroup or "") for match in _SPEAKER.finditer(text)]
    often = Counter(match[group] for match, group in found)
    if len(found) < _CHAT or (max(often.values()) < _CHAT and not all(g == "marked" for _, g in found)):
        return
    long = len(found) > _CHAT
    for match, group in found:
        words = plain(match[group]).split()
        flags = [shipped().entries.get(word, 0) for word in words]
        known = any(flag & NAME and (long or not flag & WORD) for flag in flags)
        unknown = not any(flags) and often[match[group]] >= _CHAT and len(flags) == 1
        if _roles().isdisjoint(words) and (known or unknown or (group == "marked" and not flags[0] & WORD)):
            yield Span(*match.span(group), CATEGORY, DETECTOR, _SPOKEN)


@cache
def _roles() -> frozenset[str]:
    return frozenset(plain(role) for role in listed(load.read("texts", "titles.yaml")["speakers"]))
