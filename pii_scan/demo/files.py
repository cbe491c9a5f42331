"""Files that come out the same to the byte: fixed times in archives, sorted members, no clock."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any
from zlib import crc32

from .clock import MTIME

_ZIP_DATE = (2026, 1, 31, 6, 0, 0)
_ENCRYPTED = 0x1


def put(path: Path, content: str | bytes) -> None:
    """Writes a file, its folder too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)


def settle(folder: Path, names: Iterable[str]) -> None:
    """Gives every file and folder below those of the names the demo's time."""
    for name in names:
        top = folder / name
        for path in (top, *sorted(top.rglob("*"))):
            os.utime(path, (MTIME, MTIME))


def gzipped(content: str | bytes) -> bytes:
    raw = content.encode("utf-8") if isinstance(content, str) else content
    return gzip.compress(raw, 6, mtime=0)


def table(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """CSV with CRLF, quoted where needed."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([["" if cell is None else cell for cell in row] for row in rows])
    return out.getvalue()


def lines(records: Iterable[Any]) -> str:
    """One JSON document a line."""
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def pretty(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def zipped(members: Mapping[str, str]) -> bytes:
    """A ZIP archive of text members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in members.items():
            archive.writestr(_member(name), content.encode("utf-8"))
    return out.getvalue()


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _ZIP_DATE)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 3
    info.external_attr = 0o600 << 16
    return info


def locked(name: str, content: str, rng: Random) -> bytes:
    """A ZIP archive of one stored member under the traditional cipher (APPNOTE 6.1), password thrown away."""
    raw = content.encode("utf-8")
    checksum = crc32(raw)
    body = _cipher(rng.randbytes(16), rng.randbytes(11) + bytes([checksum >> 24]) + raw)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo(name, _ZIP_DATE)
        info.create_system = 3
        archive.writestr(info, body)
    return _marked_encrypted(out.getvalue(), name, checksum, len(raw))


def _cipher(password: bytes, plain: bytes) -> bytes:
    keys = [0x12345678, 0x23456789, 0x34567890]

    def update(byte: int) -> None:
        keys[0] = _crc(keys[0], byte)
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134_775_813 + 1) & 0xFFFFFFFF
        keys[2] = _crc(keys[2], keys[1] >> 24)

    for byte in password:
        update(byte)
    coded = bytearray()
    for byte in plain:
        word = (keys[2] | 2) & 0xFFFF
        coded.append(byte ^ ((word * (word ^ 1)) >> 8 & 0xFF))
        update(byte)
    return bytes(coded)


def _crc(value: int, byte: int) -> int:
    return crc32(bytes([byte]), value ^ 0xFFFFFFFF) ^ 0xFFFFFFFF


def _marked_encrypted(archive: bytes, name: str, checksum: int, size: int) -> bytes:
    """Sets the flag, the plain checksum and the plain size in both of the member's headers."""
    data = bytearray(archive)
    central = data.index(b"PK\x01\x02")
    for start, flag, crc, plain in ((0, 6, 14, 22), (central, 8, 16, 24)):
        data[start + flag] |= _ENCRYPTED
        data[start + crc : start + crc + 4] = checksum.to_bytes(4, "little")
        data[start + plain : start + plain + 4] = size.to_bytes(4, "little")
    if name.encode() not in data:
        raise ValueError("the member's name is missing")
    return bytes(data)
