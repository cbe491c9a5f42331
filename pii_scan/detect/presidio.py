"""Presidio's recognizers on the few values that they can hit: the only file that imports it or spaCy.

No model is loaded or fetched: a blank spaCy pipeline gives the tokens that Presidio asks for, and
tldextract reads the list inside its package, so no socket is opened.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import Any, Final

from ..core.category import Taxonomy
from ..core.errors import classify
from ..data import load
from .rules import Rule, rule_of

LANGUAGE: Final = "en"
_UNKNOWN: Final = "user"


@dataclass(frozen=True, slots=True)
class Entity:
    """One of Presidio's entities: where it may run, and what it means."""

    rule: Rule
    recognizer: str
    entity: str


def entities() -> tuple[Entity, ...]:
    """The entities that our own patterns don't cover; each has a rule as its prefilter."""
    records = load.read("patterns", "presidio.yaml")["recognizers"]
    return tuple(
        Entity(
            rule_of(
                {
                    **r,
                    "id": _name(r),
                    "strength": "weak",
                    "dear": True,
                    "validator": _name(r),
                    "match": [],
                    "reject": [],
                }
            ),
            r["recognizer"],
            r["entity"],
        )
        for r in records
    )


def _name(record: Mapping[str, Any]) -> str:
    return f"presidio_{record['entity'].lower()}"


@dataclass(frozen=True)
class Presidio:
    """Recognizers by entity, loaded at the first value; `own` are the user's."""

    taxonomy: Taxonomy
    own: tuple[Any, ...] = ()

    @cached_property
    def _library(self) -> Any:
        """Presidio's modules, with the network closed and slow patterns cut."""
        os.environ["TLDEXTRACT_PUBLIC_SUFFIX_LIST_URLS"] = ""
        os.environ.setdefault("REGEX_TIMEOUT_SECONDS", "1")
        from presidio_analyzer import predefined_recognizers

        return predefined_recognizers

    @cached_property
    def _categories(self) -> Mapping[str, str]:
        data = load.read("patterns", "presidio.yaml")
        return {**data["entities"], **{r["entity"]: r["category"] for r in data["recognizers"]}}

    @cached_property
    def _engine(self) -> Any:
        """Presidio's NLP engine around a blank spaCy pipeline."""
        import spacy
        from presidio_analyzer.nlp_engine import SpacyNlpEngine

        engine = SpacyNlpEngine(models=[{"lang_code": LANGUAGE, "model_name": "blank"}])
        engine.nlp = {LANGUAGE: spacy.blank(LANGUAGE)}
        return engine

    def category(self, entity: str) -> str:
        """Our category of an entity; an entity that is itself one of our keys stands for it."""
        return entity if entity in self.taxonomy else self._categories.get(entity, _UNKNOWN)

    def check(self, entity: Entity) -> Callable[[str], bool]:
        """A validator of texts for one entity; its recognizer is made at the first text."""
        return lambda text: bool(self._recognizer(entity).analyze(text, [entity.entity], None))

    def _recognizer(self, entity: Entity) -> Any:
        if entity.entity not in self._made:
            made = getattr(self._library, entity.recognizer)(supported_language=LANGUAGE)
            self._made[entity.entity] = made
        return self._made[entity.entity]

    @cached_property
    def _made(self) -> dict[str, Any]:
        return {}

    def user_findings(self, texts: Sequence[str]) -> Iterable[tuple[str, list[tuple[str, str, bool]]]]:
        """What the user's recognizers find in each text: category, detector, whole."""
        for text, artifacts in self._engine.process_batch(list(texts), language=LANGUAGE):
            yield (
                text,
                [
                    (
                        self.category(result.entity_type),
                        recognizer.name,
                        result.end - result.start >= len(text.strip()),
                    )
                    for recognizer in self.own
                    for result in recognizer.analyze(text, recognizer.supported_entities, artifacts) or ()
                    if _score(recognizer, result, text) >= _MIN_SCORE
                ],
            )


#: Presidio's scores below this are of patterns without check or context.
_MIN_SCORE: Final = 0.4
#: What a context word adds to a score, and how far from the value it may stand (Presidio's own figures).
_CONTEXT: Final = 0.35
_NEAR: Final = 40


def _score(recognizer: Any, result: Any, text: str) -> float:
    """The score with the recognizer's context words near the value, as Presidio's engine would raise it."""
    around = f"{text[max(0, result.start - _NEAR) : result.start]} {text[result.end : result.end + _NEAR]}"
    words = set(re.findall(r"\w+", around.casefold()))
    told = any(set(word.casefold().split()) <= words for word in recognizer.context or ())
    return float(result.score) + (_CONTEXT if told else 0.0)


def pattern_recognizer(record: Mapping[str, Any], entities: Mapping[str, str]) -> Any:
    """A recognizer from a record of Presidio's YAML; `entities` gives categories for its entity names.

    Raises ValueError if Presidio can't take the record.
    """
    from presidio_analyzer import Pattern, PatternRecognizer

    entity = record["supported_entity"]
    return PatternRecognizer(
        supported_entity=entities.get(entity, entity),
        name=record["name"],
        supported_language=LANGUAGE,
        patterns=[Pattern(p["name"], p["regex"], p["score"]) for p in record.get("patterns", ())] or None,
        deny_list=list(record.get("deny_list", ())) or None,
        deny_list_score=record.get("deny_list_score", 1.0),
        context=list(record.get("context", ())) or None,
    )


def recognizer_class(dotted: str) -> Any:
    """A recognizer made by the class that `module:Class` names.

    Raises ValueError if there is none, or if it is no recognizer.
    """
    from presidio_analyzer import EntityRecognizer

    module, _, name = dotted.partition(":")
    try:
        made = getattr(import_module(module), name)()
    except (ImportError, AttributeError, TypeError) as error:
        raise ValueError(classify(error)) from None
    if not isinstance(made, EntityRecognizer):
        raise ValueError("it is no presidio_analyzer.EntityRecognizer")
    return made


def described(recognizer: Any) -> str:
    """What of a recognizer decides: its class, version, entities and patterns."""
    kind = type(recognizer)
    patterns = [[p.name, p.regex, p.score] for p in getattr(recognizer, "patterns", None) or ()]
    facts = [kind.__module__, kind.__qualname__, recognizer.name, str(getattr(recognizer, "version", ""))]
    words = [list(getattr(recognizer, name, None) or ()) for name in ("context", "deny_list")]
    return json.dumps([*facts, sorted(recognizer.supported_entities), patterns, words])
