"""Remote files: S3 and what speaks like it, Google Cloud Storage, Azure Blob Storage, SFTP."""

from __future__ import annotations

import glob
from pathlib import PurePosixPath
from typing import Any, Final

from pii_scan.core.ports import ConnectorType

from ..file_store import FileStore
from .place import RemotePlace
from .settings import RemoteConfig, refuse_password, require_driver, scheme_of

KIND: Final = "remote"


def open_remote(config: RemoteConfig) -> FileStore:
    """Raises ConfigError if the driver of the address is missing."""
    require_driver(config)
    return FileStore(config, KIND, RemotePlace(config), logs=config.logs)


def matches(text: str) -> int:
    return 9 if scheme_of(text) else 0


def config_of(text: str) -> dict[str, Any]:
    """The fields `path` and `name`: the last part that is no pattern.

    Raises ConfigError for an address with a password in it.
    """
    refuse_password(text)
    parts = [part for part in PurePosixPath(text.partition("://")[2]).parts if not glob.has_magic(part)]
    return {"path": text, "name": parts[-1].rpartition("@")[2] if parts else KIND}


CONNECTOR: Final = ConnectorType(
    kind=KIND,
    summary="files in S3, Google Cloud Storage, Azure Blob Storage and on SFTP hosts",
    config=RemoteConfig,
    open=open_remote,
    matches=matches,
    config_of=config_of,
)
