"""Logs: files whose lines are recognised as access logs, syslog, logfmt, JSON lines or plain."""

from __future__ import annotations

import glob
import os
from itertools import islice
from pathlib import Path
from typing import Final

from pii_scan.core.ports import ConnectorType

from .disk import Disk
from .file_config import FileConfig
from .file_store import FileStore
from .files import config_of, path_of
from .formats import looks_like_log

KIND: Final = "logs"
_LOOKED_AT: Final = 200


def open_logs(config: FileConfig) -> FileStore:
    return FileStore(config, KIND, Disk(config), logs=True)


def matches(text: str) -> int:
    """8 for an existing path that looks like logs: by its name, or by most names in the folder."""
    path = path_of(text)
    if not path:
        return 0
    if glob.has_magic(path) and not os.path.lexists(path):
        found = islice(glob.iglob(path, recursive=True), _LOOKED_AT)  # noqa: PTH207 - may be absolute
        return 8 if _mostly_logs([Path(name).name for name in found if Path(name).is_file()]) else 0
    place = Path(path)
    if place.is_dir():
        return 8 if place.resolve().name.lower() in ("log", "logs") or _mostly_logs(_names(place)) else 0
    return 8 if os.path.lexists(path) and looks_like_log(place.name) else 0


def _names(folder: Path) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return [e.name for e in islice(entries, _LOOKED_AT) if e.is_file(follow_symlinks=False)]
    except OSError:
        return []  # listing it for the scan says why


def _mostly_logs(names: list[str]) -> bool:
    return bool(names) and sum(map(looks_like_log, names)) * 2 > len(names)


CONNECTOR: Final = ConnectorType(
    kind=KIND,
    summary="access logs, syslog, logfmt, JSON lines and plain logs, rotated and compressed",
    config=FileConfig,
    open=open_logs,
    matches=matches,
    config_of=config_of,
)
