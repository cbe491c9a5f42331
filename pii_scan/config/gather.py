"""Brings together the rules and decisions of a configuration and its rule files, each with its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from ..core.errors import ConfigError
from ..strict import Location, Positions, load_yaml, validate
from .decisions import OverrideConfig, SuppressConfig
from .rules import CategoryConfig, IgnoreConfig, NameConfig, RuleConfig, Rules
from .schema import DetectConfig

T = TypeVar("T")
SCHEMA_ID = "urn:pii-scan:schema:rules:1"


@dataclass(frozen=True, slots=True)
class Placed(Generic[T]):
    """A record and where it stands."""

    record: T
    positions: Positions
    location: Location

    def where(self, *more: str | int) -> str:
        """`file:line:column` of the record, or of a part of it."""
        return self.positions.where((*self.location, *more))


@dataclass(frozen=True, slots=True)
class Gathered:
    """All records in the order of the files: those of the configuration itself come first."""

    categories: tuple[Placed[CategoryConfig], ...] = ()
    rules: tuple[Placed[RuleConfig], ...] = ()
    names: tuple[Placed[NameConfig], ...] = ()
    ignore: tuple[Placed[IgnoreConfig], ...] = ()
    overrides: tuple[Placed[OverrideConfig], ...] = ()
    suppress: tuple[Placed[SuppressConfig], ...] = ()


def gather(detect: DetectConfig, base: Path, positions: Positions) -> Gathered:
    """The records of `detect:` and of its rule files, whose globs start at `base`.

    Raises ConfigError for a file that is missing or wrong, and for a glob that fits none.
    """
    parts: list[tuple[Rules, Positions, Location]] = [(detect, positions, ("detect",))]
    for path in _files(detect.rule_files, base, positions):
        parts.append((*_read(path), ()))
    return Gathered(
        **_rules(parts),
        overrides=tuple(_placed(detect.overrides, positions, ("detect", "overrides"))),
        suppress=tuple(_placed(detect.suppress, positions, ("detect", "suppress"))),
    )


def of_file(path: Path) -> Gathered:
    """The records of one rule file alone."""
    return Gathered(**_rules([(*_read(path), ())]))


def _rules(parts: Sequence[tuple[Rules, Positions, Location]]) -> dict[str, Any]:
    return {
        kind: tuple(
            placed
            for rules, positions, location in parts
            for placed in _placed(getattr(rules, kind), positions, (*location, kind))
        )
        for kind in ("categories", "rules", "names", "ignore")
    }


def _placed(records: Sequence[T], positions: Positions, location: Location) -> Iterator[Placed[T]]:
    for index, record in enumerate(records):
        yield Placed(record, positions, (*location, index))


def _read(path: Path) -> tuple[Rules, Positions]:
    data, positions = load_yaml(path)
    return validate(Rules, {} if data is None else data, positions), positions


def _files(patterns: Sequence[str], base: Path, positions: Positions) -> Iterator[Path]:
    seen: set[Path] = set()
    for index, pattern in enumerate(patterns):
        place = Path(pattern).expanduser()
        found = sorted(_fitting(place if place.is_absolute() else base / place))
        if not found:
            where = positions.where(("detect", "rule_files", index))
            raise ConfigError("no rule file fits", "check the path; it starts at this file's folder", where)
        yield from (path for path in found if path not in seen)
        seen.update(found)


def _fitting(pattern: Path) -> Iterator[Path]:
    """The files that an absolute glob fits; a path without a wildcard fits itself."""
    root = Path(pattern.anchor)
    return (path for path in root.glob(str(pattern.relative_to(root))) if path.is_file())


def schema() -> dict[str, Any]:
    """The JSON Schema of a rule file."""
    made = Rules.model_json_schema(mode="validation")
    made.pop("title", None)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "pii-scan rule file",
        **made,
    }
