"""Keyed hashing of identifiers: without the key a stolen inventory allows no membership test.

BLAKE2b with a key (RFC 7693, section 2.5), one derived key a purpose. An unkeyed hash of a phone
number is plaintext: one core tries the whole French mobile space in about two minutes.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Key:
    """A secret of 32 bytes, kept outside the inventory; its `repr` shows only its id."""

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) != KEY_BYTES:
            raise ValueError(f"a key has {KEY_BYTES} bytes")

    @classmethod
    def new(cls) -> Key:
        return cls(secrets.token_bytes(KEY_BYTES))

    @property
    def id(self) -> str:
        """Eight hex digits that name the key without telling it: stored for rotation."""
        return hashlib.blake2b(b"key-id", key=self.secret, digest_size=4).hexdigest()

    def derive(self, purpose: str) -> Key:
        """An independent key for one purpose (`names`, `values`, `subjects`)."""
        digest = hashlib.blake2b(purpose.encode(), key=self.secret, digest_size=KEY_BYTES)
        return Key(digest.digest())

    def digest(self, value: str, size: int = 8) -> bytes:
        """The keyed hash of a normalised value, `size` bytes long."""
        raw = value.encode("utf-8", "surrogatepass")
        return hashlib.blake2b(raw, key=self.secret, digest_size=size).digest()

    def number(self, value: str) -> int:
        """The keyed hash as an unsigned 64-bit integer."""
        return int.from_bytes(self.digest(value, 8), "big")
