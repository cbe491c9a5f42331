"""Secrets written out where only a reference should stand: where they are, and how they are shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..core.reference import blank

MASK = "***"
_WORDS = r"(?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key)"
_SECRET_NAME = re.compile(rf"{_WORDS}$", re.IGNORECASE)
_PARAMETER = re.compile(rf"(?:^|[?&;\s])[\w.-]*{_WORDS}\s*=\s*(?P<secret>[^&;#\s]+)", re.IGNORECASE)
_PORT = re.compile(r"[0-9]+|\0+")
_QUERY = re.compile(r"\?[^?]*=")
_AUTHORITY = re.compile(r"://(?P<start>[^/?#]*)")


def spans(text: str) -> tuple[tuple[int, int], ...]:
    """Where secrets are written out in a URL or connection string; references don't count."""
    bare = blank(text)
    found = [*_user_info(bare), *(match.span("secret") for match in _PARAMETER.finditer(bare))]
    return tuple(_joined(span for span in found if bare[slice(*span)].strip("\0")))


def _joined(found: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans in order, those that overlap as one."""
    joined: list[tuple[int, int]] = []
    for start, stop in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(stop, joined[-1][1])
        else:
            joined.append((start, stop))
    return joined


def _user_info(text: str) -> Iterator[tuple[int, int]]:
    """The password before the last `@`, also when its `/`, `?` or `#` was not encoded."""
    authority = _AUTHORITY.search(text)
    if not authority:
        return
    user, colon, rest = authority.group("start").partition(":")
    if not colon or user.startswith("[") or ("@" in user and "@" not in rest):
        return
    first = authority.start("start") + len(user) + 1
    last = text.rfind("@", first)
    at = text.rfind("@", first, authority.end())
    if at >= 0:
        yield first, last if text[first:at].strip("\0") else at
    elif last >= 0 and not (_PORT.fullmatch(rest) and _QUERY.search(text, first, last)):
        yield first, last


def shown(text: str) -> str:
    """The text as it may be shown: every secret written out becomes `***`."""
    for start, stop in reversed(spans(text)):
        text = text[:start] + MASK + text[stop:]
    return text


def is_secret_name(name: str) -> bool:
    """True for names such as `password` and `aws_secret`."""
    return bool(_SECRET_NAME.search(name))


def shown_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """Options as they may be shown: texts under secret names and secrets in URLs are masked."""
    return {name: _shown_value(name, value) for name, value in options.items()}


def _shown_value(name: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        return shown_options(value)
    if isinstance(value, list):
        return [_shown_value(name, item) for item in value]
    if is_secret_name(name):
        return value if isinstance(value, str) and is_reference(value) else MASK
    return shown(value) if isinstance(value, str) else value


def is_reference(text: str) -> bool:
    """True if the whole text consists of references."""
    return bool(text) and not blank(text).strip("\0")
