"""Validators of forms without a check digit: addresses, tokens, dates, coordinates."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from typing import Final
from urllib.parse import unquote

from ..core.redact import entropy
from .documents import document

FILES: Final = frozenset(
    [
        "png",
        "jpg",
        "jpeg",
        "gif",
        "svg",
        "webp",
        "bmp",
        "ico",
        "css",
        "js",
        "ts",
        "map",
        "html",
        "htm",
        "xml",
        "json",
        "yaml",
        "yml",
        "md",
        "txt",
        "py",
        "rb",
        "php",
        "java",
        "pdf",
        "zip",
        "gz",
        "local",
        "internal",
        "localdomain",
        "lan",
        "home",
        "corp",
        "invalid",
    ]
)
_PLACEHOLDERS: Final = frozenset(
    [
        "required",
        "string",
        "none",
        "null",
        "undefined",
        "true",
        "false",
        "empty",
        "invalid",
        "missing",
        "incorrect",
        "expired",
        "changed",
        "password",
        "secret",
        "reset",
        "optional",
        "hidden",
        "redacted",
        "filtered",
        "protected",
        "example",
        "default",
        "unknown",
        "number",
        "object",
        "boolean",
        "token",
        "failed",
    ]
)
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january jan janvier januar enero gennaio januari janeiro janv",
            "february feb fevrier février februar febrero febbraio februari fevereiro fevr févr",
            "march mar mars marz märz marzo maart",
            "april apr avril abril aprile avr",
            "may mai mayo maggio mei maio",
            "june jun juin juni junio giugno junho",
            "july jul juillet juli julio luglio julho juil",
            "august aug aout août agosto augustus",
            "september sep sept septembre septiembre settembre setembro",
            "october oct octobre oktober octubre ottobre outubro okt",
            "november nov novembre noviembre novembro",
            "december dec decembre décembre dezember diciembre dicembre dezembro dez",
        ),
        1,
    )
    for name in names.split()
}


def email(text: str) -> bool:
    local, _, domain = text.rpartition("@")
    last = domain.rpartition(".")[2].lower()
    return last not in FILES and ".." not in local and not local.endswith(".") and local.lower() != "git"


def email_encoded(text: str) -> bool:
    return email(unquote(text))


def ipv4(text: str) -> bool:
    """True for an address that can belong to somebody: no loopback, mask, link-local or multicast."""
    parts = text.split(".")
    if any(int(p) > 255 or (len(p) > 1 and p[0] == "0") for p in parts):
        return False
    first = int(parts[0])
    return (
        0 < first < 224 and first != 127 and not text.startswith("169.254.") and not text.endswith(".0.0.0")
    )


def ipv6(text: str) -> bool:
    try:
        address = ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return not (address.is_loopback or address.is_unspecified or address.is_multicast) and (
        text.count(":") == 7 or ("::" in text and len(text) > 6)
    )


def mac_address(text: str) -> bool:
    """Not all one sign; a form with dots has a letter, or else it is a number in groups."""
    signs = set(text.lower()) - {":", "-", "."}
    return len(signs) > 1 and ("." not in text or bool(signs & set("abcdef")))


def random_token(text: str) -> bool:
    """True if the part after the prefix looks drawn by a machine."""
    body = re.split(r"[ _-]", text, maxsplit=1)[-1]
    return len(body) >= 12 and entropy(body) >= 2.5 and (any(c.isdigit() for c in body) or body.isupper())


def jwt(text: str) -> bool:
    """True if header and payload are JSON objects (RFC 7519)."""
    try:
        return all(isinstance(_decoded(part), dict) for part in text.split(".")[:2])
    except (ValueError, binascii.Error, RecursionError):
        return False


def _decoded(part: str) -> object:
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def assigned_secret(text: str) -> bool:
    value = re.split(r"=>|[=:]", text, maxsplit=1)[-1].strip(" \"'").lower()
    plain = value.strip("*.x<>[](){}$%!?-_")
    return len(plain) >= 6 and plain not in _PLACEHOLDERS and len(set(plain)) > 3


def query_phone(text: str) -> bool:
    return 7 <= sum(c.isdigit() for c in unquote(text.partition("=")[2])) <= 15


def coordinates(text: str) -> bool:
    """On the globe, and not both below one degree, as pairs of shares and weights are."""
    latitude, longitude = (abs(float(part)) for part in re.split(r"[,;]", text))
    return latitude <= 90 and longitude <= 180 and max(latitude, longitude) >= 1


def passport(text: str) -> bool:
    return 7 <= len(text) <= 10 and document(text)


def varied(text: str) -> bool:
    """No id of zeros, or of one sign."""
    return len(set(text) - {"-"}) > 3


def mixed_hex(text: str) -> bool:
    """Hexadecimal with letters and digits both."""
    return any(c.isdigit() for c in text) and any(c.isalpha() for c in text)


def ethereum(text: str) -> bool:
    """Not the null address or one like it."""
    return len(set(text[2:].lower())) > 3


def base58check(text: str) -> bool:
    """Base58 with a checksum of four bytes, as Bitcoin, Litecoin and Tron write addresses."""
    from stdnum.bitcoin import b58decode

    data = b58decode(text)
    return bool(sha256(sha256(data[:-4]).digest()).digest()[:4] == data[-4:])


def bic(text: str) -> bool:
    """True if the fifth and sixth letter name a country (ISO 9362)."""
    from phonenumbers import SUPPORTED_REGIONS

    return text[4:6] in SUPPORTED_REGIONS


def birth_date(text: str) -> bool:
    """True for a day of the calendar; the pattern holds the years."""
    return _day(text) is not None


def _day(text: str) -> date | None:
    parts = [p for p in re.split(r"[-/. ]+", text) if p]
    if len(parts) != 3:
        return None
    first, middle, last = parts
    try:
        if len(first) == 4:
            return date(int(first), int(middle), int(last))
        if not middle.isdigit():
            return date(int(last), _MONTHS[middle.lower()], int(first.rstrip("er")))
        return _either(int(first), int(middle), int(last))
    except (ValueError, KeyError):
        return None


def _either(first: int, second: int, year: int) -> date:
    """Day before month, or the other way about where only that is possible."""
    return date(year, first, second) if second > 12 else date(year, second, first)


def repeated(text: str) -> bool:
    """True if one character makes up most of the text."""
    return bool(text) and Counter(text).most_common(1)[0][1] / len(text) > 0.8


FORMATS: Final[dict[str, Callable[[str], bool]]] = {
    "email": email,
    "email_encoded": email_encoded,
    "ipv4": ipv4,
    "ipv6": ipv6,
    "mac_address": mac_address,
    "random_token": random_token,
    "jwt": jwt,
    "assigned_secret": assigned_secret,
    "query_phone": query_phone,
    "coordinates": coordinates,
    "passport": passport,
    "varied": varied,
    "mixed_hex": mixed_hex,
    "ethereum": ethereum,
    "base58check": base58check,
    "bic": bic,
    "birth_date": birth_date,
}
