"""What kind of statement a clause is: the first rule that fits, turned by negation."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ...core.declaration import ClaimKind
from . import mentions
from .clauses import CONDITION
from .lexicon import Lexicon, Rule

#: A negation says something of the rule's words if it begins at most this many characters after them.
_NEAR = 40
_TURNED = ("collect", "allow_share", "purpose", "retain")
#: The kind of what stands below a heading of these topics, if nothing else tells it.
TOPICS: dict[str, ClaimKind] = {
    "collect": "collect", "right": "right", "allow_share": "allow_share", "purpose": "purpose",
    "retain": "retain", "secure": "secure", "notify": "notify", "transfer": "locate",
    "cookies": "collect", "minors": "prohibit",
}  # fmt: skip
#: Rules of everyday verbs: in a list, the sentence or heading above it tells more than they do.
EVERYDAY = frozenset(
    {"collection", "sharing", "use", "visible", "instruction", "identity_proof", "stored_in"}
)


#: Lists of these topics hold nothing else, whatever their words.
_WHOLE = ("purpose", ("purpose",), "right", ("right",))
#: Below headings of these topics everyday verbs speak of the topic.
_FIRM = (("right",), ("notify",))
#: Topics whose sentences say something of them even in words that no rule knows, and the fewest such words.
_LOOSE, _LEAST_LOOSE = (("collect", "purpose", "allow_share", "retain", "secure", "transfer", "minors"), 5)


#: Of those, the ones whose sentences must speak of us, you or data; and where times are those of an answer.
_SPOKEN, _OTHER_TIMES = ("allow_share", "collect", "purpose"), ("right", "notify", "minors")


@dataclass(frozen=True, slots=True)
class Context:
    """Where a clause stands: what its heading speaks of, the kind of the line before a list, its label."""

    topics: tuple[str, ...] = ()
    intro: ClaimKind | None = None
    label: str = ""
    item: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """The kind, the rule that gave it, and how sure that is."""

    kind: ClaimKind
    rule: str
    weight: float
    data: tuple[str, ...] = ()
    condition: str = ""
    only_at: bool = False
    closed: bool = False
    at: int = 0


def classify(words: str, context: Context, lexicon: Lexicon) -> Reading | None:
    """The reading of a clause; None if it states nothing that can be checked."""
    for rule in lexicon.rules:
        hit = None if rule.own else _fits(rule, words, context, lexicon)
        if hit is not None:
            told = _turned(_reading(rule, hit), words, hit, lexicon)
            above = _above(rule, words, context, lexicon)
            return above if above and above.kind not in (told.kind, "prohibit") else told
    if lexicon.one["disclaims"].search(words):
        return None
    return (
        _listed(words, context, lexicon) or _below(words, context, lexicon) or _loose(words, context, lexicon)
    )


def own(words: str, lexicon: Lexicon) -> list[Reading]:
    """Readings that stand beside the clause's own, such as a certificate named in passing."""
    hits = ((rule, rule.found(words)) for rule in lexicon.rules if rule.own)
    return [_reading(rule, hit) for rule, hit in hits if hit is not None]


def negated(words: str, lexicon: Lexicon) -> bool:
    """True if the clause denies what it speaks of; a condition before it does not count."""
    rest = words[len(m[0]) :] if (m := CONDITION.match(words)) else words
    rest = lexicon.one["relative"].sub(" ", rest)
    if not lexicon.one["negation"].search(rest):
        return False
    return not lexicon.one["not_negation"].search(rest)


def _fits(rule: Rule, words: str, context: Context, lexicon: Lexicon) -> re.Match[str] | None:
    if rule.section and rule.section not in (*context.topics, context.intro):
        return None
    if rule.section and context.intro not in (None, rule.section):
        return None
    if rule.item and not context.item:
        return None
    if rule.needs == "place" and not mentions.found(words, lexicon.groups["places"]):
        return None
    if rule.needs == "only_at" and not _keeper(words, lexicon):
        return None
    return rule.found(words)


def _keeper(words: str, lexicon: Lexicon) -> bool:
    functions = mentions.found(words, lexicon.groups["functions"])
    return bool(set(functions) - {"hosting"} or mentions.named(words))


def _reading(rule: Rule, hit: re.Match[str]) -> Reading:
    only_at = rule.needs == "only_at"
    return Reading(
        rule.kind, rule.id, rule.weight, rule.data, rule.condition, only_at, rule.closed, hit.start()
    )


def _turned(reading: Reading, words: str, hit: re.Match[str], lexicon: Lexicon) -> Reading:
    if reading.kind not in _TURNED or reading.closed or reading.rule in ("minimisation", "child_found"):
        return reading
    if reading.kind == "retain" and lexicon.one["at_most"].search(words):
        return reading
    if not negated(words[: hit.end() + _NEAR], lexicon):
        return reading
    return Reading("prohibit", f"not.{reading.rule}", reading.weight, reading.data, reading.condition)


def _listed(words: str, context: Context, lexicon: Lexicon) -> Reading | None:
    """An item that no rule knows takes the kind of the sentence or heading above its list."""
    kind = context.intro or next((TOPICS[topic] for topic in context.topics if topic in TOPICS), None)
    if not context.item or kind is None or kind not in (*_TURNED, "right"):
        return None
    if kind == "collect" and not mentions.categories(words, lexicon):
        return None
    if not context.intro and kind == "allow_share":
        return None
    if kind == "retain" and not _timed(words, lexicon):
        return None
    return _said(words, kind, "list", 0.6, lexicon)


def _above(rule: Rule, words: str, context: Context, lexicon: Lexicon) -> Reading | None:
    """What a list or a heading makes of a rule of everyday words."""
    if context.item and (rule.id in EVERYDAY or (context.intro or context.topics[:1]) in _WHOLE):
        return _listed(words, context, lexicon)
    if rule.id in EVERYDAY and context.topics[:1] in _FIRM and not context.item:
        return _below(words, context, lexicon) or _loose(words, context, lexicon)
    if rule.id in ("collection", "use") and context.topics[:1] == ("allow_share",):
        return _below(words, context, lexicon)
    if rule.id == "collection" and "retain" in context.topics and _timed(words, lexicon):
        return _said(words, "retain", "below", 0.5, lexicon)
    if rule.id == "retention" and "collect" in context.topics and not _timed(words, lexicon):
        return _listed(words, replace(context, item=True, intro="collect"), lexicon)
    return None


def _below(words: str, context: Context, lexicon: Lexicon) -> Reading | None:
    """A clause that no rule knows says what its heading speaks of, if it has a word of that topic."""
    cues = lexicon.groups["cues"]
    for topic in (context.intro,) if context.intro else context.topics:
        if topic not in TOPICS or not cues[topic].search(words):
            continue
        if topic != "collect" or mentions.categories(words, lexicon):
            return _said(words, TOPICS[topic], "below", 0.5, lexicon)
    return None


def _loose(words: str, context: Context, lexicon: Lexicon) -> Reading | None:
    """The least sure: a known recipient is named, a time is told, or a heading's topic is all there is."""
    topic = next(iter(context.topics), "")
    if mentions.named(words) and topic != "transfer":
        return _said(words, "allow_share", "named", 0.45, lexicon)
    if mentions.period(words, lexicon) and lexicon.one["ends"].search(words) and topic not in _OTHER_TIMES:
        return _said(words, "retain", "timed", 0.45, lexicon)
    if topic not in _LOOSE or len(words.split()) < _LEAST_LOOSE - context.item:
        return None
    if (topic == "collect" and not context.item) or not words[:1].isupper():
        return None
    if topic in _SPOKEN and not (context.item or lexicon.one["speaks"].search(words)):
        return None
    return _said(words, TOPICS[topic], "loose", 0.35, lexicon)


def _said(words: str, kind: ClaimKind, how: str, weight: float, lexicon: Lexicon) -> Reading:
    if kind in _TURNED and negated(words, lexicon):
        return Reading("prohibit", f"not.{how}_{kind}", weight - 0.05)
    return Reading(kind, f"{how}_{kind}", weight)


def _timed(words: str, lexicon: Lexicon) -> bool:
    return bool(mentions.period(words, lexicon) or lexicon.groups["cues"]["retain"].search(words))
