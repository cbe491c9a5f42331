"""Files on this machine."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from pii_scan.core.setting import Setting, yes

from .content import Blob, Contents
from .file_config import FileConfig
from .log_names import log_of
from .log_sets import LogSet
from .opening import Stamp, stamp
from .walk import Found, root_of, walk


class Disk:
    """The tree of a path, a folder or a glob."""

    def __init__(self, config: FileConfig) -> None:
        self._config = config

    def walk(self) -> Iterator[Found]:
        return walk(self._config)

    def gone(self, path: str) -> bool:
        return not os.path.lexists(path)

    def locate(self, parts: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
        root = root_of(self._config.path)
        if self._single:
            return os.path.realpath(self._config.path), parts[1:]
        path = root
        for position, part in enumerate(parts, 1):
            path = os.path.join(path, part)  # noqa: PTH118 - names may be no UTF-8
            if not _is_folder(path):
                return path, parts[position:]
        return path, ()

    @property
    def _single(self) -> bool:
        return os.path.lexists(self._config.path) and not Path(self._config.path).is_dir()

    def blob(self, path: str, modified: datetime | None = None) -> Blob:
        return Blob.on_disk(path, modified)

    def stamp(self, path: str) -> Stamp:
        return stamp(path)

    def log(
        self,
        path: tuple[str, ...],
        names: frozenset[str],
        wants: Callable[[tuple[str, ...]], bool],
        contents: Contents,
    ) -> LogSet:
        place, _ = self.locate(path)
        folder, name = os.path.split(place)
        inside = path[:-1]
        if not Path(self._config.path).is_dir():
            allowed = frozenset([name]) if self._single else names
            return LogSet(folder, log_of(name), contents, allowed.__contains__)
        return LogSet(folder, log_of(name), contents, lambda n: wants((*inside, n)))

    def settings(self, store: str) -> Iterator[Setting]:
        """Whether everyone on this machine may read the files."""
        try:
            mode = os.stat(self._config.path).st_mode  # noqa: PTH116 - names may be no UTF-8
        except OSError:
            return
        open_ = mode & stat.S_IROTH and (stat.S_ISREG(mode) or mode & stat.S_IXOTH)
        yield Setting(store, (), "readable_by_all", yes(bool(open_)), "mode of the file or folder")

    def close(self) -> None:
        """Nothing is held."""


def _is_folder(path: str) -> bool:
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode)
    except (OSError, ValueError):
        return False
