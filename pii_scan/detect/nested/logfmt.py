"""Pairs in a line: `level=info email=ada@example.org name="Ada L"`."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from .tree import HERE, Object, Text

_PAIR: Final = re.compile(
    r"""(?<!\w[(\[])(?<![^\s,;|(\[])@?([A-Za-z_][\w.-]{1,63})="""
    r"""(?:"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|([^\s,;"'&=(){}<>\[\]|]+))(?=[\s,;|)\]]|$)"""
)
#: Statements, programs and pages have signs of equality that make no record.
_NONE: Final = re.compile(
    r"\b(?:SELECT|UPDATE|INSERT|DELETE|WHERE|select|where)\b|</?[A-Za-z]|[;{]\s{0,9}\n"
    r"|\b(?:def|return|import|function|const)\s"
)
_GAP: Final = 3
#: So many pairs are a record though words stand between them.
_MANY: Final = 3


def read(text: str) -> Object | None:
    """The pairs with the text around them, or None for a text that has no two of them in a row."""
    pairs = list(_PAIR.finditer(text))
    if len(pairs) < 2 or not (len(pairs) >= _MANY or _near(pairs)) or _NONE.search(text):
        return None
    found, rest, end = Object(), [], 0
    for pair in pairs:
        rest.append(text[end : pair.start()])
        end = pair.end()
        value = next(group for group in pair.groups()[1:] if group is not None)
        found.append((pair[1], value.replace('\\"', '"') if pair[2] else value))
    around = "".join((*rest, text[end:])).strip(" ,;|()[]")
    return Object([(HERE, Text(around)), *found])


def _near(pairs: list[re.Match[str]]) -> bool:
    return any(b.start() - a.end() <= _GAP for a, b in pairwise(pairs))
