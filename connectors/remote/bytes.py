"""Remote files as streams and as files that a parser may move about in."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import datetime
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

from pii_scan.core.errors import SourceError, TransientError, classify

from ..opening import Stamp

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_BLOCK: Final = 4 << 20
_CAUSES: Final[tuple[tuple[str, str, str], ...]] = (
    (
        "credential|sso|token|auth",
        "no valid credentials were found",
        "give them as the vendor's own tools want them",
    ),
    ("archived|invalidobjectstate", "it lies in an archive", "restore it first"),
    ("expired|precondition", "it was replaced while it was read", "scan again"),
    ("notfound|nosuch", "it is gone, or there is no such place", "check the address"),
)
_PASSING: Final = re.compile("connect|timeout|endpoint|dns|throttl|slowdown|eof|^ssh", re.IGNORECASE)


def failure(error: BaseException) -> SourceError:
    """A driver's fault in our own words: their texts quote names, addresses and requests."""
    if isinstance(error, SourceError):
        return error
    if isinstance(error, FileNotFoundError):
        return SourceError("it is gone, or there is no such place", "check the address", classify(error))
    if isinstance(error, PermissionError):
        return SourceError("access is denied", "grant the right to list and to read", classify(error))
    name = type(error).__name__
    if isinstance(error, (ConnectionError, TimeoutError)) or _PASSING.search(name):
        return TransientError("the service does not answer", "check the endpoint and the network", name)
    for pattern, words, advice in _CAUSES:
        if re.search(pattern, name, re.IGNORECASE):
            return SourceError(words, advice, name)
    return SourceError("it can't be read", detail=classify(error))


def stamp_of(info: Mapping[str, Any]) -> Stamp:
    """Name, version, size and time of an object as a stamp; fsspec's drivers name them differently."""
    version = next((str(info[key]) for key in ("ETag", "etag", "md5Hash") if info.get(key)), "")
    moment = modified_of(info)
    identity = blake2b(f"{info['name']}\n{version}".encode("utf-8", "surrogatepass"), digest_size=7)
    return Stamp(
        0,
        int.from_bytes(identity.digest()),
        int(info.get("size") or 0),
        int(moment.timestamp() * 1e9) if moment else 0,
    )


def modified_of(info: Mapping[str, Any]) -> datetime | None:
    for key in ("LastModified", "last_modified", "mtime", "updated"):
        found = info.get(key)
        if isinstance(found, str):
            try:
                return datetime.fromisoformat(found)
            except ValueError:
                continue
        if isinstance(found, datetime):
            return found
    return None


class RemoteFile:
    """One object from `start` on, up to the size that it had when it was opened; read ahead in blocks."""

    def __init__(self, file_system: AbstractFileSystem, path: str, start: int = 0) -> None:
        """Raises SourceError if it can't be opened."""
        try:
            self.stamp = stamp_of(file_system.info(path))
            self.size = self.stamp.size
            self._file = file_system.open(path, "rb", block_size=_BLOCK, cache_type="readahead")
            if start:
                self._file.seek(start)
        except Exception as error:  # noqa: BLE001 - drivers raise what they like
            raise failure(error) from None

    def read(self, size: int, /) -> bytes:
        """Raises SourceError, TransientError where it may work in a moment."""
        try:
            return bytes(self._file.read(size))
        except Exception as error:  # noqa: BLE001 - drivers raise what they like
            raise failure(error) from None

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> RemoteFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Seekable(io.RawIOBase):
    """One object as a file that can be moved about in; the blocks that were read last are kept."""

    def __init__(self, file_system: AbstractFileSystem, path: str) -> None:
        """Raises SourceError if it can't be opened."""
        try:
            self._file = file_system.open(
                path, "rb", block_size=_BLOCK, cache_type="blockcache", cache_options={"maxblocks": 8}
            )
        except Exception as error:  # noqa: BLE001 - drivers raise what they like
            raise failure(error) from None

    def readinto(self, buffer: Any, /) -> int:
        try:
            data = self._file.read(len(buffer))
        except Exception as error:  # noqa: BLE001 - drivers raise what they like
            raise failure(error) from None
        buffer[: len(data)] = data
        return len(data)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        self._file.seek(offset, whence)  # some drivers give no place back
        return self.tell()

    def tell(self) -> int:
        return int(self._file.tell())

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()
