"""Special categories (GDPR articles 9 and 10) in prose: a word of a lexicon, said of a person.

A word alone is no finding. What speaks for one: a person in the sentence, a phrase that attributes it
(`diagnosed with`), a verb between person and word, the name of a field before it. What speaks against:
sentences about products, departments, animals and people in general. The weights are in
`data/texts/special.yaml`; docs/free-text.md explains them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import polars as pl

from ...data import load
from .folding import Folded, Word, fold
from .gate import any_of
from .given import given_names
from .lexicon import LANGUAGES, Lexicon, Term, lexicon
from .phrases import Found
from .sentences import sentences
from .span import Span, merged

DETECTOR: Final = "special"
#: Words in a field; more are a text about it.
_FIELD: Final = 12
_CAPITALISED: Final = re.compile(r"[A-Z][a-z]+")
_SPACES: Final = re.compile(r"[ \t]{1,3}")


@dataclass(frozen=True, slots=True)
class _Sentence:
    """Words of one sentence and what was found among them; places count from its first word.

    `people`: places of persons and their kinds; `carried`: its person stands in the sentence before.
    """

    text: Folded
    words: tuple[Word, ...]
    people: tuple[Found[str], ...]
    context: tuple[Found[str], ...]
    before: tuple[Found[str], ...]
    after: tuple[Found[str], ...]
    carried: bool

    def between(self, index: int) -> str:
        """The signs between a word and the next."""
        return self.text.low[self.words[index].end : self.words[index + 1].start]


@dataclass(frozen=True)
class Special:
    """Finds special categories in English and French texts; other languages give nothing."""

    lexicons: Mapping[str, Lexicon] = field(default_factory=lambda: {key: lexicon(key) for key in LANGUAGES})
    weights: Mapping[str, Any] = field(default_factory=lambda: load.read("texts", "special.yaml"))
    given: frozenset[str] = field(default_factory=given_names, repr=False)

    def gate(self, texts: pl.Series) -> pl.Series:
        """True for each text in which a word of one of the lexicons may stand; `texts` are strings."""
        return any_of((entry.gate for entry in self.lexicons.values()), texts)

    def find(self, text: str, language: str) -> list[Span]:
        """The words said of a person; an empty language is tried as each."""
        return self.look(fold(text), language)

    def look(self, text: Folded, language: str) -> list[Span]:
        """The same for a text that is folded already."""
        chosen = [entry for key, entry in self.lexicons.items() if language[:2].lower() in (key, "")]
        return merged(s for entry in chosen if entry.gate.opens(text) for s in self._spans(text, entry))

    def _spans(self, text: Folded, entry: Lexicon) -> Iterator[Span]:
        peopled = False
        for words in sentences(text):
            terms = entry.terms.find(words)
            sentence = self._sentence(text, words, terms, entry, peopled)
            for term in (t for t in terms if t.kind.category):
                score = self._score(sentence, term, entry)
                if score >= self.weights["threshold"]:
                    yield _span(sentence, term, entry, score)
            yield from _field(sentence, entry, self.weights["field"])
            peopled = any(p.kind == "single" for p in sentence.people)

    def _sentence(
        self, text: Folded, words: tuple[Word, ...], terms: list[Found[Term]], entry: Lexicon, peopled: bool
    ) -> _Sentence:
        taken = {i for term in terms for i in range(term.first, term.last)}
        said = [p for p in entry.people.find(words) if p.kind != "impersonal"]
        named = [
            Found(i, i + 1, "single") for i, w in enumerate(words) if i not in taken and self._named(text, w)
        ]
        return _Sentence(
            text,
            words,
            (*said, *named),
            tuple(c for c in entry.context.find(words) if c.first not in taken),
            tuple(entry.before.everywhere(words)),
            tuple(entry.after.everywhere(words)),
            peopled and words[0].text in entry.carried,
        )

    def _named(self, text: Folded, word: Word) -> bool:
        """True for a capitalised given name that is no word besides."""
        return word.text in self.given and bool(_CAPITALISED.fullmatch(text.base, word.start, word.end))

    def _score(self, s: _Sentence, term: Found[Term], entry: Lexicon) -> float:
        """The sum of what speaks for and against the word, between 0 and 0.99."""
        score = float(self.weights["strength"][term.kind.strength]) + self._person(s, term, entry)
        score += self._attributed(s, term, entry) - self._lowered(s, term)
        return round(min(max(score, 0.0), 0.99), 2)

    def _person(self, s: _Sentence, term: Found[Term], entry: Lexicon) -> float:
        w = self.weights["person"]
        near = {p.kind for p in s.people if _distance(p, term) <= self.weights["reach"]["person"]}
        if "single" in near:
            owners = (s.words[i].text for i in range(max(0, term.first - 2), term.first))
            return float(w["single"] + (w["owned"] if any(o in entry.possessives for o in owners) else 0))
        if s.carried:
            return float(w["carried"])
        return float(w["plural"] if "plural" in near else w["loose"] if "loose" in near else 0.0)

    def _attributed(self, s: _Sentence, term: Found[Term], entry: Lexicon) -> float:
        w, reach = self.weights["attributed"], self.weights["reach"]
        if _labelled(s, term, entry):
            return float(w["label"])
        if any(0 <= term.first - c.last <= reach["cue"] for c in s.before):
            return float(w["cue"])
        if any(0 <= c.first - term.last <= reach["after"] for c in s.after):
            return float(w["cue"])
        return float(w["verb"] if self._said(s, term, entry) else 0.0)

    def _said(self, s: _Sentence, term: Found[Term], entry: Lexicon) -> bool:
        """True for a person, a verb soon after, and the word soon after that: `she has severe asthma`."""
        reach = self.weights["reach"]["verb"]
        before = range(max(0, term.first - reach), term.first)
        first = max((i + 1 for i in before if s.words[i].text in entry.barriers), default=0)
        verbs = [i for i in before if i >= first and s.words[i].text in entry.verbs]
        people = [p.last for p in s.people if p.kind == "single"]
        return any(0 <= verb - person <= reach for verb in verbs for person in people)

    def _lowered(self, s: _Sentence, term: Found[Term]) -> float:
        w, reach = self.weights["context"], self.weights["reach"]["context"]
        near = (w[c.kind] for c in s.context if _distance(c, term) <= reach)
        return float(min(sum(near), w["most"]))


def _head(s: _Sentence) -> tuple[int, str]:
    """How many words stand before a colon near the beginning of the sentence, and which; or none."""
    for count in range(1, min(6, len(s.words))):
        if s.between(count - 1).strip()[:1] in (":", "="):
            return count, " ".join(word.text for word in s.words[:count])
    return 0, ""


def _labelled(s: _Sentence, term: Found[Term], entry: Lexicon) -> bool:
    """True if the sentence begins with the name of a field and a colon."""
    count, name = _head(s)
    return 0 < count <= term.first and name in entry.labels


def _field(s: _Sentence, entry: Lexicon, score: float) -> Iterator[Span]:
    """What stands in a field whose name says that it is of a special category."""
    count, name = _head(s)
    category = entry.fields.get(name, "")
    if category and s.words[count].text not in entry.empty and len(s.words) - count <= _FIELD:
        start, end = s.words[count].start, s.words[-1].end
        yield Span(s.text.place(start), s.text.place(end - 1) + 1, category, DETECTOR, score)


def _distance(found: Found[str], term: Found[Term]) -> int:
    """Words between the two; 0 if they touch or overlap."""
    return max(0, found.first - term.last, term.first - found.last)


def _span(s: _Sentence, term: Found[Term], entry: Lexicon, score: float) -> Span:
    last = term.last
    while term.kind.open and last < len(s.words) and last - term.last < 3:
        if not _SPACES.fullmatch(s.between(last - 1)) or s.words[last].text in entry.stops:
            break
        last += 1
    start, end = s.words[term.first].start, s.words[last - 1].end
    return Span(s.text.place(start), s.text.place(end - 1) + 1, term.kind.category, DETECTOR, score)
