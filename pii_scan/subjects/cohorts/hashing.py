"""Keyed hashes of keys and addresses: all that is kept of a cell while rows are counted."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from ...core.errors import ConfigError
from ...core.keyed import Key
from ...core.valueset import ALGORITHMS
from ..identifier import DOTLESS, identifiers
from ..redaction import EMAIL

_BYTES: Final = 16
_HASHED: Final = re.compile(r"[0-9a-f]{32,64}", re.IGNORECASE)
#: Shorter keys than this are numbers that mean something else in another dataset.
_LONG: Final = 8


@dataclass(slots=True)
class Hasher:
    """Hashes as registers have them: the key of the purpose `subjects`, without regard to case.

    `plain` tells that a register holds digests that may be plain ones of addresses.
    """

    key: Key = field(repr=False)
    plain: bool = False

    def value(self, text: str) -> bytes:
        return self.key.digest(text.strip().casefold(), _BYTES)

    def seen(self, text: str) -> Iterator[bytes]:
        """The forms under which somebody in this text may be known: each address in it, a key, a digest."""
        if "@" in text:
            for found in EMAIL.finditer(text):
                yield from map(self.value, _spelled(found.group()))
                if self.plain:
                    yield from map(self.value, _digests(found.group()))
        elif len(text) >= _LONG:
            yield self.value(text)

    def known(self, text: str) -> Iterator[bytes]:
        """The forms to look for of a member who is known by this text; none for a short key."""
        yield from self.seen(text)
        if "@" in text and not self.plain:
            yield from map(self.value, _digests(text))

    def listed(self, digest: str) -> Iterator[bytes]:
        """The same of a digest that a register holds: ours as it is, or one of the usual ones."""
        if _HASHED.fullmatch(digest):
            self.plain = True
            if len(digest) == 2 * _BYTES:
                yield bytes.fromhex(digest)
            yield self.value(digest)


def _spelled(address: str) -> tuple[str, ...]:
    """As written, and as one mailbox has it: without a tag, or dots that mean nothing."""
    if "+" not in address and not address.casefold().endswith(tuple(DOTLESS)):
        return (address,)
    try:
        plain = identifiers(address)[0].text
    except ConfigError:
        return (address,)
    return (address,) if plain == address.casefold() else (address, plain)


def _digests(address: str) -> Iterator[str]:
    raw = address.strip().casefold().encode()
    for name in ALGORITHMS:
        yield hashlib.new(name, raw, usedforsecurity=False).hexdigest()
