"""The texts that a source is asked for: few enough for one statement, and none of the forms is missed."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

from ..core.sought import Sought
from .identifier import Identifier

#: Digests under which an address is passed on, with the words for them.
HASHES: Final = {"md5": "MD5", "sha1": "SHA-1", "sha256": "SHA-256", "sha512": "SHA-512"}
#: What stands between the digits of a number.
BETWEEN: Final = " ()-./\u00a0"
_SHORTEST_ENCODED: Final = 8


def sought(one: Identifier) -> tuple[Sought, ...]:
    """Texts of which a cell holds at least one if it holds the identifier in any form."""
    if one.kind == "phone":
        return (Sought(one.national, loose=BETWEEN), *(Sought(text) for text in _encoded(one.text)))
    texts = _address(one) if one.kind == "email" else _plain(one.text)
    found = [Sought(text) for text in dict.fromkeys(text.casefold() for text in texts)]
    if one.dotless:
        bare = one.local.replace(".", "")
        found += [Sought(f"{bare}+", loose="."), Sought(f"{bare}%2b", loose=".")]
        found += [
            Sought(f"{bare}{sign}{d.replace('.', '')}", loose=".")
            for d in one.domains
            for sign in ("@", "%40")
        ]
    return tuple(found)


def digests(one: Identifier) -> dict[str, str]:
    """The hexadecimal digests of an address in lower case, with the name of the hash.

    Of the plain address, of its other domains, and of the spelling that is known.
    """
    if one.kind != "email":
        return {}
    texts = dict.fromkeys((one.text, *(f"{one.local}@{domain}" for domain in one.domains), one.written))
    return {
        hashlib.new(name, text.encode(), usedforsecurity=False).hexdigest(): said
        for text in filter(None, texts)
        for name, said in HASHES.items()
    }


def _address(one: Identifier) -> Iterator[str]:
    for domain in one.domains:
        whole = f"{one.local}@{domain}"
        yield from _plain(whole)
        yield from (f"{one.local}{sign}{domain}" for sign in ("%40", "\\u0040", "&#64;", "&#x40;"))
    yield from (f"{one.local}{sign}" for sign in ("+", "%2b", "\\u002b", "&#43;"))
    yield from _encoded(one.written)
    yield from digests(one)


def _plain(text: str) -> Iterator[str]:
    """The text, as JSON and URLs write it, and inside base64."""
    yield text
    yield json.dumps(text)[1:-1]
    yield quote(text, safe="")
    yield quote(text, safe="@")
    yield from _encoded(text)


def _encoded(text: str) -> Iterator[str]:
    """What base64 of a longer text holds of it, wherever it begins, by both alphabets."""
    raw = text.encode()
    for shift in range(3):
        whole = base64.b64encode(b"\0" * shift + raw).decode()
        inside = whole[(0, 2, 3)[shift] : (shift + len(raw)) * 8 // 6]
        if len(inside) >= _SHORTEST_ENCODED:
            yield inside
            yield inside.replace("+", "-").replace("/", "_")
