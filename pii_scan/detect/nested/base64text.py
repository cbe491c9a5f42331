"""Base64 of text, and JSON Web Tokens."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Any, Final

import polars as pl

from ..sealed import envelope
from . import jsontext
from .tree import BASE64, HERE, JWT, JWT_HEADER, Object, Text

_ALPHABET: Final = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}")
#: A word of a longer text; short ones are seldom more than names.
_LONG: Final = "[A-Za-z0-9+/_-]{16,}"
_WORD: Final = re.compile(rf"(?<![\w+/-]){_LONG}={{0,2}}(?![\w+/=-])")
_JWT: Final = re.compile(r"(?i:bearer )?(eyJ[\w-]{4,})\.(eyJ[\w-]{4,})\.[\w-]*")
#: Characters a short word needs before its decoding can be no accident: 16 decode to 12 bytes, which
#: are printable ASCII by chance once in 100,000 times, and mostly letters once in ten million.
_TEXT: Final = 16
_SIGNS: Final = frozenset(" \t\r\n.,:;@-_/+'\"()&=?!#%*")
#: The share of letters, digits and common signs in a text.
_READABLE: Final = 0.95


def read(text: str) -> Object | None:
    """A JWT with its claims, or what a base64 text says; None for anything else."""
    if "eyJ" in text[:10] and (match := _JWT.fullmatch(text)):
        return _jwt(text, match)
    said = decoded(text)
    return None if said is None else Object([(BASE64, said)])


def worded(text: pl.Expr) -> pl.Expr:
    """True for every text in whose words `within` could find any."""
    return text.str.contains(_LONG)


def within(text: str) -> Iterator[str]:
    """What the words of a longer text say that are base64 of text."""
    for word in _WORD.findall(text):
        said = decoded(word)
        if said is not None:
            yield said


def decoded(text: str) -> str | None:
    """The text that `text` encodes, or None if it is a word, a number, a hash or a cipher.

    Lines may be broken; the URL-safe alphabet may go without padding.
    """
    joined = text.replace("\r", "").replace("\n", "")
    if not _ALPHABET.fullmatch(joined):
        return None
    said = _bytes(joined)
    try:
        plain = said.decode("utf-8") if said else ""
    except UnicodeDecodeError:
        return None
    if plain[:1] in ("{", "[", "<") and plain.rstrip()[-1:] in ("}", "]", ">"):
        return plain if _printable(plain) and not envelope(plain) else None
    return plain if len(joined) >= _TEXT and _mixed(joined) and _readable(plain) else None


def _bytes(text: str) -> bytes | None:
    """The decoded bytes, None where the length or the alphabet is no encoder's."""
    bare = text.rstrip("=")
    padded = len(text) > len(bare)
    if len(bare) % 4 == 1 or (padded and len(text) % 4):
        return None
    standard = bare.replace("-", "+").replace("_", "/")
    try:
        found = base64.b64decode(standard + "=" * (-len(bare) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
    return found if base64.b64encode(found).decode("ascii").rstrip("=") == standard else None


def _mixed(text: str) -> bool:
    """True for capitals and small letters together: encoded text has both, names seldom."""
    return text != text.lower() and text != text.upper()


def _printable(text: str) -> bool:
    return all(c.isprintable() or c in "\t\r\n" for c in text)


def _readable(text: str) -> bool:
    """True for printable text that is mostly letters, digits and common signs."""
    if not text.strip() or not _printable(text):
        return False
    return sum(c.isalnum() or c in _SIGNS for c in text) >= _READABLE * len(text)


def _jwt(text: str, match: re.Match[str]) -> Object | None:
    """The token stays a value, for it opens doors; its claims come below it."""
    header, payload = (_claims(match[number]) for number in (1, 2))
    if header is None or payload is None:
        return None
    return Object([(HERE, Text(text)), (JWT, Object([(JWT_HEADER, header), *payload]))])


def _claims(part: str) -> list[Any] | None:
    found = _bytes(part)
    try:
        claims = jsontext.read(found.decode("utf-8")) if found else None
    except UnicodeDecodeError:
        return None
    return claims if isinstance(claims, Object) else None
