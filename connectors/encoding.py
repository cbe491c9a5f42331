"""Encodings: byte-order marks, UTF-8, UTF-16 without a mark, other scripts, and cp1252 a line."""

from __future__ import annotations

import codecs
import io
import re
from dataclasses import dataclass
from itertools import islice
from typing import Final

from .opening import ByteSource

_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HIGH: Final = re.compile(rb"[\x80-\xff]")
_GUESS_BYTES: Final = 16 << 10
#: Scripts that cp1252 would turn to gibberish; Western encodings are not worth a guess.
_OTHER: Final = frozenset(
    [
        "shift_jis",
        "cp932",
        "euc_jp",
        "euc_kr",
        "cp949",
        "gb18030",
        "gb2312",
        "gbk",
        "big5",
        "cp1251",
        "koi8_r",
        "koi8_u",
        "cp1253",
        "cp1255",
        "cp1256",
    ]
)


@dataclass(frozen=True, slots=True)
class Encoding:
    """How bytes become text: `wide` ones are transcoded as a stream, others line by line.

    In a line that is no UTF-8 `name` is tried, then Latin-1, which never fails. `mark` bytes of a
    byte-order mark are skipped.
    """

    name: str = "cp1252"
    wide: bool = False
    mark: int = 0


CP1252: Final = Encoding()


def encoding_of(head: bytes) -> Encoding:
    """The encoding of a file that begins with `head`."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return Encoding(mark=len(mark)) if name == "utf-8" else Encoding(name, wide=True, mark=len(mark))
    wide = _unmarked_utf16(head)
    if wide:
        return Encoding(wide, wide=True)
    return Encoding(_other_script(head))


def _unmarked_utf16(head: bytes) -> str:
    """Text of mostly Latin letters has a NUL in nearly every second byte."""
    sample = head[: 4096 & ~1]
    if len(sample) < 4:
        return ""
    half = len(sample) // 2
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if odd > half * 0.6 and even < half * 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > half * 0.6 and odd < half * 0.1 else ""


def _other_script(head: bytes) -> str:
    if is_utf8(head) or len(_HIGH.findall(head)) < max(8, len(head) // 10):
        return "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(head[:_GUESS_BYTES]).best()
    return best.encoding if best is not None and best.encoding in _OTHER else "cp1252"


def is_utf8(head: bytes) -> bool:
    """True if the bytes are UTF-8; the last character may be cut."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def decode(data: bytes, encoding: Encoding) -> str:
    """One line as text: UTF-8, else the file's other encoding, else Latin-1."""
    for name in ("utf-8", encoding.name):
        try:
            return data.decode(name)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def to_text(head: bytes, encoding: Encoding) -> str:
    """The text that a file's first bytes stand for; a character cut in two at the end is dropped."""
    body = head[encoding.mark :]
    if encoding.wide:
        return codecs.getincrementaldecoder(encoding.name)("replace").decode(body)
    cut = body.rfind(b"\n") if len(body) > 4096 else -1
    lines = body[: cut + 1].splitlines(keepends=True) if cut > 0 else body.splitlines(keepends=True)
    return "".join(decode(line, encoding) for line in lines)


def lines_of(text: str, most: int) -> list[str]:
    """The first lines with their ends: `\\n`, or `\\r` in files that know no other."""
    return list(islice(io.StringIO(text, newline="\n" if "\n" in text else ""), most))


class Transcoded:
    """A UTF-16 or UTF-32 source as UTF-8 bytes."""

    def __init__(self, source: ByteSource, encoding: Encoding) -> None:
        self._source = source
        self._decoder = codecs.getincrementaldecoder(encoding.name)("replace")

    def read(self, size: int, /) -> bytes:
        while data := self._source.read(size):
            text = self._decoder.decode(data)
            if text:
                return text.encode("utf-8", "replace")
        return self._decoder.decode(b"", final=True).encode("utf-8", "replace")

    def close(self) -> None:
        self._source.close()
