"""Finds, reads and checks `pii-scan.yaml` (or `.toml`)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ..core.errors import ConfigError
from ..core.reference import references
from ..strict import Location, Positions, load_yaml, validate
from .gather import Gathered, gather
from .passwords import is_reference, is_secret_name
from .schema import Config, SourceConfig
from .secrets import refuse_passwords, resolve
from .toml import load_toml

VARIABLE: Final = "PII_SCAN_CONFIG"
NAMES: Final = ("pii-scan.yaml", "pii-scan.yml", "pii-scan.toml")
SCHEMA_ID: Final = "urn:pii-scan:schema:config:1"
_FILE_URL = re.compile(r"(?P<scheme>(?:sqlite|duckdb)(?:\+\w+)?:///)(?P<path>[^/:$?][^?]*)(?P<rest>.*)")


@dataclass(frozen=True, slots=True)
class Loaded:
    """A configuration with its place. `path` is None for the defaults; `base` is what relative
    paths start from: those of `config` are absolute already, references are not yet resolved.
    `gathered` are the rules and decisions of it and of the files that it names.
    """

    config: Config
    path: Path | None
    base: Path
    positions: Positions = field(default_factory=lambda: Positions("pii-scan.yaml", {}), repr=False)
    gathered: Gathered = field(default_factory=Gathered, repr=False)

    @property
    def inventory(self) -> str:
        """The inventory's path or URL with its secrets resolved: not to be shown."""
        where = self.positions.where(("inventory",)) if self.path else ""
        plaintext = self.config.allow_plaintext_passwords
        return resolve(self.config.inventory, self.base, where=where, allow_plaintext=plaintext)


def load(path: Path) -> Loaded:
    """The configuration in a file.

    Raises ConfigError with file, line and column for anything that is wrong in it.
    """
    path = path.absolute()
    data, positions = (load_toml if path.suffix == ".toml" else load_yaml)(path)
    config = validate(Config, {} if data is None else data, positions)
    _check_names(config, positions)
    _check_secrets(config, positions)
    gathered = gather(config.detect, path.parent, positions)
    return Loaded(_absolute(config, path.parent), path, path.parent, positions, gathered)


def default(base: Path) -> Loaded:
    """The defaults, for a scan without a file; paths start at `base`."""
    return Loaded(_absolute(Config(), base.absolute()), None, base.absolute())


def find(start: Path) -> Path | None:
    """The file that `PII_SCAN_CONFIG` names, else the one in `start`, else None.

    Raises ConfigError if the variable names a file that is missing.
    """
    named = os.environ.get(VARIABLE)
    if named:
        path = Path(named)
        if not path.is_file():
            raise ConfigError(f"{VARIABLE} names a file that does not exist", "correct it or unset it")
        return path
    return next((start / name for name in NAMES if (start / name).is_file()), None)


def schema() -> dict[str, Any]:
    """The JSON Schema of the file."""
    made = Config.model_json_schema(mode="validation")
    made.pop("title", None)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "pii-scan configuration",
        **made,
    }


def _check_names(config: Config, positions: Positions) -> None:
    seen: set[str] = set()
    for index, source in enumerate(config.sources):
        if source.name in seen:
            where = positions.where(("sources", index, "name"))
            raise ConfigError(f"two sources are named '{source.name}'", "give each a name of its own", where)
        seen.add(source.name)


def _check_secrets(config: Config, positions: Positions) -> None:
    """References must be well formed; passwords and the key must be references."""
    for location, text in _texts(config):
        where = positions.where(location)
        references(text, where)
        if config.allow_plaintext_passwords:
            continue
        refuse_passwords(text, where)
        if location[-1] == "key" and not is_reference(text):
            hint = "write ${file:PATH} or ${env:NAME}; pii-scan key new makes a file"
            raise ConfigError("the key must not stand in the file", hint, where)
        if "options" in location and is_secret_name(str(location[-1])) and not is_reference(text):
            hint = "write ${env:NAME} or ${file:PATH}, or set allow_plaintext_passwords: true"
            raise ConfigError(f"'{location[-1]}' is written out", hint, where)


def _texts(config: Config) -> Iterator[tuple[Location, str]]:
    """The texts that may hold references, with their places."""
    yield ("inventory",), config.inventory
    if config.key:
        yield ("key",), config.key
    for index, source in enumerate(config.sources):
        yield ("sources", index, "url"), source.url or ""
        yield from _leaves(source.options, ("sources", index, "options"))


def _leaves(value: Any, location: Location) -> Iterator[tuple[Location, str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, (*location, key))
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item, location)
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        yield location, str(value)


def _absolute(config: Config, base: Path) -> Config:
    """Relative paths start at the file's folder, wherever the command is run."""
    changes: dict[str, Any] = {
        "inventory": _place(config.inventory, base),
        "accepted": _place(config.accepted, base),
        "sources": [_source(source, base) for source in config.sources],
    }
    if config.sharing:
        changes["sharing"] = _place(config.sharing, base)
    return config.model_copy(update=changes)


def _source(source: SourceConfig, base: Path) -> SourceConfig:
    if source.path is not None:
        return source.model_copy(update={"path": _place(source.path, base)})
    return source.model_copy(update={"url": _place(source.url or "", base)})


def _place(text: str, base: Path) -> str:
    """A path, or the path in a file database's URL, made absolute; other URLs as they are."""
    if database := _FILE_URL.fullmatch(text):
        return database["scheme"] + str(base / database["path"]) + database["rest"]
    if "://" in text or text.startswith("${"):
        return text
    return os.path.normpath(base / Path(text).expanduser())
