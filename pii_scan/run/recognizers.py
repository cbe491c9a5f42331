"""Presidio's recognizers that the configuration names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..config import presidio as recognizer_files
from ..config.load import Loaded
from ..core.category import Taxonomy
from ..core.errors import ConfigError
from ..detect import own
from .records import known_category


def recognizers(loaded: Loaded, taxonomy: Taxonomy) -> list[Any]:
    """Presidio's recognizers that the configuration names by class or in files."""
    detect, made = loaded.config.detect, []
    for entity, key in detect.entities.items():
        known_category(key, taxonomy, loaded.positions.where(("detect", "entities", entity)))
    for index, text in enumerate(detect.recognizers):
        where = loaded.positions.where(("detect", "recognizers", index))
        if text.endswith((".yaml", ".yml")):
            made += _of_file(loaded.base / Path(text).expanduser(), detect.entities)
        else:
            made.append(_of_class(text, where))
    return made


def _of_class(dotted: str, where: str) -> Any:
    from ..detect import presidio

    try:
        return presidio.recognizer_class(dotted)
    except ValueError as error:
        hint = "write module:Class of an installed package, or a file of Presidio's YAML"
        raise ConfigError(f"the recognizer can't be made: {error}", hint, where) from None


def _of_file(path: Path, entities: Mapping[str, str]) -> list[Any]:
    from ..detect import presidio

    found, positions = recognizer_files.load(path)
    made = []
    for index, config in enumerate(found):
        record = {**config.model_dump(), "context": config.words}
        where = positions.where(("recognizers", index))
        for number, pattern in enumerate(config.patterns):
            for reason, hint in own.ignored_faults(pattern.regex):
                place = positions.where(("recognizers", index, "patterns", number, "regex"))
                raise ConfigError(reason, hint, place)
        try:
            made.append(presidio.pattern_recognizer(record, entities))
        except ValueError:
            hint = "compare it with Presidio's documentation"
            raise ConfigError("Presidio can't take this recognizer", hint, where) from None
    return made
