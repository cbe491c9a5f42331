"""Numbers beside a name, in brackets, after `#` or in the cell before it: they stand for the person."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from .span import Span

DETECTOR: Final = "beside"
CATEGORY: Final = "user.unique_id"
#: As sure as a number can be that no word tells: nearly as sure as the name, and never more than this.
_MOST: Final = 0.6
#: Names that are less sure tell nothing of what stands beside them.
_LEAST: Final = 0.5
_VALUE: Final = r"[A-Za-z]{0,4}[-/]?[0-9][A-Za-z0-9]{0,9}(?:[-/][A-Za-z0-9]{1,8}){0,2}"
_BEHIND: Final = re.compile(
    rf",? ?(?:[(\[] ?(?i:(?:id|no\.?|nr\.?|n°|nº|ref\.?|réf\.?)[ :]{{0,2}}|# ?)?(?P<inside>{_VALUE}) ?[)\]]"
    rf"|# ?(?P<marked>{_VALUE})(?![A-Za-z0-9-]))"
)
#: A cell, or the words of a sentence's beginning, that is a code alone, before the name's.
_AHEAD: Final = re.compile(
    rf"(?:^|[\n;|\t,]) ?(?P<cell>{_VALUE}) ?[;|\t,] ?\"?$|(?:^|[\n;|\t.:] ?)(?P<outside>{_VALUE}) ?[(\[]$"
)
_REACH: Final = 40
#: A date, a year or years, a clock time, a phone number without a letter.
_OTHER: Final = re.compile(
    r"(?:19|20)[0-9]{2}(?:[-/](?:19|20)?[0-9]{2}){0,2}|[0-3]?[0-9][-/][0-3]?[0-9](?:[-/][0-9]{2,4})?|0[0-9]{8,10}"
)


def codes(text: str, names: Iterable[Span]) -> Iterator[Span]:
    """The identifiers beside the names of a text: `Holm (RH-0042)`, `RH-0042;Holm`, `RH-0042 (Holm)`.

    They have four digits at least; five where no letter is with them and they stand before the name.
    """
    for name in names:
        if name.confidence < _LEAST:
            continue
        from_ = max(0, name.start - _REACH)
        for match, offset, plain in (
            (_BEHIND.match(text, name.end), 0, 4),
            (_AHEAD.search(text[from_ : name.start]), from_, 5),
        ):
            if match and _code(match[match.lastgroup or 0], plain):
                yield _told(match, offset, name)


def _told(match: re.Match[str], offset: int, name: Span) -> Span:
    start, end = match.span(match.lastgroup or 0)
    return Span(start + offset, end + offset, CATEGORY, DETECTOR, min(name.confidence, _MOST))


def _code(value: str, plain: int) -> bool:
    """True for a code of four digits at least, of `plain` if no letter is with them."""
    least = 4 if any(sign.isalpha() for sign in value) else plain
    return _digits(value) >= least and not _OTHER.fullmatch(value)


def _digits(value: str) -> int:
    return sum(sign.isdigit() for sign in value)
