"""The model that reads each language: the user's if one is named, ours if one is shipped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from . import shipped
from .installed import Installed, Wanted
from .reader import Model

NONE = "none"


@dataclass
class Models:
    """Models by language, each made at the first text; `named` are the user's (`Wanted.of`), or `none`."""

    named: Mapping[str, str] = field(default_factory=dict)
    _made: dict[str, Model | None] = field(default_factory=dict, repr=False)

    def of(self, language: str) -> Model | None:
        """The language's model, None if it has none. Raises ValueError if the user's is not installed."""
        if language not in self._made:
            self._made[language] = self._make(language)
        return self._made[language]

    def _make(self, language: str) -> Model | None:
        text = self.named.get(language)
        if text == NONE:
            return None
        return Installed(Wanted.of(text), language) if text else shipped.model(language)
