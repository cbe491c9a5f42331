"""Text as patterns see it: compatible forms folded, invisible characters gone."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import polars as pl

#: Characters that hide ASCII text from a pattern, as a class that Rust and Python read alike.
ODD: Final = (
    "[\u00a0\u00ad\u0660-\u0669\u06f0-\u06f9\u0966-\u096f"
    "\u2000-\u2015\u202f\u205f\u2060\u3000\ufeff\uff01-\uff5e]"
)
_ODD = re.compile(ODD)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
#: A character with the accents and invisible characters that follow it.
_CLUSTER: Final = re.compile("(?s:.)[\u0300-\u036f\u00ad\u200b-\u200f\u2060\ufeff]*")
_DASHES: Final = str.maketrans({chr(code): "-" for code in range(0x2010, 0x2016)} | {"\u2212": "-"})


def fold(text: str) -> str:
    """NFKC, ASCII digits and dashes, no invisible characters; the text itself if it has none of them."""
    if not _ODD.search(text):
        return text
    return _plain(text)


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text.translate(_DASHES)))
    return "".join(_digit(char) for char in plain)


def folded(texts: pl.Series) -> pl.Series:
    """Every text folded; most columns stay as they are."""
    odd = texts.str.contains(ODD)
    if not odd.any():
        return texts
    frame = pl.DataFrame({"t": texts, "odd": odd})
    fixed = pl.col("t").map_elements(fold, return_dtype=pl.String)
    return frame.select(t=pl.when("odd").then(fixed).otherwise("t"))["t"]


def _digit(char: str) -> str:
    return str(unicodedata.decimal(char)) if char > "\x7f" and char.isdecimal() else char


def key(text: str) -> str:
    """The form in which values are compared: NFKC, case folded, without space around."""
    if text.isascii():
        return text.strip().lower()
    return unicodedata.normalize("NFKC", text).strip().casefold()


def unaccented(text: str) -> str:
    """Lower case without accents, `ß` as `ss`."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def placed(text: str) -> tuple[str, tuple[int, ...] | None]:
    """As `fold`, with the place in `text` of each character and of the end; None if they are the same."""
    if not _ODD.search(text):
        return text, None
    parts: list[str] = []
    places: list[int] = []
    for match in _CLUSTER.finditer(text):
        parts.append(_plain(match.group()))
        places += [match.start()] * len(parts[-1])
    return "".join(parts), (*places, len(text))
