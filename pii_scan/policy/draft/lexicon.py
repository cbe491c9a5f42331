"""The shipped rules of one language, compiled."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, cast

from ...core.declaration import ClaimKind
from ...core.errors import ConfigError
from ...data import load

LANGUAGES: Final = ("en", "fr")
_GAP = r"[^.;]{0,90}?"
#: Of a text's words, at least this share are the commonest words of its language.
_ENOUGH = 0.08


@dataclass(frozen=True, slots=True)
class Rule:
    """How one statement is worded. `section` and `item`: only below such a heading, only for list items."""

    id: str
    kind: ClaimKind
    weight: float
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None = None
    data: tuple[str, ...] = ()
    condition: str = ""
    needs: str = ""
    section: str = ""
    item: bool = False
    own: bool = False
    closed: bool = False
    match: tuple[str, ...] = ()
    reject: tuple[str, ...] = ()

    def found(self, words: str) -> re.Match[str] | None:
        """The place in the words that says it."""
        if self.unless is not None and self.unless.search(words):
            return None
        return self.pattern.search(words)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words and rules of a language; `lists` holds the patterns that stand for one thing each."""

    lang: str
    rules: tuple[Rule, ...]
    one: Mapping[str, re.Pattern[str]]
    groups: Mapping[str, Mapping[str, re.Pattern[str]]]
    months: Mapping[str, int] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    abbreviations: frozenset[str] = frozenset()


@cache
def lexicon(lang: str) -> Lexicon:
    """The lexicon of `en` or `fr`. Raises ConfigError for any other language."""
    if lang not in LANGUAGES:
        raise ConfigError(f"no rules for the language '{lang}'", f"known are {', '.join(LANGUAGES)}")
    raw = load.read("policy", f"{lang}.yaml")
    singles = ("clauses", "negation", "not_negation", "modal", "vague", "examples", "questions",
               "relative", "about", "at_most", "speaks", "ends", "disclaims", "leads", "purpose_cut",
               "everything", "automatic", "scope", "scope_items")  # fmt: skip
    grouped = (
        "headings",
        "categories",
        "functions",
        "roles",
        "conditions",
        "purposes",
        "places",
        "signs",
        "columns",
        "cues",
    )
    return Lexicon(
        lang=lang,
        rules=tuple(map(_rule, raw["rules"])),
        one={name: pattern(raw[name]) for name in singles},
        groups={name: {key: pattern(words) for key, words in raw[name].items()} for name in grouped},
        months=raw["months"],
        numbers=raw["numbers"],
        units=raw["units"],
        abbreviations=frozenset(raw["abbreviations"]),
    )


@cache
def common() -> Mapping[str, Any]:
    """What holds for every language."""
    return cast("Mapping[str, Any]", load.read("policy", "common.yaml"))


def language(text: str) -> str:
    """`en` or `fr`, told by the commonest words. Raises ConfigError if it is neither."""
    words = re.findall(r"[^\W\d_]+", text.casefold())
    shares = {lang: _share(words, load.read("policy", f"{lang}.yaml")["stopwords"]) for lang in LANGUAGES}
    best = max(shares, key=lambda lang: shares[lang])
    if shares[best] < _ENOUGH:
        raise ConfigError("the policy is neither in English nor in French", "name its language with -l")
    return best


def pattern(alternatives: Iterable[str]) -> re.Pattern[str]:
    """One pattern of several; `~` stands for up to 90 characters of one sentence."""
    joined = "|".join(f"(?:{words})" for words in alternatives)
    return re.compile(joined.replace("~", _GAP), re.IGNORECASE)


def plain(text: str) -> str:
    """The text with one kind of apostrophe, quote and hyphen; as long as before."""
    return text.translate(str.maketrans("’‘ʼ‑", "'''-"))


def _share(words: list[str], common_words: Iterable[str]) -> float:
    known = frozenset(common_words)
    return sum(word in known for word in words) / max(1, len(words))


def _rule(raw: dict[str, Any]) -> Rule:
    plain_keys = ("condition", "needs", "section", "item", "own", "closed")
    return Rule(
        id=raw["id"],
        kind=raw["kind"],
        weight=raw["weight"],
        pattern=pattern(raw["any"]),
        unless=pattern(raw["unless"]) if "unless" in raw else None,
        data=tuple(raw.get("data", ())),
        match=tuple(raw.get("match", ())),
        reject=tuple(raw.get("reject", ())),
        **{key: raw[key] for key in plain_keys if key in raw},
    )
