"""Our own small models, one a language, read from `pii_scan/models`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any, Final

from .. import gazetteer, smallmodel
from ..inference import Recogniser
from .reader import Entity

#: How our models' names begin in detections.
NAME: Final = "ner_"


@dataclass(frozen=True)
class Small:
    """A shipped model. Of the words that it meets it keeps so many, so its memory does not grow."""

    language: str
    recogniser: Recogniser = field(repr=False)
    trust: float = 0.0

    @property
    def name(self) -> str:
        return f"{NAME}{self.language}"

    def entities(self, texts: Sequence[str]) -> list[list[Entity]]:
        """As `reader.Model`."""
        with _one_thread().limit(limits=1, user_api="blas"):
            return self.recogniser.entities(texts)


def languages() -> tuple[str, ...]:
    """The languages that a model is shipped for."""
    files = (entry.name for entry in resources.files("pii_scan.models").iterdir())
    return tuple(sorted(name.removesuffix(".npz") for name in files if name.endswith(".npz")))


def model(language: str) -> Small | None:
    """The model of a language, None if none is shipped."""
    return Small(language, Recogniser(pipeline(language))) if language in languages() else None


@cache
def pipeline(language: str) -> Any:
    """The spaCy pipeline of a shipped model; made once a process. Raises KeyError if none is shipped."""
    if language not in languages():
        raise KeyError(language)
    path = resources.files("pii_scan.models").joinpath(f"{language}.npz")
    with path.open("rb") as file:
        return smallmodel.load(file, _known())


@cache
def _one_thread() -> Any:
    """Small matrices are multiplied faster by one thread: several wait for each other."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


@cache
def _known() -> smallmodel.Known:
    return smallmodel.known_in(gazetteer.shipped().entries)
