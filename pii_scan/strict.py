"""Strict YAML at the border: plain data with positions, validated by pydantic, errors with a place.

Shared by the configuration and the declared list. An error is one `ConfigError` that names file,
line and column, says what is wrong in our own words and, for an unknown key, which one was meant.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import ScalarEvent
from ruamel.yaml.scalarbool import ScalarBoolean

from .core.errors import ConfigError, classify

M = TypeVar("M", bound=BaseModel)
Location = tuple[str | int, ...]
_MAX_BYTES = 16 << 20
#: How YAML's dates begin, with a time of day or without.
_DATE = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)(?=$|[Tt \t]+\d)")


@dataclass(frozen=True, slots=True)
class Positions:
    """Where each key and item of a YAML file stands (lines and columns count from 1)."""

    file: str
    places: Mapping[Location, tuple[int, int]] = field(repr=False)

    def at(self, location: Location) -> tuple[int, int]:
        """Line and column of a location, or of its nearest known ancestor."""
        for end in range(len(location), -1, -1):
            if location[:end] in self.places:
                return self.places[location[:end]]
        return 1, 1

    def line(self, location: Location) -> int:
        return self.at(location)[0]

    def where(self, location: Location) -> str:
        line, column = self.at(location)
        return f"{self.file}:{line}:{column}"


def load_yaml(path: Path) -> tuple[Any, Positions]:
    """The file's plain data (dicts, lists, scalars) and the positions of all of it.

    Raises ConfigError if it is missing, too large (16 MiB) or no YAML.
    """
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise ConfigError("the file is larger than 16 MiB", where=str(path))
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = "not UTF-8 text" if isinstance(error, UnicodeDecodeError) else "can't be read"
        raise ConfigError(
            f"{reason} ({classify(error)})", "check the path and its permissions", str(path)
        ) from None
    return parse_yaml(text, str(path))


def parse_yaml(text: str, name: str) -> tuple[Any, Positions]:
    """As `load_yaml`, from text; `name` stands for the file in messages."""
    try:
        tree = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name
        if isinstance(error, DuplicateKeyError):
            raise ConfigError("a key stands twice", "keep one of them", where) from None
        raise ConfigError("not valid YAML", "check indentation, colons and quotes here", where) from None
    except YAMLError as error:
        raise ConfigError(f"not valid YAML ({classify(error)})", where=name) from None
    except ValueError as error:
        if mark := _no_day(text):
            where = f"{name}:{mark.line + 1}:{mark.column + 1}"
            raise ConfigError("no day of the calendar", "write it as YYYY-MM-DD", where) from None
        raise ConfigError(f"not valid YAML ({classify(error)})", where=name) from None
    places: dict[Location, tuple[int, int]] = {(): (1, 1)}
    return _plain(tree, (), places), Positions(name, places)


def _no_day(text: str) -> Any:
    """The mark of the first date that the calendar does not have; None if there is none."""
    for event in YAML().parse(text):
        if isinstance(event, ScalarEvent) and not event.style and (found := _DATE.match(event.value)):
            try:
                date(*map(int, found.groups()))
            except ValueError:
                return event.start_mark
    return None


def _plain(node: Any, location: Location, places: dict[Location, tuple[int, int]]) -> Any:
    if isinstance(node, CommentedMap):
        for key in node:
            line, column = node.lc.key(key)
            places[(*location, key)] = (line + 1, column + 1)
        return {key: _plain(value, (*location, key), places) for key, value in node.items()}
    if isinstance(node, CommentedSeq):
        for index in range(len(node)):
            line, column = node.lc.item(index)
            places[(*location, index)] = (line + 1, column + 1)
        return [_plain(value, (*location, index), places) for index, value in enumerate(node)]
    return _scalar(node)


def _scalar(node: Any) -> Any:
    """ruamel's own scalar classes become Python's."""
    if isinstance(node, ScalarBoolean):
        return bool(node)
    for kind in (int, float, str):
        if isinstance(node, kind) and type(node) not in (kind, bool):
            return kind(node)
    return node


def validate(model: type[M], data: Any, positions: Positions) -> M:
    """`data` as `model`; the first fault becomes a ConfigError with its place and a suggestion."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
        # A misspelt key is missing under its right name too: name the misspelling.
        fault = next((f for f in faults if f["type"] == "extra_forbidden"), faults[0])
        location = tuple(fault["loc"])
        reason, hint = _explain(model, fault["type"], fault["msg"], location)
        raise ConfigError(reason, hint, positions.where(location)) from None


def _explain(model: type[BaseModel], kind: str, message: str, location: Location) -> tuple[str, str]:
    name = ".".join(str(part) for part in location)
    if kind == "extra_forbidden":
        allowed = _allowed(model, location[:-1])
        close = difflib.get_close_matches(str(location[-1]), allowed, n=1)
        hint = f"did you mean '{close[0]}'?" if close else f"known here: {', '.join(sorted(allowed))}"
        return f"unknown key '{name}'", hint
    if kind == "missing":
        return f"'{name}' is missing", "add it"
    return f"'{name}': {message.removeprefix('Value error, ')}", ""


def _allowed(model: type[BaseModel], location: Location) -> list[str]:
    """The keys known at a location, found by walking the model's JSON Schema."""
    schema = model.model_json_schema(by_alias=True)
    node: dict[str, Any] = schema
    for part in location:
        node = _resolve(node, schema)
        node = node.get("items", {}) if isinstance(part, int) else node.get("properties", {}).get(part, node)
    return list(_resolve(node, schema).get("properties", {}))


def _resolve(node: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Follows `$ref`; of several alternatives takes the first that has properties or items."""
    options: list[dict[str, Any]] = [node, *node.get("anyOf", ())]
    for option in options:
        if "$ref" in option:
            return _resolve(schema["$defs"][option["$ref"].rsplit("/", 1)[-1]], schema)
        if "properties" in option or "items" in option:
            return option
    return node
