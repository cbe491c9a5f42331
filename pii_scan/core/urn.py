"""URNs: `kind://store/part/part#field/field`, each part percent-encoded, so that dots stay names."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote, unquote

_RESERVED = frozenset('/#%?"\\')


def quote_part(part: str) -> str:
    """One path part, readable but unambiguous: `/`, `#`, `%`, `?` and what can't be printed are encoded."""
    if part.isprintable() and _RESERVED.isdisjoint(part):
        return part
    return "".join(c if c.isprintable() and c not in _RESERVED else _encoded(c) for c in part)


def _encoded(character: str) -> str:
    return quote(character, safe="", encoding="utf-8", errors="surrogatepass")


def join(base: str, parts: Iterable[str], separator: str = "/") -> str:
    """`base` followed by `separator` and the encoded parts."""
    return base + separator + "/".join(quote_part(part) for part in parts)


def store_urn(kind: str, name: str) -> str:
    return f"{kind}://{quote_part(name)}"


def split(urn: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """A URN's store URN, dataset path and field path (the last two may be empty).

    Raises ValueError for a text without `://`.
    """
    body, _, field = urn.partition("#")
    kind, mark, rest = body.partition("://")
    if not mark:
        raise ValueError("not a URN")
    name, *path = rest.split("/")
    parts = tuple(unquote(part) for part in path)
    fields = tuple(unquote(part) for part in field.split("/")) if field else ()
    return f"{kind}://{name}", parts, fields


def dataset_of(urn: str) -> str:
    """The dataset URN of a field URN (a dataset's own URN is returned as it is)."""
    return urn.partition("#")[0]
