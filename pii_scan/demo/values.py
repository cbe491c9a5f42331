"""Invented values that have a form: cards, keys, addresses of the network, hashes."""

from __future__ import annotations

import base64
import hashlib
from random import Random
from typing import Final

#: Ranges of the schemes' published test cards.
_TEST_RANGES: Final = ("424242", "401288", "555555", "510510", "222300")
_DOCUMENTATION: Final = ("192.0.2.", "198.51.100.", "203.0.113.")
_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def luhn_digit(body: str) -> str:
    """The check digit that makes `body` pass Luhn."""
    total = 0
    for index, digit in enumerate(reversed(body)):
        value = int(digit) * (2 if index % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def card(rng: Random) -> str:
    """A card number of a test range, 16 digits, Luhn valid."""
    body = rng.choice(_TEST_RANGES) + "".join(rng.choices("0123456789", k=9))
    return body + luhn_digit(body)


def spaced(number: str) -> str:
    """In groups of four, as people write it."""
    return " ".join(number[i : i + 4] for i in range(0, len(number), 4))


def order_number(rng: Random) -> str:
    """Sixteen digits that begin like a Visa card; one in ten passes Luhn by chance."""
    return "48" + "".join(rng.choices("0123456789", k=14))


def address(rng: Random) -> str:
    """An address of the documentation ranges (RFC 5737, one in eight RFC 3849)."""
    if rng.random() < 0.125:
        first, second, last = (f"{rng.randrange(1, 0xFFFF):x}" for _ in range(3))
        return f"2001:db8:{first}:{second}::{last}"
    return rng.choice(_DOCUMENTATION) + str(rng.randrange(1, 255))


def token(rng: Random, length: int, prefix: str = "") -> str:
    return prefix + "".join(rng.choices(_LETTERS, k=length))


def hexes(rng: Random, length: int) -> str:
    return "".join(rng.choices("0123456789abcdef", k=length))


def uuid(rng: Random) -> str:
    """A random UUID (version 4)."""
    digits = hexes(rng, 32)
    middle = f"4{digits[13:16]}-{rng.choice('89ab')}{digits[17:20]}"
    return f"{digits[:8]}-{digits[8:12]}-{middle}-{digits[20:]}"


def ulid(rng: Random) -> str:
    return "01" + "".join(rng.choices(_CROCKFORD, k=24))


def bcrypt(rng: Random) -> str:
    """A string in the form of a bcrypt hash."""
    return "$2b$12$" + "".join(rng.choices("./" + _LETTERS, k=53))


def sealed(rng: Random, size: int = 64) -> str:
    """Base64 of random bytes, as encryption at the column leaves it."""
    return base64.b64encode(rng.randbytes(size)).decode()


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def tax_id(rng: Random) -> str:
    """A French tax number (SPI): thirteen digits, the last three a checksum mod 511."""
    body = rng.choice("0123") + "".join(rng.choices("0123456789", k=9))
    return f"{body}{int(body) % 511:03d}"


def iban(rng: Random) -> str:
    """A German IBAN with valid check digits and an account that no bank issued (bank code 00000000)."""
    account = "00000000" + "".join(rng.choices("0123456789", k=10))
    check = 98 - int(account + "131400") % 97
    return f"DE{check:02d}{account}"


def passport(rng: Random) -> str:
    """Two digits, two letters, five digits: the French form."""
    letters = "".join(rng.choices("ABCDEFGHKLPRSTVX", k=2))
    return f"{rng.randrange(10, 99)}{letters}{rng.randrange(10_000, 99_999)}"
