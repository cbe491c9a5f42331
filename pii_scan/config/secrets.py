"""Resolves `${env:…}`, `${file:…}` and `${keyring:…}`; what comes out never enters a message."""

from __future__ import annotations

import os
import re
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ..core.errors import ConfigError, classify
from ..core.reference import Reference, blank, references
from .passwords import spans

_USER_INFO = re.compile(r"://([^/?#@]*)@")
_MAX_FILE = 64 << 10


def resolve(text: str, base: Path, *, where: str = "", allow_plaintext: bool = False) -> str:
    """The text with its references replaced by the secrets; relative files start at `base`.

    In the user and password of a URL a secret is percent-encoded, so that it may hold any
    character. Raises ConfigError (with `where`) for a secret that is missing, or for a password
    that stands in the text itself unless `allow_plaintext`.
    """
    if not allow_plaintext:
        refuse_passwords(text, where)
    user_info = _USER_INFO.search(blank(text))
    first, last = user_info.span(1) if user_info else (0, 0)
    for reference in reversed(references(text, where)):
        secret = _look_up(reference, base, where)
        if first <= reference.start < last:
            secret = quote(secret, safe="")
        text = text[: reference.start] + secret + text[reference.end :]
    return text


def resolve_all(value: Any, base: Path, *, where: str = "") -> Any:
    """Every text inside lists and mappings resolved; other values as they are."""
    if isinstance(value, dict):
        return {key: resolve_all(item, base, where=where) for key, item in value.items()}
    if isinstance(value, list):
        return [resolve_all(item, base, where=where) for item in value]
    return resolve(value, base, where=where, allow_plaintext=True) if isinstance(value, str) else value


def refuse_passwords(text: str, where: str = "") -> None:
    """Raises ConfigError if a password stands written out in a URL or connection string."""
    if spans(text):
        raise ConfigError(
            "a password stands in the text of a URL",
            "write ${env:NAME} or ${file:PATH} in its place, or set allow_plaintext_passwords: true",
            where,
        )


def _look_up(reference: Reference, base: Path, where: str) -> str:
    if reference.kind == "env":
        return _from_environment(reference.name, where)
    if reference.kind == "file":
        return _from_file(base / Path(reference.name).expanduser(), reference.name, where)
    return _from_keyring(reference.name, where)


def _from_environment(name: str, where: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise ConfigError(f"the environment variable '{name}' is not set", f"export {name}=…", where)
    return value


def _from_file(path: Path, name: str, where: str) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            value = file.read(_MAX_FILE).rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = f"the secret file '{name}' can't be read ({classify(error)})"
        raise ConfigError(reason, "check the path and its permissions", where) from None
    if not value:
        raise ConfigError(f"the secret file '{name}' is empty", "write the secret into it", where)
    return value


def _from_keyring(name: str, where: str) -> str:
    service, _, user = name.partition("/")
    try:
        keyring: Any = import_module("keyring")
    except ImportError:
        hint = "install it: pip install 'pii-scan[keyring]'"
        raise ConfigError("secrets of the keyring need the package keyring", hint, where) from None
    try:
        value: str | None = keyring.get_password(service, user)
    except keyring.errors.KeyringError as error:
        hint = "unlock the keyring, or use ${env:…}"
        raise ConfigError(f"the keyring can't be read ({classify(error)})", hint, where) from None
    if not value:
        hint = f"keyring set {service} {user}"
        raise ConfigError(f"the keyring holds no secret '{name}'", hint, where)
    return value
