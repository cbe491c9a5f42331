"""Presidio's own YAML of pattern recognizers, as its documentation describes it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ..core.errors import ConfigError
from ..strict import Positions, load_yaml, validate
from .base import Text

Score = Annotated[float, Field(ge=0, le=1, strict=False)]


class _Lenient(BaseModel):
    """Presidio's files have keys that only its own engine needs."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class PatternConfig(_Lenient):
    name: Text
    regex: Text
    score: Score


class RecognizerConfig(_Lenient):
    """One recognizer: patterns, a list of words, or both."""

    name: Text
    supported_entity: Text
    type: Literal["custom"] = "custom"
    enabled: bool = True
    patterns: list[PatternConfig] = Field(default_factory=list)
    deny_list: list[Text] = Field(default_factory=list)
    deny_list_score: Score = 1.0
    context: list[Text] = Field(default_factory=list)
    supported_languages: list[Any] = Field(default_factory=list)

    @model_validator(mode="after")
    def _something(self) -> RecognizerConfig:
        if not self.patterns and not self.deny_list:
            raise ValueError("it has neither patterns nor a deny_list")
        return self

    @property
    def words(self) -> list[str]:
        """Context words of its own and of its languages."""
        told = [entry for entry in self.supported_languages if isinstance(entry, dict)]
        return [*self.context, *(str(word) for entry in told for word in entry.get("context") or ())]


class RecognizersConfig(_Lenient):
    recognizers: list[RecognizerConfig] = Field(min_length=1)


def load(path: Path) -> tuple[tuple[RecognizerConfig, ...], Positions]:
    """The enabled recognizers of a file. Raises ConfigError with the place of what is wrong."""
    data, positions = load_yaml(path)
    if not isinstance(data, dict):
        raise ConfigError("no list of recognizers", "write recognizers: and a list", positions.where(()))
    made = validate(RecognizersConfig, data, positions)
    return tuple(item for item in made.recognizers if item.enabled), positions
