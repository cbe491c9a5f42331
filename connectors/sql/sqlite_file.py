"""Opens a SQLite file so that neither it nor its folder changes: nothing is written beside it.

Opening "read-only" is not enough: on a WAL database SQLite creates `-wal` and `-shm` files. The bytes
18 and 19 of the header and the files beside it decide:

* no log beside it: `immutable=1`, which takes no lock; whether it changed is checked after each page;
* `-wal` and `-shm` (an application has it open, or died): `mode=ro`, each page a short read. With
  `readonly_shm=1` SQLite maps `-shm` to read alone: it puts no mark of its own into it, and where no
  living writer keeps it, builds its index of the log in memory instead of anew in the file;
* `-wal` without `-shm`, or a rollback journal (hot, or a writer at work): a private copy is read.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import quote

from pii_scan.core.errors import SourceError, TransientError, classify

from .text import decode

MAGIC: Final = b"SQLite format 3\0"
_COPY_TRIES: Final = 3
_LOGS: Final = ("-wal", "-journal")
State = tuple[int, ...]


def is_sqlite(path: Path) -> bool:
    """True for a regular file that begins as SQLite's do."""
    try:
        return path.is_file() and _header(path)[:16] == MAGIC
    except (OSError, ValueError):
        return False


def _header(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(32)


@dataclass(slots=True)
class Opened:
    """An open database with the state that its file had when it was opened."""

    path: Path
    connection: sqlite3.Connection = field(repr=False)
    state: State = ()
    immutable: bool = False
    copy: tempfile.TemporaryDirectory[str] | None = None
    version: int = 0

    def changed(self) -> bool:
        """True if someone wrote to the database since it was opened."""
        if self.copy or not self.immutable:
            return self._data_version() != self.version
        return state(self.path) != self.state

    def _data_version(self) -> int:
        return int(self.connection.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        self.connection.close()
        if self.copy:
            self.copy.cleanup()


def state(path: Path) -> State:
    """Size, time, inode and change counter of the file, and the sizes of its logs."""
    try:
        info, header = path.stat(), _header(path)
    except OSError as error:
        raise SourceError("the database file can't be read", detail=classify(error)) from None
    counter = int.from_bytes(header[24:28], "big")
    logs = (_size(_beside(path, log)) for log in _LOGS)
    return (info.st_size, info.st_mtime_ns, info.st_ino, counter, *logs)


def open_safely(path: Path, seconds: float) -> Opened:
    """Raises SourceError if the file is no SQLite database, TransientError if it is too busy to copy."""
    if not is_sqlite(path):
        raise SourceError("not a SQLite database, or it can't be read", "check the path and its permissions")
    path = path.resolve()
    before = state(path)
    wal = 2 in _header(path)[18:20]
    log, memory = _size(_beside(path, "-wal")), _beside(path, "-shm").exists()
    if _size(_beside(path, "-journal")) or (wal and log and not memory):
        return _open_copy(path, seconds)
    if wal and memory and _beside(path, "-wal").exists():
        opened = Opened(path, connect(path, "mode=ro&readonly_shm=1", seconds), before)
        opened.version = opened._data_version()
        return opened
    return Opened(path, connect(path, "mode=ro&immutable=1", seconds), before, immutable=True)


def _open_copy(path: Path, seconds: float) -> Opened:
    folder = tempfile.TemporaryDirectory(prefix="pii-scan-")
    try:
        target = _copy(path, Path(folder.name))
        opened = Opened(path, connect(target, "mode=rw", seconds), copy=folder)
        opened.version = opened._data_version()
    except (OSError, sqlite3.Error) as error:
        folder.cleanup()
        raise SourceError("the database can't be copied for reading", detail=classify(error)) from None
    except SourceError:
        folder.cleanup()
        raise
    return opened


def _copy(path: Path, folder: Path) -> Path:
    """The database with its logs, copied while nobody wrote."""
    for attempt in range(_COPY_TRIES):
        before = state(path)
        if shutil.disk_usage(folder).free < 2 * (before[0] + sum(before[4:])):
            raise SourceError("too little space for the private copy that this database needs")
        for name in ("", *_LOGS):
            source = _beside(path, name)
            if source.exists():
                shutil.copyfile(source, folder / source.name)
        if state(path) == before:
            return folder / path.name
        time.sleep(0.1 * (attempt + 1))
    raise TransientError("the database is being written to", "try again when it is at rest")


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def connect(path: Path, mode: str, seconds: float) -> sqlite3.Connection:
    """A connection that runs nothing of the file's own and stops each statement after `seconds`."""
    address = f"file:{quote(str(path))}?{mode}"
    connection = sqlite3.connect(
        address, uri=True, isolation_level=None, timeout=0.5, check_same_thread=False
    )
    connection.text_factory = decode
    for pragma in ("query_only=ON", "trusted_schema=OFF", "cell_size_check=ON", "mmap_size=0"):
        connection.execute(f"PRAGMA {pragma}")
    limit_statements(connection, seconds)
    return connection


def limit_statements(connection: sqlite3.Connection, seconds: float) -> None:
    """Stops the next statement after `seconds`; called before each."""
    end = time.monotonic() + seconds
    connection.set_progress_handler(lambda: int(time.monotonic() > end), 20_000)
