"""A tree of remote objects: listed folder by folder, sorted, bounded in number."""

from __future__ import annotations

import glob
import io
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING, Any, Final, cast

from pii_scan.core.errors import SourceError
from pii_scan.core.setting import Setting

from ..content import Blob, Contents
from ..opening import Stamp
from ..walk import MORE_FILES, Found, more_than
from .bucket import bucket_settings
from .bytes import RemoteFile, Seekable, failure, modified_of, stamp_of
from .logs import RemoteLog
from .settings import RemoteConfig, opened, scheme_of

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

Path = tuple[str, ...]
_ARCHIVED: Final = ("GLACIER", "DEEP_ARCHIVE", "ARCHIVE")
_LINKS: Final = "a link, which is not followed"


class RemotePlace:
    """Opened when it is first asked, so that each process has a connection of its own."""

    def __init__(self, config: RemoteConfig) -> None:
        self._config = config
        self._opened: tuple[AbstractFileSystem, str] | None = None

    @property
    def _files(self) -> AbstractFileSystem:
        return self._connected()[0]

    def _connected(self) -> tuple[AbstractFileSystem, str]:
        if self._opened is None:
            try:
                self._opened = opened(self._config)
            except Exception as error:  # noqa: BLE001 - drivers raise what they like
                raise failure(error) from None
        return self._opened

    @property
    def _root(self) -> str:
        """The folder that relative paths start at: the fixed beginning of a glob."""
        fixed: list[str] = []
        for part in self._connected()[1].split("/"):
            if glob.has_magic(part):
                break
            fixed.append(part)
        return "/".join(fixed)

    @property
    def _pattern(self) -> str:
        path = self._connected()[1]
        return path if glob.has_magic(path) else ""

    def walk(self) -> Iterator[Found]:
        """Every object; a lone object is listed under its own name. Raises SourceError."""
        for count, found in enumerate(self._objects(), 1):
            if count > self._config.limits.files:
                yield Found((MORE_FILES,), "", more_than(self._config.limits.files))
                return
            yield found

    def _objects(self) -> Iterator[Found]:
        root = self._root
        single = self._single()
        if single is not None:
            yield self._found(single, (PurePosixPath(root).name,))
            return
        for found in self._folder(root, ()):
            if not self._pattern or fnmatchcase(found.path, self._pattern):
                yield found

    def _single(self) -> Mapping[str, Any] | None:
        """What is known of the object that the address names, if it names one."""
        if "/" not in self._root or self._pattern:
            return None
        try:
            info: Mapping[str, Any] = self._files.info(self._root)
        except FileNotFoundError:
            return None
        except Exception as error:  # noqa: BLE001 - drivers raise what they like
            raise failure(error) from None
        return info if info.get("type") == "file" else None

    @cached_property
    def _names_one(self) -> bool:
        """True if the address names a single object; asked once, not for each dataset."""
        return self._single() is not None

    def _folder(self, path: str, parts: Path) -> Iterator[Found]:
        try:
            entries = self._listed(path)
        except SourceError as error:
            if not parts:
                raise
            yield Found(parts, path, f"the folder can't be listed: {error.reason}")
            return
        for info in entries:
            inside = (*parts, info["name"].rpartition("/")[2])
            if self._config.refuses(inside):
                yield Found(inside, info["name"], "excluded by the configuration", planned=True)
            elif info.get("type") == "directory":
                yield from self._folder(info["name"], inside)
            else:
                yield self._found(info, inside)

    def _listed(self, path: str) -> list[Mapping[str, Any]]:
        """What lies in a folder, sorted by name, without the mark that makes it one. Raises SourceError."""
        entries = self._tried(lambda: self._files.ls(path, detail=True))
        plain = ({**info, "name": info["name"].rstrip("/")} for info in entries)
        found = {(info["name"], info.get("type")): info for info in plain if info["name"] != path}
        return [found[key] for key in sorted(found)]

    def _found(self, info: Mapping[str, Any], parts: Path) -> Found:
        tier = str(info.get("StorageClass") or info.get("storageClass") or "")
        skip = ""
        if tier in _ARCHIVED:
            skip = f"it lies in an archive ({tier}): restore it first"
        elif info.get("type") != "file":
            skip = _LINKS if info.get("type") == "link" else "it is no file"
        return Found(parts, info["name"], skip, modified=modified_of(info))

    def _tried(self, ask: Callable[[], Any]) -> Any:
        try:
            return ask()
        except Exception as error:  # noqa: BLE001 - drivers raise what they like
            raise failure(error) from None

    def gone(self, path: str) -> bool:
        return not self._tried(lambda: self._files.exists(path))

    def locate(self, parts: Path) -> tuple[str, Path]:
        """The longest beginning of the path that is an object: members of archives are none."""
        if self._names_one:
            return self._root, parts[1:]
        for end in range(len(parts), 0, -1):
            path = "/".join((self._root, *parts[:end]))
            if self._tried(lambda path=path: self._files.isfile(path)):  # type: ignore[misc]
                return path, parts[end:]
        return "/".join((self._root, *parts)), ()

    def blob(self, path: str, modified: datetime | None = None) -> Blob:
        def at(start: int) -> RemoteFile:
            return RemoteFile(self._files, path, start)

        def seek() -> IO[bytes]:
            return cast(IO[bytes], io.BufferedReader(Seekable(self._files, path), 1 << 16))

        return Blob(path.rpartition("/")[2], lambda: at(0), "", modified, at, seek)

    def stamp(self, path: str) -> Stamp:
        return stamp_of(self._tried(lambda: self._files.info(path)))

    def log(
        self, path: Path, names: frozenset[str], wants: Callable[[Path], bool], contents: Contents
    ) -> RemoteLog:
        inside = path[:-1]
        folder = "/".join((self._root, *inside)) if not self._names_one else self._root.rpartition("/")[0]
        return RemoteLog(
            lambda: self._listed(folder),
            self.blob,
            contents,
            lambda name: name in names or (not self._pattern and wants((*inside, name))),
            path[-1],
        )

    def settings(self, store: str) -> Iterator[Setting]:
        """What an S3 bucket says of itself; other services are asked through their infrastructure's plan."""
        files, path = self._connected()
        if scheme_of(self._config.path) in ("s3", "s3a"):
            yield from bucket_settings(files, path.partition("/")[0], store)

    def close(self) -> None:
        if self._opened is not None:
            getattr(self._opened[0], "close", lambda: None)()
        self._opened = None
