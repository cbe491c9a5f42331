"""The demo's key, and identifiers of its people as registers hold them."""

from __future__ import annotations

import hashlib

from ..core.keyed import KEY_BYTES, Key
from .company import Company


def key(company: Company) -> Key:
    """The scan's key: made from the seed, because nobody real is in the demo."""
    return Key(hashlib.blake2b(f"key:{company.seed}".encode(), digest_size=KEY_BYTES).digest())


def keyed(company: Company, address: str) -> str:
    """An address as `pii-scan subject erase` gives it for a register."""
    return key(company).derive("subjects").digest(address.casefold(), 16).hex()
