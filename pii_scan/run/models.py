"""The models of the user's that the configuration names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ..config.load import Loaded
from ..core.errors import ConfigError
from ..detect.prose.installed import Wanted
from ..detect.prose.language import READ
from ..detect.prose.models import NONE
from ..detect.prose.shipped import languages


def models(loaded: Loaded) -> dict[str, str]:
    """What is named by language; a folder relative to the configuration is made absolute.

    Raises ConfigError with the place of what is unknown or not installed.
    """
    return {
        language: _model(language, text, loaded.base, loaded.positions.where(("detect", "models", language)))
        for language, text in loaded.config.detect.models.items()
    }


def readers(named: Mapping[str, str]) -> dict[str, str]:
    """Which model reads each language, by what `models` gave; empty where none does."""
    return {
        language: "" if named.get(language) == NONE else named.get(language) or _shipped(language)
        for language in READ
    }


def _shipped(language: str) -> str:
    return f"ner_{language} (shipped)" if language in languages() else ""


def _model(language: str, text: str, base: Path, where: str) -> str:
    if language not in READ:
        raise ConfigError(f"texts in '{language}' are not read", f"those in {', '.join(READ)} are", where)
    if text == NONE:
        return text
    named = str(base / text) if (base / text).is_dir() else text
    try:
        missing = Wanted.of(named).missing()
    except ValueError as error:
        raise ConfigError(f"'{text}' names no model: {error}", "write engine:name", where) from None
    if missing:
        raise ConfigError(f"the model '{text}' is not installed", missing, where)
    return named
