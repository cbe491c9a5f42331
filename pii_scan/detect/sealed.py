"""One value that hides another: ciphertexts, digests, password hashes, masks and tokens."""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
from collections import Counter
from typing import Final, Literal

Mark = Literal["", "password hash", "encrypted", "masked", "token", "uuid", "digest", "block", "opaque"]
#: What a value is, and how it is written: `digest 32 hex` has its bytes as a number.
Look = tuple[Mark, int, str]
PLAIN: Final[Look] = ("", 0, "")
#: Sizes in bytes of MD5, SHA-1, SHA-224, SHA-256, SHA-384 and SHA-512.
DIGESTS: Final = frozenset((16, 20, 28, 32, 48, 64))
BLOCK: Final = 16
_SHORTEST: Final = 16
_LONGEST: Final = 1 << 16
_PASSWORD: Final = re.compile(
    r"(?:\{CRYPT\}|bcrypt(?:_sha256)?\$|md5\+)?\$2[abxy]?\$\d\d\$[./A-Za-z0-9]{53}"
    r"|(?:argon2)?\$argon2(?:id|i|d)\$[A-Za-z0-9=,$+/.-]{30,}"
    r"|\$(?:scrypt|7|s0|s1|y|gy|sm3|pbkdf2(?:-sha\d+)?|bcrypt-sha256|8|9|sha1)\$\S{20,}"
    r"|\$(?:1|5|6|apr1)\$(?:rounds=\d+\$)?[./A-Za-z0-9]{0,16}\$[./A-Za-z0-9]{22,86}"
    r"|\$[PH]\$[./A-Za-z0-9]{31}|\$S\$[./A-Za-z0-9]{52}"
    r"|(?:pbkdf2|scrypt|argon2|bcrypt|md5|sha1|sha256|sha512)(?:_[a-z0-9]+)?[$:](?:\d+[$:]){0,3}[^\s$:]{2,100}[$:]\S{20,}"
    r"|(?:pbkdf2[_:-]sha\d+|scrypt|sha1|sha256|sha512|md5)(?::[\d:]+)?\$\S{2,100}\$[0-9a-fA-F]{32,}"
    r"|\{(?:SSHA|SHA|SSHA256|SSHA512|SHA256|SHA512|SMD5|MD5|PBKDF2(?:-SHA\d+)?|ARGON2I?D?|CRYPT|bcrypt|pbkdf2|scrypt|noop)\}\S{20,}"
    r"|\*[0-9A-F]{40}|SCRAM-SHA-(?:1|256)\$\d+:\S{40,}|AQAAAA[A-Za-z0-9+/]{60,}={0,2}"
)
_CIPHER: Final = re.compile(
    r"gAAAA[A-Za-z0-9_-]{60,}={0,2}|vault:v\d+:\S+|-----BEGIN (?:PGP MESSAGE|AGE ENCRYPTED FILE)-----"
    r"|(?i:(?:enc|encrypted|aes|cipher|crypt|aes-?256-?\w{3}|secretbox)(?::v?\d{1,3})?:[A-Za-z0-9+/_=:.-]{16,})"
    r"|ENC\(\S{16,}\)|ENC\[\S{10,}\]?|\{(?:cipher|AES|AES-GCM|enc)\}[A-Za-z0-9+/=]{16,}|\$ANSIBLE_VAULT;"
    r"|\$aes-?\d\S{20,}|YWdlLWVuY3J5cHRpb24ub3JnL3Yx|age-encryption\.org/v1|AQICAH\S{60,}|AQIDAH\S{60,}|AYAD\S{60,}"
    r"|(?:\\x|\\\\x|0x)?[cC]30[dD]040[0-9a-fA-F]{20,}|ww0E\S{20,}|hQ[EIM][OMD][A-Za-z0-9+/]\S{60,}"
    r"|eyJpdiI6\S{40,}|eyJ[\w-]+\.[\w-]*\.[\w-]+\.[\w-]+\.[\w-]+"
    r"|[0-9a-f]{24}:[0-9a-f]+(?::[0-9a-f]{32})?|[0-9a-f]{32}:[0-9a-f]{32,}(?::[0-9a-f]+)?"
    r"|[A-Za-z0-9+/]{16,}={0,2}--[A-Za-z0-9+/]{16,}={0,2}(?:--[A-Za-z0-9+/=]{16,})?"
    r"|[A-Za-z0-9+/]{16}(?:[A-Za-z0-9+/]{6}==)?[:.|][A-Za-z0-9+/]{16,}={0,2}(?:[:.|][A-Za-z0-9+/]{16,}={0,2})?"
)
_MASK: Final = re.compile(
    r"[*•●∗＊█]{3,}|\w[*•●∗＊█]{2,}(?=[@\s.-]|$)|^[*•●∗＊█]{2,}|(?<![A-Za-z])[xX]{2,}[\s.-]?(?:[xX]{2,}[\s.-]?)+\w{0,4}$"
    r"|\d[xX]{4,}\d|^[xX]{4,}\d{2,4}$|^#{3,}[\d -]*$|^(?:#{3}[- ])+"
    r"|^[\[<({]?(?i:redacted|filtered|masked|removed|hidden|anonymi[sz]ed)[\])}>]?$"
)
_TOKEN: Final = re.compile(r"(?:tok|token|pm|card|src|ba|pii|tkn|vault|cof|pmt)_[A-Za-z0-9_]{8,}")
_UUID: Final = re.compile(r"\{?[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\}?")
_HEX: Final = re.compile(r"(?:\\x|0x)?((?:[0-9a-f]{2}){16,}|(?:[0-9A-F]{2}){16,})")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{22,}={0,2}")
_ENVELOPE: Final = frozenset(
    ["iv", "nonce", "p", "h", "at", "value", "mac", "tag", "data", "content", "ct", "ciphertext", "encrypteddata", "authtag", "salt", "alg", "v", "version", "mode", "k", "i", "ks", "ts", "iter", "adata", "cipher", "keyid", "key", "aad", "kid", "e", "c", "encrypted"]
)
#: Of n random bytes the entropy falls short of log2(n) by a few percent; text falls short by a third.
_EVEN: Final = 0.85


def look(value: str) -> Look:
    """What a value is; `PLAIN` for one that hides nothing."""
    text = value.strip()
    if len(text) < 4 or len(text) > _LONGEST:
        return PLAIN
    if text[0] == "{" and envelope(text):
        return "encrypted", 0, "JSON"
    if _MASK.search(text[:80]) and len(text) <= 80:
        return "masked", 0, ""
    if text[0] == "-" or " " not in text:
        return _word(text)
    return PLAIN


def _word(text: str) -> Look:
    if len(text) < _SHORTEST:
        return ("token", 0, "") if _TOKEN.fullmatch(text) else PLAIN
    if _PASSWORD.fullmatch(text):
        return "password hash", 0, ""
    if _CIPHER.match(text):
        return "encrypted", 0, ""
    if _UUID.fullmatch(text):
        return "uuid", 0, ""
    if _TOKEN.fullmatch(text):
        return "token", 0, ""
    return _bytes(text)


def _bytes(text: str) -> Look:
    """Random bytes in hexadecimal digits or base64."""
    joined = text.replace("\r", "").replace("\n", "")
    written = _HEX.fullmatch(joined)
    if written:
        return _sized(bytes.fromhex(written[1]), "hex") if not written[1].isdigit() else PLAIN
    if not _BASE64.fullmatch(joined) or not _varied(joined):
        return PLAIN
    standard = joined.replace("-", "+").replace("_", "/").rstrip("=")
    try:
        found = base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True)
    except (binascii.Error, ValueError):
        return PLAIN
    return _sized(found, "base64")


def _varied(text: str) -> bool:
    """True for capitals, small letters and something else: words joined have no more than the first two."""
    return any(c.isupper() for c in text) and any(c.islower() for c in text) and not text.isalpha()


def _sized(found: bytes, written: str) -> Look:
    if len(found) < _SHORTEST or not _random(found):
        return PLAIN
    if len(found) in DIGESTS:
        return "digest", len(found), written
    return "block" if len(found) % BLOCK == 0 else "opaque", len(found), written


def _random(found: bytes) -> bool:
    """True for bytes as even as a cipher's; text, compressed headers and counters are not."""
    counts = Counter(found).values()
    bits = -sum(n / len(found) * math.log2(n / len(found)) for n in counts)
    return bits >= _EVEN * math.log2(min(len(found), 200)) and max(found) >= 0x80


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
