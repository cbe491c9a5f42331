"""Whether a text holds the person's identifier, in which form, and whether it is nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from .identifier import Identifier
from .variants import digests

#: What may stand before an identifier: no part of a longer one, but an escape's end.
_BEFORE: Final = r"(?:(?<![\w.+\-])|(?<=%[0-9A-Fa-f]{2})|(?<=\\[nrt]))"
_AFTER: Final = r"(?![\w\-]|\.\w)"
_AT: Final = r"(?:@|%40|\\u0040|&\#64;|&\#x40;)"
_TAG: Final = r"(?P<tag>(?:\+|%2[Bb]|\\u002[Bb]|&\#43;)[^\s@<>\"',;%]{1,64})?"
_SPACES: Final = r"[\s()./\-\u00a0]{0,3}"
_OTHER_CODE: Final = re.compile(r"(?:\+|\b00)[1-9]\d{0,2}[\s()./\-\u00a0]{0,3}$")
WORDS: Final = {"email": "the e-mail address", "phone": "the phone number", "id": "the id"}


@dataclass(frozen=True, slots=True)
class Match:
    """How a text holds it: `whole` if it is nothing else; `form` in words that tell no value."""

    whole: bool
    form: str
    kind: str = ""
    learned: bool = False  # by an id that was not given


@dataclass(frozen=True, slots=True)
class Matcher:
    """Finds one person's identifiers."""

    patterns: tuple[tuple[re.Pattern[str], Identifier], ...] = field(repr=False)
    hashes: dict[str, str] = field(repr=False)

    @property
    def given(self) -> tuple[Identifier, ...]:
        return tuple(one for _, one in self.patterns)

    @classmethod
    def of(cls, given: Sequence[Identifier]) -> Matcher:
        hashes = {digest: said for one in given for digest, said in digests(one).items()}
        return cls(tuple((re.compile(_pattern(one), re.IGNORECASE), one) for one in given), hashes)

    def match(self, text: str) -> Match | None:
        for pattern, one in self.patterns:
            found = next((m for m in pattern.finditer(text) if not _abroad(m, one)), None)
            if found:
                whole = found.group() == text.strip()
                return Match(whole, _form(found, one), one.kind, bool(one.source))
        return self._hashed(text)

    def _hashed(self, text: str) -> Match | None:
        folded = text.casefold()
        for digest, said in self.hashes.items():
            at = folded.find(digest)
            if at >= 0 and not _hex(folded[at - 1 : at]) and not _hex(folded[at + len(digest) :][:1]):
                return Match(folded.strip() == digest, f"the {said} hash of the e-mail address", "email")
        return None

    def without(self, text: str, replacement: str) -> str:
        """The text with every form of the identifiers replaced."""
        for pattern, _ in self.patterns:
            text = pattern.sub(replacement, text)
        for digest in self.hashes:
            text = re.sub(digest, replacement, text, flags=re.IGNORECASE)
        return text


def _abroad(found: re.Match[str], one: Identifier) -> bool:
    """True for the same digits behind another country's code."""
    before = found.string[max(0, found.start() - 10) : found.start()]
    return one.kind == "phone" and _OTHER_CODE.search(before) is not None


def _hex(sign: str) -> bool:
    return bool(sign) and sign in "0123456789abcdef"


def _pattern(one: Identifier) -> str:
    if one.kind == "phone":
        digits = _SPACES.join(one.national)
        code = _SPACES.join(one.country_code)
        prefix = rf"(?:(?:\+|00){_SPACES}{code}{_SPACES}(?:\(0\){_SPACES})?|{code}{_SPACES}|\(?0{_SPACES})?"
        return rf"(?<![\d+]){prefix}\(?{digits}(?!\d)"
    if one.kind == "id":
        return _BEFORE + re.escape(one.text) + _AFTER
    letters = one.local.replace(".", "") if one.dotless else ""
    local = r"\.?".join(map(re.escape, letters)) if letters else _spelled(one.local)
    domain = "|".join(re.escape(domain) for domain in one.domains)
    return f"{_BEFORE}{local}{_TAG}{_AT}(?:{domain}){_AFTER}"


def _spelled(text: str) -> str:
    """Each sign as it is, or as JSON and URLs escape it."""
    return "".join(re.escape(c) if c.isascii() else f"(?:{re.escape(c)}|{_escaped(c)})" for c in text)


def _escaped(sign: str) -> str:
    in_url = "".join(f"%{byte:02x}" for byte in sign.encode())
    in_json = "".join(
        rf"\\u{int.from_bytes(sign.encode('utf-16-be')[i : i + 2], 'big'):04x}"
        for i in range(0, len(sign.encode("utf-16-be")), 2)
    )
    return f"{in_url}|{in_json}"


def _form(found: re.Match[str], one: Identifier) -> str:
    said = WORDS[one.kind]
    if one.source:
        return f"{said} {one.source}"
    if one.kind == "email" and found.group("tag"):
        return f"{said} with a tag"
    text = found.group()
    if text == one.text or one.kind == "id":
        return said
    return (
        f"{said} in another case" if text.casefold() == one.text.casefold() else f"{said} written otherwise"
    )
