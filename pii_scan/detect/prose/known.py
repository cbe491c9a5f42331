"""How sure a name that a model found is: by the words in it that are known, and by what stands around it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from ...data import load
from ..gazetteer import GIVEN, NAME, PLACE, WORD, Gazetteer, plain, shipped, words
from .kinds import Kind

#: `pair`: a given and another name are known; `name`: one is; `word`: only such as are words, too;
#: `unknown`: none. In the plural of names of several words.
TIERS: Final = ("pair", "names", "name", "words", "word", "unknowns", "unknown")
#: What makes a name of a tier less likely, or more: `place`: it is a known place; `quoted`: it stands in
#: quotation marks, as titles do; `lower`: it begins with a small letter; `spoken`: in the text somebody
#: speaks to somebody, as in messages and notes, and not in articles.
SIGNS: Final = ("place", "quoted", "lower", "spoken")
#: The languages together, in the file of weights.
EVERY: Final = "every"
#: Tiers that a name in machine text has to be of.
_LISTED: Final = ("pair", "names", "name")
#: Where that is looked for, and its words: of the first and second person, and of courtesy.
_LOOKED: Final = 600
_SPOKEN: Final = re.compile(
    r"\bI(?:['’](?:m|ve|d|ll))? [a-z]"
    r"|(?i:\b(?:i'm|i've|we|you|my|our|your|please|pls|thanks|thank|hi|hello)\b)"
    r"|(?i:\b(?:je|nous|vous|tu|mon|mes|notre|nos|votre|vos|ton|merci|bonjour|bonsoir|salut|svp|moi)\b|\bj['’])"
    r"|(?i:\b(?:ich|wir|mein\w*|unser\w*|bitte|danke|hallo|mich|mir|ik|wij|mijn|bedankt)\b)"
    r"|(?i:\b(?:yo|mi|mis|usted|gracias|hola|nuestr\w+|eu|meu|minha|você|obrigad[oa]|olá)\b)"
)
_QUOTES: Final = "\"«»“”„‘’'"


@dataclass(frozen=True, slots=True)
class Found:
    """What is seen of one name: the kind of text, its tier and signs."""

    kind: Kind
    tier: str
    signs: frozenset[str]


@dataclass(frozen=True)
class Known:
    """Confidences by the weights of `texts/known.yaml`, in log-odds, which `training.ner.known` fits."""

    book: Gazetteer | None = field(default=None, repr=False)

    @cached_property
    def _book(self) -> Gazetteer:
        return self.book or shipped()

    @cached_property
    def _weights(self) -> Mapping[str, Mapping[Kind, Mapping[str, float]]]:
        found: Mapping[str, Mapping[Kind, Mapping[str, float]]] = load.read("texts", "known.yaml")
        return found

    def confidence(
        self, text: str, start: int, end: int, kind: Kind, language: str = "", trust: float = 0.0
    ) -> float:
        """From 0 to 1, of the name at [start, end); `kind` is that of the text.

        `language` is the model's; one without weights of its own has those of all together. `trust` is what
        a better model adds, in log-odds; in machine text a name has to be known.
        """
        found = self.look(text, start, end, kind)
        weights = self._weights.get(language, self._weights[EVERY])[kind]
        if kind == "machine" and found.tier not in _LISTED:
            return 0.0
        score = weights[found.tier] + sum(weights[sign] for sign in found.signs)
        score += trust if kind != "machine" else 0.0
        return round(1 / (1 + math.exp(-score)), 3)

    def look(self, text: str, start: int, end: int, kind: Kind) -> Found:
        name = text[start:end]
        parts = words(plain(name))
        flags = [self._book.entries.get(part, 0) for part in parts]
        signs = {
            "place": bool(self._book.entries.get(" ".join(parts), 0) & PLACE),
            "quoted": text[max(0, start - 1) : start] in _QUOTES if start else False,
            "lower": name[:1].islower(),
            "spoken": _SPOKEN.search(text[:_LOOKED]) is not None,
        }
        return Found(kind, _tier(flags), frozenset(sign for sign, is_so in signs.items() if is_so))


def _tier(flags: list[int]) -> str:
    named = [flag for flag in flags if flag & NAME]
    if len(named) > 1 and any(flag & GIVEN for flag in named) and not all(flag & WORD for flag in named):
        return "pair"
    tier = "name" if any(not flag & WORD for flag in named) else "word" if named else "unknown"
    return tier if len(flags) == 1 else f"{tier}s"
