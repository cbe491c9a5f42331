"""Files and folders that only their owner can read."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path
from typing import Final

#: Bits that let others in: any of theirs, and the group's right to write.
OTHERS: Final = 0o027


def private_folder(folder: Path) -> None:
    """Makes the folder and its missing parents, each with mode 0700; raises OSError."""
    missing = [folder]
    while not missing[-1].exists() and missing[-1].parent != missing[-1]:
        missing.append(missing[-1].parent)
    for path in reversed(missing[:-1] if missing[-1].exists() else missing):
        path.mkdir(mode=0o700, exist_ok=True)


def create(path: Path, content: bytes = b"") -> bool:
    """Makes the file with mode 0600 and its whole content at once; False if it exists already.

    Raises OSError. The content is on the disk before the name appears, so that no other process
    and no crash leaves half of it.
    """
    if path.exists():
        return False
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}.new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(descriptor, content)
        os.fsync(descriptor)
        os.link(temporary, path)
    except FileExistsError:
        return False
    finally:
        os.close(descriptor)
        temporary.unlink()
    return True


def open_to_others(path: Path) -> bool:
    """True if others may read or write it, or the group may write it; raises OSError."""
    return bool(stat.S_IMODE(path.stat().st_mode) & OTHERS)
