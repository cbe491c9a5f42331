"""The words of one language that speak of special categories, and those that say of whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ...data import load
from .folding import fold
from .gate import Gate
from .phrases import Phrases, listed, phrases

LANGUAGES: Final = ("en", "fr")
STRENGTHS: Final = ("strong", "plain", "weak")


@dataclass(frozen=True, slots=True)
class Term:
    """What a phrase stands for; an empty category is a form that says nothing about a person.

    `open`: the words after it belong to it (`allergic to` what).
    """

    category: str = ""
    strength: str = ""
    open: bool = False


@dataclass(frozen=True)
class Lexicon:
    """The phrases of one language; `people` and `context` carry the key that they stand under.

    `fields` are names of fields with the category of what stands in them, unless it begins with `empty`.
    """

    language: str
    terms: Phrases[Term]
    people: Phrases[str]
    context: Phrases[str]
    before: Phrases[str]
    after: Phrases[str]
    labels: frozenset[str]
    verbs: frozenset[str]
    carried: frozenset[str]
    possessives: frozenset[str]
    stops: frozenset[str]
    barriers: frozenset[str]
    fields: Mapping[str, str]
    empty: frozenset[str]
    gate: Gate


def lexicon(language: str) -> Lexicon:
    """The shipped lexicon of a language of `LANGUAGES`."""
    data = load.read("texts", f"special.{language}.yaml")
    terms = phrases((*_neutral(data), *_terms(data["terms"])))
    people = data["persons"]
    fields = {name: key for key, names in data["fields"].items() for name in _words(names)}
    opening = (*_terms(data["terms"]), *((name, Term()) for name in fields))
    kinds = ("impersonal", "single", "loose", "plural")
    return Lexicon(
        language=language,
        terms=terms,
        people=phrases((p, kind) for kind in kinds for p in listed(people.get(kind, ""))),
        context=phrases((p, kind) for kind, text in data["context"].items() for p in listed(text)),
        before=phrases((p, "before") for p in listed(data["cues"]["before"])),
        after=phrases((p, "after") for p in listed(data["cues"]["after"])),
        labels=_words(data["labels"]),
        verbs=_words(data["verbs"]),
        carried=_words(people["carried"]),
        possessives=_words(people["possessives"]),
        stops=_words(data["stops"]),
        barriers=_words(data["barriers"]),
        fields=fields,
        empty=_words(data["empty"]),
        gate=Gate(phrases(opening).rarest(_common(data))),
    )


def _words(text: str) -> frozenset[str]:
    return frozenset(" ".join(word.text for word in fold(entry).words) for entry in listed(text))


def _common(data: Mapping[str, Any]) -> frozenset[str]:
    """Words that stand in any text."""
    return _words(",".join((data["common"], data["verbs"], data["stops"], *data["persons"].values())))


def _neutral(data: Mapping[str, Any]) -> Iterator[tuple[str, Term]]:
    for phrase in listed(data["neutral"]):
        yield phrase, Term()


def _terms(data: Mapping[str, Mapping[str, list[str]]]) -> Iterator[tuple[str, Term]]:
    for category, strengths in data.items():
        for strength, lines in strengths.items():
            for phrase in (phrase for line in lines for phrase in listed(line)):
                yield phrase.removesuffix("+"), Term(category, strength, phrase.endswith("+"))


def entries(language: str) -> int:
    """How many entries, each with all its forms, the lexicon of a language has."""
    terms = load.read("texts", f"special.{language}.yaml")["terms"]
    return sum(len(lines) for strengths in terms.values() for lines in strengths.values())
