"""All components over one text, which is folded once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import polars as pl

from .addresses import Addresses
from .dates import Dates
from .folding import Folded, fold
from .ids import Ids
from .phones import Phones
from .relations import Relations
from .secrets import Secrets
from .span import Span
from .special import Special
from .titles import Titles


class Component(Protocol):
    """One component; `find` and `look` give spans without overlaps, by place."""

    def gate(self, texts: pl.Series) -> pl.Series: ...
    def find(self, text: str, language: str) -> list[Span]: ...
    def look(self, text: Folded, language: str) -> list[Span]: ...


def _components() -> tuple[Component, ...]:
    return Special(), Dates(), Addresses(), Relations(), Titles(), Phones(), Ids(), Secrets()


@dataclass(frozen=True)
class Prose:
    """All that the components find in one text."""

    components: tuple[Component, ...] = field(default_factory=_components)

    def find(self, text: str, language: str) -> list[Span]:
        """The spans of all components by place.

        Spans of different components may overlap, for they say different things: `merged` leaves one.
        """
        folded = fold(text)
        found = {span for component in self.components for span in component.look(folded, language)}
        return sorted(found, key=lambda s: (s.start, s.end, s.category, s.detector))

    def gate(self, texts: pl.Series) -> pl.Series:
        """True for each text that may hold something for one of the components."""
        masks = [component.gate(texts) for component in self.components]
        return pl.select(pl.any_horizontal(masks)).to_series().alias(texts.name)
