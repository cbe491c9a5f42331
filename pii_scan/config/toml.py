"""TOML as plain data with positions, so that errors name a line as they do for YAML."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..core.errors import ConfigError, classify
from ..strict import Location, Positions

_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")
_HEADER = re.compile(r"\s*\[(\[?)\s*([^\]]+?)\s*\]")
_PAIR = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_PART = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")


def load_toml(path: Path) -> tuple[Any, Positions]:
    """The file's plain data and the positions of its tables and keys.

    Raises ConfigError if it is missing or no TOML.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = "not UTF-8 text" if isinstance(error, UnicodeDecodeError) else "can't be read"
        reason = f"{reason} ({classify(error)})"
        raise ConfigError(reason, "check the path and its permissions", str(path)) from None
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        where = f"{path}:{place[1]}:{place[2]}" if place else str(path)
        raise ConfigError("not valid TOML", "check quotes, brackets and repeated keys here", where) from None
    return data, Positions(str(path), dict(_places(text)))


def _places(text: str) -> Iterator[tuple[Location, tuple[int, int]]]:
    """Headers and `key =` at the start of lines; inline tables have the place of their key."""
    table: Location = ()
    counts: dict[Location, int] = {}
    yield (), (1, 1)
    for number, line in enumerate(text.splitlines(), start=1):
        column = len(line) - len(line.lstrip()) + 1
        if header := _HEADER.match(line):
            table = _table(_parts(header[2]), bool(header[1]), counts)
            yield table, (number, column)
        elif pair := _PAIR.match(line):
            yield (*table, *_parts(pair[1])), (number, column)


def _table(parts: Location, item: bool, counts: dict[Location, int]) -> Location:
    """The location of a header: arrays of tables count their items, also in the middle of a name."""
    location: Location = ()
    for index, part in enumerate(parts):
        location = (*location, part)
        if item and index == len(parts) - 1:
            counts[location] = counts.get(location, -1) + 1
        if location in counts:
            location = (*location, counts[location])
    return location


def _parts(name: str) -> Location:
    return tuple(part.strip("\"'") for part in _PART.findall(name))
