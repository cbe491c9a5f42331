"""One value that hides another: ciphertexts, digests, password hashes, masks and tokens."""

from __future__ import annotations

import base64
import binascii
import json
import re
import string
from typing import Final, Literal

Mark = Literal["", "password hash", "encrypted", "masked", "token", "uuid", "digest", "block", "opaque"]
#: What a value is, and how it is written: `digest 32 hex` has its bytes as a number.
Look = tuple[Mark, int, str]
PLAIN: Final[Look] = ("", 0, "")
#: Sizes in bytes of MD5, SHA-1, SHA-224, SHA-256, SHA-384 and SHA-512.
DIGESTS: Final = frozenset((16, 20, 28, 32, 48, 64))
BLOCK: Final = 16
_SHORTEST: Final = 16
_LONGEST: Final = 1 << 15
_MASKS: Final = frozenset("*•●∗＊█#")
_STARRED: Final = re.compile(
    r"[*•●∗＊█]{3,}|\w[*•●∗＊█]{2,}(?=[@\s.-]|$)|^[*•●∗＊█]{2,}|^#{3,}[\d -]*$|^#{3}[- ]"
)
#: Markdown, no mask.
_BOLD: Final = re.compile(r"(?<!\S)\*\*[^*\s][^*]*\*\*")
_CROSSED: Final = re.compile(r"(?:[xX]{2,5}[\s.-]){1,6}\w{0,4}|\d{1,8}[xX]{4,}\d{1,8}|[xX]{4,}\d{0,4}")
_REDACTED: Final = re.compile(r"[\[<({]?(?i:redacted|filtered|masked|removed|hidden|anonymi[sz]ed)[\])}>]?")
_PASSWORD: Final = re.compile(
    r"(?:\{CRYPT\}|bcrypt(?:_sha256)?\$|md5\+)?\$2[abxy]?\$\d\d\$[./A-Za-z0-9]{53}"
    r"|(?:argon2)?\$argon2(?:id|i|d)\$[A-Za-z0-9=,$+/.-]{30,}"
    r"|\$(?:scrypt|7|s0|s1|y|gy|sm3|pbkdf2(?:-sha\d+)?|bcrypt-sha256|8|9|sha1)\$\S{20,}"
    r"|\$(?:1|5|6|apr1)\$(?:rounds=\d+\$)?[./A-Za-z0-9]{0,16}\$[./A-Za-z0-9]{22,86}"
    r"|\$[PH]\$[./A-Za-z0-9]{31}|\$S\$[./A-Za-z0-9]{52}"
    r"|(?:pbkdf2|scrypt|argon2|bcrypt|md5|sha1|sha256|sha512)(?:_[a-z0-9]{1,9})?"
    r"[$:](?:\d{1,9}[$:]){0,3}[^\s$:]{2,100}[$:]\S{20,}"
    r"|(?:pbkdf2[_:-]sha\d{1,3}|scrypt|sha1|sha256|sha512|md5)(?::[\d:]{1,30})?\$\S{2,100}\$[0-9a-fA-F]{32,}"
    r"|\{(?:S?SHA(?:256|512)?|S?MD5|PBKDF2(?:-SHA\d+)?|ARGON2I?D?|CRYPT|bcrypt|pbkdf2|scrypt)\}\S{20,}"
    r"|\*[0-9A-F]{40}|SCRAM-SHA-(?:1|256)\$\d+:\S{40,}"
)
#: Where a password hash has its sign: all but that of MySQL (`*`) and LDAP (`{`) within a short prefix.
_SIGNED: Final = 24
_PGP: Final = ("c30", "C30", "\\x", "0x")
_CIPHER: Final = re.compile(
    r"gAAAA[A-Za-z0-9_-]{60,}={0,2}$|vault:v\d+:\S+|-----BEGIN (?:PGP MESSAGE|AGE ENCRYPTED FILE)-----"
    r"|(?i:(?:enc|encrypted|aes|cipher|crypt|aes-?256-?\w{3}|secretbox)(?::v?\d{1,3})?:[A-Za-z0-9+/_=:.-]{16,})$"
    r"|ENC\(\S{16,}\)|ENC\[\S{10,}\]?|\{(?:cipher|AES|AES-GCM|enc)\}[A-Za-z0-9+/=]{16,}|\$ANSIBLE_VAULT;"
    r"|\$aes-?\d\S{20,}|YWdlLWVuY3J5cHRpb24ub3JnL3Yx|age-encryption\.org/v1|AQI[CD]AH\S{60,}$|AYAD\S{60,}$"
    r"|(?:\\x|0x)?[cC]30[dD]040[0-9a-fA-F]{20,}$|ww0E\S{20,}$"
    r"|eyJpdiI6\S{40,}$|eyJ[\w-]+\.[\w-]*\.[\w-]+\.[\w-]+\.[\w-]+$"
    r"|[0-9a-f]{24}:[0-9a-f]{2,}(?::[0-9a-f]{32})?$|[0-9a-f]{32}:[0-9a-f]{32,}(?::[0-9a-f]+)?$"
    r"|[A-Za-z0-9+/]{16,}={0,2}--[A-Za-z0-9+/]{16,}={0,2}(?:--[A-Za-z0-9+/=]{16,})?$"
    r"|[A-Za-z0-9+/]{16}(?:[A-Za-z0-9+/]{6}==)?[:.|][A-Za-z0-9+/]{16,}={0,2}"
    r"(?:[:.|][A-Za-z0-9+/]{16,}={0,2})?$"
)
_MARKED: Final = ("gAAAA", "YWdlLW", "age-", "AQI", "AYAD", "ww0E", "eyJ", "-----", "$", "{", *_PGP)
_TOKEN: Final = re.compile(r"(?:tok|token|pm|card|src|ba|pii|tkn|vault|cof|pmt)_[A-Za-z0-9_]{8,}")
_UUID: Final = re.compile(r"\{?[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\}?")
_HEX: Final = re.compile(r"[0-9a-f]+|[0-9A-F]+")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]+={0,2}")
#: Characters at the start by which an alphabet is known; decoding looks at the rest.
_START: Final = 64
#: Base64 of random bytes has two capitals and two small letters in five digits; words have fewer capitals.
_CAPITALS: Final = 0.2
_CAPITAL: Final = string.ascii_uppercase.encode()
_SMALL: Final = string.ascii_lowercase.encode()
_SHORTEST_BASE64: Final = 22
#: Of the distinct bytes that random ones have on average, the share that a value needs.
_EVEN: Final = 0.85
#: Keys of the JSON objects that frameworks write around a ciphertext.
_ENVELOPE: Final = frozenset(
    [
        "iv", "nonce", "p", "h", "at", "value", "mac", "tag", "data", "content", "ct", "ciphertext",
        "encrypteddata", "authtag", "salt", "alg", "v", "version", "mode", "k", "i", "ks", "ts", "iter",
        "adata", "cipher", "keyid", "key", "aad", "kid", "e", "c", "encrypted",
    ]
)  # fmt: skip


def look(value: str) -> Look:
    """What a value is; `PLAIN` for one that hides nothing."""
    text = value.strip()
    if len(text) < 4 or len(text) > _LONGEST:
        return PLAIN
    if text[0] == "{" and envelope(text):
        return "encrypted", 0, "JSON"
    if len(text) <= _START and _masked(text):
        return "masked", 0, ""
    if " " in text[:_START] and text[0] != "-":
        return PLAIN
    return _word(text)


def _masked(text: str) -> bool:
    if not _MASKS.isdisjoint(text):
        return _STARRED.search(text) is not None and not _BOLD.search(text)
    if "xx" in text or "XX" in text:
        return _CROSSED.fullmatch(text) is not None
    return _REDACTED.fullmatch(text) is not None


def _word(text: str) -> Look:
    if "_" in text[:6] and _TOKEN.fullmatch(text):
        return "token", 0, ""
    if len(text) < _SHORTEST or "@" in text[:_START]:
        return PLAIN
    signs = text[:_SIGNED]
    if ("$" in signs or ":" in signs or text[0] in "*{") and _PASSWORD.fullmatch(text):
        return "password hash", 0, ""
    joined = text.startswith(_MARKED) or "--" in text or not {":", ".", "|", "(", "["}.isdisjoint(text[:40])
    if joined and _CIPHER.match(text):
        return "encrypted", 0, ""
    if len(text) in (36, 38) and _UUID.fullmatch(text):
        return "uuid", 0, ""
    return _bytes(text)


def _bytes(text: str) -> Look:
    """Random bytes in hexadecimal digits or base64."""
    bare = text[2:] if text[:2] in ("\\x", "0x") else text
    start = bare[:_START]
    try:
        if len(bare) % 2 == 0 and not start.isdigit() and _HEX.fullmatch(start):
            return _sized(bytes.fromhex(bare), "hex")
        joined = bare.replace("\r", "").replace("\n", "")
        if len(joined) < _SHORTEST_BASE64 or not _BASE64.fullmatch(joined[:_START]) or not _varied(start):
            return PLAIN
        standard = joined.replace("-", "+").replace("_", "/").rstrip("=")
        return _sized(base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True), "base64")
    except (binascii.Error, ValueError):
        return PLAIN


def _varied(text: str) -> bool:
    """True for capitals and small letters as random digits have them."""
    digits = text.encode()
    capitals, small = (len(digits) - len(digits.translate(None, drop)) for drop in (_CAPITAL, _SMALL))
    return min(capitals, small) >= _CAPITALS * len(digits)


def _sized(found: bytes, written: str) -> Look:
    if len(found) < _SHORTEST or not _random(found[:256]):
        return PLAIN
    if len(found) in DIGESTS:
        return "digest", len(found), written
    return "block" if len(found) % BLOCK == 0 else "opaque", len(found), written


def _random(found: bytes) -> bool:
    """True for bytes as varied as a cipher's; text, counters and addresses are not.

    Of n random bytes 256·(1 - (255/256)^n) are distinct on average.
    """
    return not found.isascii() and len(set(found)) >= _EVEN * 256 * (1 - (255 / 256) ** len(found))


def envelope(text: str) -> bool:
    """True for a JSON object that frameworks write around a ciphertext: its parts are no sub-fields."""
    if '"iv"' not in text and '"nonce"' not in text:
        return False
    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(parsed, dict) and all(
        str(key).lower() in _ENVELOPE and not isinstance(item, list) for key, item in parsed.items()
    )
