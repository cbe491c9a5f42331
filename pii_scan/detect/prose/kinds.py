"""What kind of text a name stands in: sentences, labels, or what machines write.

In a sentence a model's word is worth more than in a title or a line of a log, where a name must be one that
is known.
"""

from __future__ import annotations

import re
from typing import Final, Literal

Kind = Literal["prose", "label", "machine"]
KINDS: Final[tuple[Kind, ...]] = ("prose", "label", "machine")
#: Characters that are looked at.
_LOOKED: Final = 600
#: What sentences hardly hold: times of day with seconds, paths, calls, settings, levels, numbers in brackets.
_MARKS: Final = re.compile(
    r"\d\d:\d\d:\d\d|\b\d{4}-\d\d-\d\d\b|[\w.-]+=\S|\b0x[0-9a-fA-F]+|\w\(\)|\w+(?:\.\w+){2,}|(?:/[\w.-]+){2,}"
    r"|\[[\w. :/-]*\d[\w. :/-]*\]|\b(?:DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|TRACE|CRITICAL)\b"
    r"|\w_\w|\w::\w"
    r"|\b[a-z]+[A-Z]\w*|\b\w+\[\d+\]:"
)
#: How a log's line begins: with a date and a time of day to the second.
_HEAD: Final = re.compile(
    r"\W{0,3}(?:<\d+>)?(?:\w{3},? )?(?:[A-Z][a-z]{2} [ \d]?\d|\d{4}[-/]\d\d[-/]\d\d|\d\d/[A-Z][a-z]{2}/\d{4})"
    r"[ T:]\d\d:\d\d:\d\d"
)
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
#: Marks for each word from which a text is a machine's.
_MANY: Final = 0.12
#: Words of a sentence at least, and the share of them that begin in lower case.
_SENTENCE: Final = 5
_LOWER: Final = 0.4
#: Words from which a text that is all in one case is a sentence.
_UNCASED: Final = 6


def kind(text: str) -> Kind:
    """The kind of a text, by its first characters."""
    looked = text[:_LOOKED]
    words = _WORD.findall(looked)
    marks = sum(1 for _ in _MARKS.finditer(looked))
    if _HEAD.match(looked) or (marks and marks >= max(1.0, _MANY * len(words))):
        return "machine"
    lower = sum(word[0].islower() for word in words)
    if lower in (0, len(words)):
        return "prose" if len(words) >= _UNCASED else "label"
    return "prose" if len(words) >= _SENTENCE and lower >= _LOWER * len(words) else "label"
