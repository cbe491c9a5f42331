"""Forms, cookies and the queries of URLs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import unquote_plus

from .tree import FRAGMENT, HERE, ITEM, QUERY, Object, Text, position

_NAME: Final = r"[A-Za-z_%][\w.%+~:$-]{0,99}(?:\[[^\s&=\[\]]{0,64}\]){0,8}"
_FORM: Final = re.compile(rf"\??{_NAME}=[^\s&=]*(?:&(?:amp;)?{_NAME}=[^\s&]*)+&?")
_COOKIE: Final = re.compile(r"[\w.$-]{2,64}=[^\s;,]*(?:; ?[\w.$-]{2,64}=[^\s;,]*)+;?")
_URL: Final = re.compile(
    r"(?:[A-Za-z][A-Za-z0-9+.-]{0,20}:|/)?[^\s?#=&<>{}\"']*(?:\?([^\s#]*))?(?:#([^\s#]*))?"
)
_QUERY: Final = re.compile(rf"{_NAME}=[^\s&]*(?:&(?:amp;)?[^\s&]*)*")
_PARTS: Final = re.compile(r"\[([^\[\]]*)\]")


def read(text: str) -> Object | None:
    """The pairs of a form or cookie header, or a URL with those of its query; None for other text."""
    if " " not in text and "\n" not in text:
        if _FORM.fullmatch(text):
            return pairs(text.lstrip("?"))
        return _url(text) if "?" in text or "#" in text else None
    if "; " in text and _COOKIE.fullmatch(text):
        return Object(_pair(part) for part in text.split(";") if "=" in part)
    return None


def pairs(text: str) -> Object:
    """The pairs of a form, decoded; a part without a sign of equality is a name without a value."""
    return Object(_pair(part) for part in text.replace("&amp;", "&").split("&") if part)


def _url(text: str) -> Object | None:
    """A URL stays a value; its parameters come below it."""
    match = _URL.fullmatch(text)
    if match is None:
        return None
    found: Object = Object([(HERE, Text(text))])
    for mark, part in ((QUERY, match[1]), (FRAGMENT, match[2])):
        if part and _QUERY.fullmatch(part):
            found.append((mark, pairs(part)))
    return found if len(found) > 1 else None


def _pair(part: str) -> tuple[str, Any]:
    name, _, value = part.partition("=")
    plain = unquote_plus(name.strip())
    return _nested((plain.partition("[")[0], *_PARTS.findall(plain)), unquote_plus(value))


def _nested(names: Iterable[str], value: str) -> tuple[str, Any]:
    """`user[email]` as an object in an object, as the frameworks that write it read it."""
    first, *rest = [ITEM if not name or position(name) else name for name in names]
    node: Any = value
    for name in reversed(rest):
        node = Object([(name, node)])
    return first, node
