"""What of a text goes into the index of look-ups, and what of an identifier is asked of it.

Every text in which `Matcher` finds an identifier has the identifier's term. Terms are addresses, numbers of
nine digits or more (their last eight) and ids of eight signs or more with a letter and three digits, or of
twelve digits. Names, dates, postcodes and short numbers have none: whoever steals the key may try all of
those. An identifier without a term (`of` gives None) is looked for in everything.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from .identifier import DOTLESS, Identifier
from .variants import digests

Kind = Literal["email", "phone", "code"]
KINDS: Final[tuple[Kind, ...]] = ("email", "phone", "code")
_SIGN: Final = re.compile(r"@|%40|\\u0040|&#64;|&#x40;")
_PLUS: Final = re.compile(r"\+|%2b|\\u002b|&#43;")
_DOMAIN: Final = re.compile(r"[\w-]+(?:\.\w[\w-]*)*")
_LOCAL: Final = string.ascii_lowercase + string.digits + "_.-"
_BEFORE_SIGN: Final = 200  # signs that an address with a tag has before its `@`, at most
_DIGITS: Final = re.compile(r"[0-9]+(?:[\s()./\-\u00a0]{1,3}[0-9]+)*")
_ISO_DATE: Final = re.compile(r"(?<![0-9])(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:[0-2]\d|3[01])(?![0-9])")
_AS_DATE: Final = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])")
_FEWEST: Final = 9  # digits of a number that has a term
_LAST: Final = 8  # those that are its term
_RUN: Final = re.compile(r"[%\\]?[\w-]{8,}")
_PARTS: Final = re.compile(r"[\w-]+")
_HASH: Final = re.compile(r"(?<![0-9a-f])[0-9a-f]{32,128}(?![0-9a-f])")
_HASHES: Final = frozenset((32, 40, 64, 128))
_TIME: Final = re.compile(r"\d{4}-?\d\d-?\d\d(?:[t_-]?[\d-]*z?)?")
_LONG_NUMBER: Final = 12


@dataclass(slots=True)
class Terms:
    """The terms of a block, by kind."""

    email: set[str] = field(default_factory=set, repr=False)
    phone: set[str] = field(default_factory=set, repr=False)
    code: set[str] = field(default_factory=set, repr=False)

    def add(self, text: str) -> None:
        """Those of a text; texts of several cells are joined by a NUL."""
        lower = text.lower()
        self.email.update(_addresses(lower))
        self.phone.update(_numbers(lower))
        self.code.update(_codes(lower))

    def by_kind(self) -> tuple[set[str], ...]:
        return (self.email, self.phone, self.code)


def of(one: Identifier) -> Sequence[tuple[Kind, str]] | None:
    """The terms of which any text with the identifier has one; None if it may have none."""
    if one.kind == "phone":
        told = len(one.national) >= _FEWEST and not _AS_DATE.search(one.national)
        return [("phone", one.national[-_LAST:])] if told else None
    if one.kind == "id":
        parts = [part for part in _PARTS.findall(one.text.lower()) if _tells(part)]
        return [("code", max(parts, key=len))] if parts and one.text.isascii() else None
    found = {term for domain in one.domains for term in _addresses(f"{one.local}@{domain}")}
    hashes = list(digests(one))
    whole = len(found) == 1 and one.text.isascii() and all(_hash_tells(text) for text in hashes)
    if not whole or not set(one.local[-1:]) <= set(_LOCAL):
        return None
    return [("email", found.pop()), *(("code", text) for text in hashes)]


def _addresses(lower: str) -> Iterator[str]:
    for sign in _SIGN.finditer(lower):
        domain = _DOMAIN.match(lower, sign.end())
        if domain is None:
            continue
        before = lower[max(0, sign.start() - _BEFORE_SIGN) : sign.start()]
        ends = [len(before), *(plus.start() for plus in _PLUS.finditer(before))]
        for local in (text for end in ends for text in _ending(before[:end])):
            yield _canonical(local, domain.group())


def _ending(text: str) -> Iterator[str]:
    """The local parts that a text may end with: behind an escape it may begin later."""
    stem = text.rstrip(_LOCAL)
    local = text[len(stem) :]
    if not local:
        return
    yield local
    if stem.endswith("%") and local[2:]:
        yield local[2:]
    if stem.endswith("\\") and local[1:]:
        yield local[1:]


def _canonical(local: str, domain: str) -> str:
    if domain in DOTLESS:
        return f"{local.replace('.', '')}@gmail.com"
    return f"{local}@{domain}"


def _numbers(text: str) -> Iterator[str]:
    for found in _DIGITS.finditer(_ISO_DATE.sub("-date-", text)):
        digits = ""
        if found.end() - found.start() < _FEWEST:
            continue
        for part in re.split("[^0-9]+", found.group()):
            digits += part
            if len(digits) >= _FEWEST:
                yield digits[-_LAST:]


def _codes(lower: str) -> Iterator[str]:
    for run in set(_RUN.findall(lower)):
        tails = [run]
        if run[0] == "%":
            tails = [run[1:], run[3:]]
        elif run[0] == "\\":
            tails = [run[1:], run[2:]]
        yield from filter(_tells, tails)
    yield from filter(_hash_tells, _HASH.findall(lower))


def _hash_tells(text: str) -> bool:
    return len(text) in _HASHES


def _tells(run: str) -> bool:
    """True for what looks like an id of which there are too many to try them all."""
    digits = sum(map(run.count, string.digits))
    if len(run) < 8 or digits < 3 or _TIME.fullmatch(run):
        return False
    return digits >= _LONG_NUMBER or any(sign.isalpha() for sign in run)
