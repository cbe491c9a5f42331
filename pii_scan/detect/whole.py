"""Validators over whole columns: each answers, for texts that match its rule's regex, as its twin does.

The twins in `checksums` and `formats` look at one text; a property test holds them against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
import polars as pl

from . import checksums, formats

Bools = np.ndarray[Any, np.dtype[np.bool_]]
_BAD_EMAIL: Final = (
    r"\.\.[\s\S]*@|\.@|^(?i:git)@|\.(?i:" + "|".join(sorted(formats.FILES, key=len, reverse=True)) + ")$"
)
_OCTET: Final = r"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])"
_FIRST: Final = r"(?:22[0-3]|2[01][0-9]|1[013-9][0-9]|12[0-689]|[1-9][0-9]|[1-9])"
_IPV4: Final = f"^{_FIRST}(?:\\.{_OCTET}){{3}}$"
_NO_HOST: Final = r"^169\.254\.|\.0\.0\.0$"
_NO_MAC: Final = r"(?i)^[0-9]+\.[0-9.]+$|" + "|".join(f"^[{digit}:.-]+$" for digit in "0123456789abcdef")
#: Card schemes: digits that numbers begin with, and their lengths (ISO/IEC 7812 ranges).
_SCHEMES: Final = "|".join(
    (
        r"^4(?:[0-9]{12}|[0-9]{15}|[0-9]{18})$",
        r"^(?:5[1-5][0-9]{14}|(?:222[1-9]|22[3-9][0-9]|2[3-6][0-9]{2}|27[01][0-9]|2720)[0-9]{12})$",
        r"^3[47][0-9]{13}$",
        r"^(?:30[0-5][0-9]|3[689][0-9]{2})(?:[0-9]{10}|[0-9]{12})$",
        r"^(?:6011|6[045][0-9]{2}|62[2-9][0-9]|352[89]|35[3-8][0-9])[0-9]{12,15}$",
        r"^(?:50|5[678]|6[37])[0-9]{11,17}$",
        r"^62[0-9]{14,17}$",
    )
)
_GROUPS: Final = r"^(?:[0-9]+|[0-9]{4}(?:[ -][0-9]{4,}){1,3}[ -][0-9]+)$"
_LUHN: Final = np.array([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 2, 4, 6, 8, 1, 3, 5, 7, 9], np.uint8)
_LONGEST: Final = 19


def email(texts: pl.Series) -> Bools:
    return ~_holds(texts, _BAD_EMAIL)


def ipv4(texts: pl.Series) -> Bools:
    return _holds(texts, _IPV4) & ~_holds(texts, _NO_HOST)


def mac_address(texts: pl.Series) -> Bools:
    return ~_holds(texts, _NO_MAC)


def card_like(texts: pl.Series) -> Bools:
    """Length, issuer range, grouping and variety of a card number, without its check digit."""
    numbers = _digits(texts)
    like = _holds(numbers, _SCHEMES) & _holds(texts, _GROUPS)
    some = np.flatnonzero(like)
    if some.size:
        chosen = numbers.gather(some)
        like[some] = _variety(chosen) >= np.where(_holds(chosen, "^4"), 2, 3)
    return like


def card(texts: pl.Series) -> Bools:
    valid = card_like(texts)
    some = np.flatnonzero(valid)
    if some.size:
        valid[some] = luhn(_digits(texts.gather(some)))
    grouped = np.flatnonzero(~valid & _holds(texts, "[ -]"))
    if grouped.size:
        # A group may follow the number, such as its check code: only the twin tries that.
        valid[grouped] = [checksums.card(text) for text in texts.gather(grouped)]
    return valid


def luhn(numbers: pl.Series) -> Bools:
    """ISO/IEC 7812-1, annex B, for texts of at most 19 digits."""
    matrix = _matrix(numbers)
    matrix[:, -2::-2] += 10
    total = _LUHN[matrix].sum(axis=1, dtype=np.uint16)
    return np.asarray(total % 10 == 0)


def _holds(texts: pl.Series, regex: str) -> Bools:
    return texts.str.contains(regex).to_numpy().copy()


def _digits(texts: pl.Series) -> pl.Series:
    return texts.str.replace_all("[ .-]", "")


def _matrix(numbers: pl.Series) -> Any:
    """Digits as numbers, a row a text, right-aligned."""
    buffer = numbers.str.zfill(_LONGEST).to_arrow().cast("string").buffers()[2]
    return np.frombuffer(buffer, np.uint8)[: len(numbers) * _LONGEST].reshape(-1, _LONGEST) - np.uint8(48)


def _variety(numbers: pl.Series) -> Any:
    """How many different digits each text has."""
    size = numbers.str.len_bytes().to_numpy()
    bits = np.left_shift(np.uint16(1), _matrix(numbers).astype(np.uint16))
    bits[np.arange(_LONGEST) < _LONGEST - size[:, None]] = 0
    seen = np.bitwise_or.reduce(bits, axis=1)
    return np.bitwise_count(seen)


def anything(texts: pl.Series) -> Bools:
    return np.ones(len(texts), bool)


#: By the names that rules use; what is missing here is looked at text by text.
VALIDATORS: Final[Mapping[str, Callable[[pl.Series], Bools]]] = {
    "": anything,
    "email": email,
    "ipv4": ipv4,
    "mac_address": mac_address,
    "card": card,
}
