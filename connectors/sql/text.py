"""Cells as text, the same for every engine: what is equal in meaning is equal to the byte."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from itertools import accumulate
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from pii_scan.core.model import FieldType

from ..readers.naming import distinct

#: Most characters of a cell that are read; a server is asked for one more, to see that it was cut.
CAP: Final = 65_536
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_EXPONENT: Final = r"^-?\d+(\.\d+)?[eE][+-]?\d+$"
_MAX_EXPONENT: Final = 400
_BRACKET = re.compile(r"[\[\]{}]")
_MAX_DEPTH: Final = 200
#: (pattern, replacement) in RE2's language, applied in order.
_RULES: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "boolean": (("^(1|t|TRUE|True)$", "true"), ("^(0|f|FALSE|False)$", "false")),
    "number": ((r"^(-?\d+)\.0*$", r"\1"), (r"^(-?\d+\.\d*[1-9])0+$", r"\1"), ("^-0$", "0")),
    "time": ((r"(:\d\d\.\d*[1-9])0+$", r"\1"), (r"(:\d\d)\.0+$", r"\1")),
    "timestamp": (
        (r"^(\d{4,}-\d\d-\d\d)T(\d\d:\d\d)", r"\1 \2"),
        (r"(:\d\d(?:\.\d+)?)(?:Z|[+-]00(?::?00)?)$", r"\1"),
        (r"(:\d\d\.\d*[1-9])0+$", r"\1"),
        (r"(:\d\d)\.0+$", r"\1"),
    ),
}


def decode(raw: bytes) -> str:
    """UTF-8 if it is, else Windows-1252, which gives every byte a character."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def decode_blob(raw: bytes) -> str | None:
    """The text in a binary value, None if it is none: UTF-8 without control characters.

    A value that servers were asked for one byte too many of, and gave it, goes on: blanks make its text as
    long as one that is cut.
    """
    try:
        text = codecs.utf_8_decode(raw, "strict", len(raw) <= CAP)[0]
    except UnicodeDecodeError:
        return None
    if _CONTROL.search(text):
        return None
    return text.ljust(CAP + 1) if len(raw) == CAP + 1 else text


def decode_window(raw: bytes) -> str | None:
    """The text in a stretch of bytes that may begin and end within a character; None if it is none."""
    begin = next((place for place, byte in enumerate(raw[:4]) if byte & 0xC0 != 0x80), 0)
    try:
        text = codecs.utf_8_decode(raw[begin:], "strict", False)[0]
    except UnicodeDecodeError:
        return None
    return None if _CONTROL.search(text) else text


def column(values: Sequence[object], kind: FieldType, from_bytes: Callable[[bytes], str | None]) -> pa.Array:
    """One column as normalised Arrow strings; bytes pass through `from_bytes`."""
    texts = [
        value if value is None or type(value) is str else _text(value, kind, from_bytes) for value in values
    ]
    return normalise(_strings(texts), kind)


def from_text(texts: pa.Array, kind: FieldType) -> pa.Array:
    """One column that came as text, normalised; binary values came in hexadecimal."""
    if kind == "binary":
        blobs = (None if text is None else bytes.fromhex(text) for text in texts.to_pylist())
        return pa.array([None if blob is None else decode_blob(blob) for blob in blobs], pa.string())
    return normalise(texts, kind)


def _strings(texts: Sequence[str | None]) -> pa.Array:
    try:
        return pa.array(texts, pa.string())
    except UnicodeEncodeError:
        safe = [t if t is None else t.encode("utf-8", "replace").decode("utf-8") for t in texts]
        return pa.array(safe, pa.string())


def _text(value: object, kind: FieldType, from_bytes: Callable[[bytes], str | None]) -> str | None:
    if isinstance(value, bytes | bytearray | memoryview):
        return (decode_blob if kind == "binary" else from_bytes)(bytes(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return plain_number(repr(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def normalise(texts: pa.Array, kind: FieldType) -> pa.Array:
    """Takes away what only an engine's way of writing adds: trailing zeros, `T`, key order."""
    for pattern, replacement in _RULES.get(kind, ()):
        texts = pc.replace_substring_regex(texts, pattern, replacement)
    if kind == "number" and pc.any(pc.match_substring_regex(texts, _EXPONENT)).as_py():
        return pa.array([t if t is None else plain_number(t) for t in texts.to_pylist()], pa.string())
    if kind == "json":
        return _strings([t if t is None else plain_json(t) for t in texts.to_pylist()])
    return texts


def plain_number(text: str) -> str:
    """`1.5e+3` as `1500`, `12.50` as `12.5`; what is no number stays."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if not number.is_finite() or abs(number.adjusted()) > _MAX_EXPONENT:
        return text
    plain = format(number, "f")
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if plain == "-0" else plain


def plain_json(text: str) -> str:
    """JSON with sorted keys, each once, and no spaces; what is no JSON, or too deep, stays."""
    if _depth(text) > _MAX_DEPTH:
        return text
    try:
        value = json.loads(text, parse_float=_shortest, object_pairs_hook=_every)
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    except ValueError:
        return text


def _every(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object that keeps every value: a key given twice gets a number."""
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    return dict(zip(distinct([key for key, _ in pairs]), (value for _, value in pairs), strict=True))


def _depth(text: str) -> int:
    """How deep brackets are nested, those within strings counted too: at least the true depth."""
    if text.count("[") + text.count("{") <= _MAX_DEPTH:
        return 0
    steps = (1 if mark.group() in "[{" else -1 for mark in _BRACKET.finditer(text))
    return max(accumulate(steps), default=0)


def _shortest(text: str) -> float | int:
    number = float(text)
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def cut(texts: pa.Array) -> tuple[pa.Array, Sequence[int]]:
    """The texts with at most `CAP` characters, and the places of those that were longer."""
    if (pc.max(pc.binary_length(texts)).as_py() or 0) <= CAP:
        return texts, ()
    longer = pc.indices_nonzero(pc.fill_null(pc.greater(pc.utf8_length(texts), CAP), False)).to_pylist()
    return (pc.utf8_slice_codeunits(texts, 0, CAP) if longer else texts), longer
