"""What a person is looked for by: an e-mail address, a phone number or an id, in every form they come in.

The texts live here and in what is read, nowhere else: no `repr`, message or log holds them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, Literal

import phonenumbers

from ..core.errors import ConfigError

Kind = Literal["email", "phone", "id"]
_EMAIL: Final = re.compile(r"[^\s@<>\"]{1,64}@[^\s@<>\"]{1,190}\.[^\s@<>\".]{2,}")
_PHONE: Final = re.compile(r"\+[\d\s().\-/]{7,24}|00[\d\s().\-/]{7,24}")
_ID: Final = re.compile(r"(?=.*\d)[\w.:|+=/-]{6,200}")
#: Hosts for which dots in the local part mean nothing.
DOTLESS: Final = frozenset(("gmail.com", "googlemail.com"))
_MOST: Final = 20


@dataclass(frozen=True, slots=True)
class Identifier:
    """One normalised identifier: an address in lower case without its tag, a number as E.164, an id.

    `written` is an address in lower case as it was written, if that differs: digests are made of it.
    `source` tells of an id that was not given where it was read, in words that may be shown.
    """

    kind: Kind
    text: str = field(repr=False)
    written: str = field(default="", repr=False)
    source: str = field(default="", compare=False)

    @property
    def local(self) -> str:
        return self.text.rpartition("@")[0]

    @property
    def domain(self) -> str:
        return self.text.rpartition("@")[2]

    @property
    def domains(self) -> tuple[str, ...]:
        """The domain with those that are the same mailbox."""
        return tuple(sorted(DOTLESS)) if self.domain in DOTLESS else (self.domain,)

    @property
    def dotless(self) -> bool:
        return self.kind == "email" and self.domain in DOTLESS

    @property
    def national(self) -> str:
        """The digits of a number without its country's code."""
        return phonenumbers.national_significant_number(phonenumbers.parse(self.text))

    @property
    def country_code(self) -> str:
        return str(phonenumbers.parse(self.text).country_code)


def identifiers(text: str) -> tuple[Identifier, ...]:
    """Those of one person, one a line. Raises ConfigError, without the text, for what is none."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        raise ConfigError("no identifier was given", "write an e-mail address, a phone number or an id")
    if len(lines) > _MOST:
        raise ConfigError(f"more than {_MOST} identifiers for one person", "give those of one person alone")
    return tuple(dict.fromkeys(_identifier(line, number) for number, line in enumerate(lines, 1)))


def _identifier(line: str, number: int) -> Identifier:
    if _EMAIL.fullmatch(line):
        return address(line)
    if _PHONE.fullmatch(line):
        return Identifier("phone", _e164(line, number))
    if _ID.fullmatch(line):
        return Identifier("id", line)
    raise ConfigError(
        f"line {number} is no identifier that tells one person from others",
        "write an e-mail address, a phone number with + and its country's code, or an id of six signs or "
        "more with a digit; a name alone finds other people, too",
    )


def address(text: str) -> Identifier:
    """The identifier of an address, however it is written."""
    folded = text.strip().casefold()
    local, _, domain = folded.rpartition("@")
    base = local.partition("+")[0] or local
    plain = f"{base.replace('.', '') if domain in DOTLESS else base}@{domain}"
    return Identifier("email", plain, "" if folded == plain else folded)


def _e164(line: str, number: int) -> str:
    try:
        parsed = phonenumbers.parse("+" + line.lstrip("+").removeprefix("00"))
    except phonenumbers.NumberParseException:
        parsed = None
    if parsed is None or not phonenumbers.is_possible_number(parsed):
        raise ConfigError(
            f"line {number} is no phone number that can exist",
            "write + and the country's code before the number",
        )
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))
