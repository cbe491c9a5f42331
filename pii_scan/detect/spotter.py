"""Personal data in single texts, with places: the other front of this room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..core.category import Taxonomy
from .matching import matching
from .options import Options
from .prose.assembly import reader
from .prose.columns import SURE
from .prose.language import Languages
from .prose.span import Span

__all__ = ["SURE", "Span", "Spotted", "Spotter"]


@dataclass(frozen=True, slots=True)
class Spotted:
    """The spans of one text, by place, and the language that it was read in (ISO 639-1)."""

    language: str
    spans: tuple[Span, ...] = field(repr=False)


class Spotter:
    """Rules, models and components over texts that stand for themselves, without a column around them."""

    def __init__(self, taxonomy: Taxonomy, options: Options | None = None) -> None:
        options = options or Options()
        self._languages = Languages()
        self._reader = reader(options, matching(taxonomy, options).matcher)

    def spot(self, texts: Sequence[str], language: str | None = None) -> list[Spotted]:
        """What each text holds; texts given together are taken to be of one source, as lines of a file are.

        `language` (ISO 639-1) spares the guess.
        """
        languages = [language] * len(texts) if language else self._languages.guess(texts)
        spans = self._reader.read(texts, languages)
        return [Spotted(its, tuple(found)) for its, found in zip(languages, spans, strict=True)]
