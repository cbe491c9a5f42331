"""Numbers in brackets, or after `#`, right behind a name: they stand for the person."""

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
#: A date, a year or years, a clock time, a phone number without a letter.
_OTHER: Final = re.compile(
    r"(?:19|20)[0-9]{2}(?:[-/](?:19|20)?[0-9]{2}){0,2}|[0-3]?[0-9][-/][0-3]?[0-9](?:[-/][0-9]{2,4})?|0[0-9]{8,10}"
)


def codes(text: str, names: Iterable[Span]) -> Iterator[Span]:
    """The identifiers right behind the names of a text, such as `Holm (RH-0042)`: four digits at least."""
    for name in names:
        match = _BEHIND.match(text, name.end) if name.confidence >= _LEAST else None
        if match is None:
            continue
        group = "inside" if match["inside"] else "marked"
        value = match[group]
        if sum(sign.isdigit() for sign in value) >= 4 and not _OTHER.fullmatch(value):
            yield Span(*match.span(group), CATEGORY, DETECTOR, min(name.confidence, _MOST))
