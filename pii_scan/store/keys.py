"""The key that identifiers are hashed with: outside the inventory, readable by its owner alone."""

from __future__ import annotations

import os
import re
from pathlib import Path

from ..core.errors import ConfigError, classify
from ..core.keyed import KEY_BYTES, Key
from ..core.reference import Reference, references
from . import files

_HEX = re.compile(rf"[0-9a-fA-F]{{{2 * KEY_BYTES}}}")


def load_or_create(reference: str | None, base: Path) -> Key:
    """The key that `${file:PATH}` or `${env:NAME}` names; without one, that of the user's data folder.

    A file that is missing is created (mode 0600, in a folder of mode 0700); relative paths start at
    `base`. Raises ConfigError for a key that is missing, malformed or readable by others.
    """
    if reference is None:
        import platformdirs

        return _from_file(platformdirs.user_data_path("pii-scan") / "key")
    found = _only_reference(reference)
    if found.kind == "file":
        return _from_file(base / Path(found.name).expanduser())
    return _parse(_variable(found.name), f"the environment variable '{found.name}'")


def _only_reference(text: str) -> Reference:
    found = references(text)
    whole = len(found) == 1 and (found[0].start, found[0].end) == (0, len(text))
    if not whole or found[0].kind == "keyring":
        raise ConfigError("the key is neither a file nor a variable", "write ${file:PATH} or ${env:NAME}")
    return found[0]


def _variable(name: str) -> str:
    text = os.environ.get(name, "")
    if not text:
        raise ConfigError(f"the environment variable '{name}' holds no key", "set it to 64 hex digits")
    return text


def _from_file(path: Path) -> Key:
    try:
        if not path.exists():
            files.private_folder(path.parent)
            files.create(path, Key.new().secret.hex().encode() + b"\n")
        if files.open_to_others(path):
            raise ConfigError(f"the key file {path} is open to others", f"make it private: chmod 600 {path}")
        text = path.read_text(encoding="ascii", errors="replace")
    except OSError as error:
        hint = "check the folder and its permissions"
        raise ConfigError(f"the key file {path} can't be read or made ({classify(error)})", hint) from None
    return _parse(text, f"the key file {path}")


def _parse(text: str, holder: str) -> Key:
    if not _HEX.fullmatch(text.strip()):
        hint = "put back the right one; pii-scan key new makes a new one for a new inventory"
        raise ConfigError(f"{holder} holds no key of 64 hex digits", hint)
    return Key(bytes.fromhex(text.strip()))
