"""Files: exports, dumps and documents in a folder, archives included."""

from __future__ import annotations

import glob
import os
from pathlib import Path
from typing import Any, Final

from pii_scan.core.ports import ConnectorType

from .disk import Disk
from .file_config import FileConfig
from .file_store import FileStore

KIND: Final = "files"


def open_files(config: FileConfig) -> FileStore:
    return FileStore(config, KIND, Disk(config))


def matches(text: str) -> int:
    """5 for an existing path or a glob that matches something."""
    path = path_of(text)
    if not path:
        return 0
    return 5 if os.path.lexists(path) or _matches_any(path) else 0


def _matches_any(pattern: str) -> bool:
    if not glob.has_magic(pattern):
        return False
    return next(glob.iglob(pattern, recursive=True), None) is not None  # noqa: PTH207 - may be absolute


def path_of(text: str) -> str:
    """The path that `text` means: itself, or what follows `files://`; nothing for other URLs."""
    scheme, mark, rest = text.partition("://")
    if not mark:
        return text
    return rest if scheme in (KIND, "logs", "file") else ""


def config_of(text: str) -> dict[str, Any]:
    """The fields `path` and `name`: the path's last part that is no pattern."""
    path = path_of(text)
    parts = [part for part in Path(os.path.abspath(path)).parts if not glob.has_magic(part)]  # noqa: PTH100 - links stay
    name = os.fsencode(parts[-1]).decode("utf-8", "replace") if parts else ""
    return {"path": path, "name": name.strip("/") or KIND}


CONNECTOR: Final = ConnectorType(
    kind=KIND,
    summary="CSV, JSON, Parquet, spreadsheets and text in files, folders and archives",
    config=FileConfig,
    open=open_files,
    matches=matches,
    config_of=config_of,
)
