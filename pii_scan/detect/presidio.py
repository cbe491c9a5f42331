"""Presidio's recognizers on the few values that they can hit: the only file that imports it or spaCy.

No model is loaded or fetched: a blank spaCy pipeline gives the tokens that Presidio asks for, and
tldextract reads the list inside its package, so no socket is opened.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import Any, Final

from ..core.category import Taxonomy
from ..core.errors import classify
from ..data import load
from .rules import Rule, rule_of
from .spacylib import spacy

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
        close()
        from presidio_analyzer import predefined_recognizers

        return predefined_recognizers

    @cached_property
    def _categories(self) -> Mapping[str, str]:
        data = load.read("patterns", "presidio.yaml")
        return {**data["entities"], **{r["entity"]: r["category"] for r in data["recognizers"]}}

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

    def searched(self, recognizer: Any) -> tuple[Searched, ...] | None:
        """What a value must hold for the recognizer to find something; None if only it knows.

        A recognizer of patterns that brings its own way to analyze may find anything.
        """
        known = {self._patterns.analyze, self._library.IbanRecognizer.analyze}
        if "analyze" in vars(recognizer) or getattr(type(recognizer), "analyze", None) not in known:
            return None
        flags = int(recognizer.global_regex_flags or 0)
        words = self._denied(recognizer)
        return tuple(
            Searched(p.regex, flags, words if p.name == "deny_list" else ()) for p in recognizer.patterns
        )

    @cached_property
    def _patterns(self) -> Any:
        close()
        from presidio_analyzer import PatternRecognizer

        return PatternRecognizer

    def _denied(self, recognizer: Any) -> tuple[str, ...]:
        """The words of a deny list, if its pattern is made of them in Presidio's own way."""
        listed = tuple(recognizer.deny_list)
        own = type(recognizer)._deny_list_to_regex is self._patterns._deny_list_to_regex
        made = [p.regex for p in recognizer.patterns if p.name == "deny_list"]
        return listed if own and listed and made == [recognizer._deny_list_to_regex(listed).regex] else ()

    def findings(
        self, recognizers: Sequence[Any], text: str, context: Sequence[str] = ()
    ) -> list[tuple[str, str, bool]]:
        """What recognizers find in a text: category, detector, and whether it is the whole text.

        `context` are words that stand for those around a match, such as the column's name.
        """
        artifacts: dict[str, Any] = {}
        found: list[tuple[str, str, bool]] = []
        for recognizer in recognizers:
            for result in self._results(recognizer, text, artifacts, context):
                entry = (
                    self.category(result.entity_type),
                    type(recognizer).__name__,
                    result.end - result.start >= len(text.strip()),
                )
                found.append(entry)
        return found

    def _results(
        self, recognizer: Any, text: str, artifacts: dict[str, Any], context: Sequence[str]
    ) -> list[Any]:
        """The results above the threshold, with the context words of the recognizer heeded."""
        language = recognizer.supported_language
        plain = self.searched(recognizer) is not None
        if not plain and language not in artifacts:
            artifacts[language] = self._tokens(text, language)
        results = list(recognizer.analyze(text, recognizer.supported_entities, artifacts.get(language)) or ())
        if results and recognizer.context:
            if language not in artifacts:
                artifacts[language] = self._tokens(text, language)
            results = self._enhanced(recognizer, text, results, artifacts[language], context)
        return [r for r in results if r.score >= _threshold(recognizer, r.entity_type)]

    def _enhanced(
        self, recognizer: Any, text: str, results: list[Any], artifacts: Any, context: Sequence[str]
    ) -> list[Any]:
        from presidio_analyzer.context_aware_enhancers import LemmaContextAwareEnhancer

        for result in results:
            known = result.recognition_metadata or {}
            result.recognition_metadata = {"recognizer_identifier": recognizer.id, **known}
        results = recognizer.enhance_using_context(text, results, [], artifacts, list(context))
        words = LemmaContextAwareEnhancer()
        return list(words.enhance_using_context(text, results, artifacts, [recognizer], list(context)))

    def _tokens(self, text: str, language: str) -> Any:
        """Presidio's view of a text, from a blank pipeline of the language."""
        if language not in self._engines:
            self._engines[language] = _engine(language)
        return self._engines[language].process_text(text, language=language)

    @cached_property
    def _engines(self) -> dict[str, Any]:
        return {}


@dataclass(frozen=True, slots=True)
class Searched:
    """A pattern of a recognizer's; `words` are all that it can match, if it is a list of words."""

    regex: str
    flags: int
    words: tuple[str, ...] = ()


def close() -> None:
    """Before Presidio is imported: no network for lists of domains, an end to slow patterns, a lean spaCy."""
    os.environ["TLDEXTRACT_PUBLIC_SUFFIX_LIST_URLS"] = ""
    os.environ.setdefault("REGEX_TIMEOUT_SECONDS", "1")
    spacy()  # Presidio imports it whole


def _threshold(recognizer: Any, entity: str) -> float:
    """The recognizer's own threshold for an entity, or for all of its own; ours otherwise."""
    own = recognizer.score_thresholds
    return float(own.get(entity, own.get("default", _MIN_SCORE)))


def _engine(language: str) -> Any:
    """Presidio's NLP engine around a blank spaCy pipeline, whose lemmas are the words in lower case.

    Languages but English share one pipeline: those of their own can take seconds to build.
    """
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    pipeline = spacy().blank(language if language == LANGUAGE else "xx")
    pipeline.max_length = _LONGEST
    pipeline.tokenizer = _Lowered(pipeline.tokenizer)
    engine = SpacyNlpEngine(models=[{"lang_code": language, "model_name": "blank"}])
    engine.nlp = {language: pipeline}
    return engine


@dataclass(frozen=True, slots=True)
class _Lowered:
    """A tokenizer whose words have lemmas, as Presidio's search for context words needs them."""

    tokenizer: Any

    def __call__(self, text: str) -> Any:
        doc = self.tokenizer(text)
        for token in doc:
            token.lemma_ = token.lower_
        return doc


#: Presidio's scores below this are of patterns without check or context.
_MIN_SCORE: Final = 0.4
_LONGEST: Final = 1 << 30


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
