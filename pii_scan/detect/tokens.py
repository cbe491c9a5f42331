"""Names to tokens: camelCase, snake_case, digits, accents and display labels."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from .text import unaccented

Tokens = tuple[str, ...]
_PARTS: Final = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+|[^\W\d_A-Za-z]+")
#: Abbreviations whose capitals would fall apart.
_KEPT: Final = re.compile(
    r"(?<![A-Za-z])(?:iCal|eMail|IPv4|IPv6|OAuth|GitHub|WhatsApp|LinkedIn|YouTube)", re.IGNORECASE
)


@lru_cache(maxsize=65536)
def tokens(name: str) -> Tokens:
    """The words of a name, in lower case without accents; digits are words of their own."""
    plain = _KEPT.sub(lambda m: m.group().capitalize(), _ascii(name))
    return tuple(part.lower() for part in _PARTS.findall(plain))


def _ascii(name: str) -> str:
    """Without accents, capitals kept, for they part words."""
    if name.isascii():
        return name
    return "".join(unaccented(c).upper() if c.isupper() else unaccented(c) for c in name)
