"""Files of the user's that are replaced whole: a reader sees the old text or the new one."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from .errors import ConfigError, classify


def replace(path: Path, text: str, what: str) -> None:
    """Writes the text beside the file and moves it there.

    Raises ConfigError, which names `what` could not be written.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        with suppress(OSError):  # nothing of it may be there, or nothing can be taken away
            part.unlink()
        reason = f"{what} can't be written ({classify(error)})"
        raise ConfigError(reason, "check the folder and its rights", str(path)) from None
