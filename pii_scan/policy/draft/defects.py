"""What is wrong with a policy's text itself: twelve kinds of defects, none of which needs any data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ...core.category import ROOT
from .lexicon import Lexicon, plain
from .statement import Statement

_CARD: Final = ("user.financial.credit_card", "user.payment")
_HOME: Final = ("EU", "EEA", "FR", "DE", "IE", "BE", "NL")
#: At most so many vague statements are shown; the rest are counted.
_SHOWN: Final = 8


@dataclass(frozen=True, slots=True)
class Defect:
    """One defect: its kind, what it means for checks, and the policy's words if some show it."""

    id: str
    message: str
    quote: str = ""


@dataclass(frozen=True, slots=True)
class _Text:
    statements: Sequence[Statement]
    words: str
    lexicon: Lexicon

    def of(self, *kinds: str) -> list[Statement]:
        return [s for s in self.statements if s.kind in kinds]

    def says(self, sign: str) -> bool:
        return self.lexicon.groups["signs"][sign].search(self.words) is not None


def defects(statements: Sequence[Statement], text: str, lexicon: Lexicon) -> list[Defect]:
    """The defects of a text whose statements have been read."""
    given = _Text(statements, plain(" ".join(text.split())), lexicon)
    return [defect for look in _LOOKS for defect in look(given)]


def _unlisted_purpose(text: _Text) -> Iterator[Defect]:
    purposes = {use for s in text.of("purpose") if s.rule != "transactional" for use in s.purposes}
    if purposes and text.says("promotion") and not any(use.startswith("marketing") for use in purposes):
        message = "promotional messages are spoken of, but marketing is not a stated purpose"
        yield Defect("unlisted-purpose", message)


def _uncollected_category(text: _Text) -> Iterator[Defect]:
    collected = {key for s in text.of("collect") for key in s.data}
    for key in _keys(text.of("retain", "allow_share", "locate")):
        if any(other == key or other.startswith(key + ".") for other in collected):
            continue
        above = [other for other in collected if key.startswith(other + ".")]
        how = f"listed as collected only within {above[0]}" if above else "never listed as collected"
        yield Defect("uncollected-category", f"{key} is kept or shared, but {how}")


def _no_period(text: _Text) -> Iterator[Defect]:
    kept = [
        s for s in text.of("retain") if s.period or s.condition in ("account_lifetime", "account_setting")
    ]
    covered = {key for s in kept for key in s.data}
    missing = [k for k in _keys(text.of("collect")) if not any(_related(k, c) for c in covered)]
    if missing and ROOT not in covered:
        yield Defect("no-period", f"no period is given for {', '.join(missing)}")


def _function_not_named(text: _Text) -> Iterator[Defect]:
    functions = {f for s in text.of("allow_share") for f in s.functions}
    if functions and "analytics" not in functions and text.says("research"):
        yield Defect(
            "function-not-named", "research or analytics is a purpose, but no provider's function is"
        )


def _unnamed_recipients(text: _Text) -> Iterator[Defect]:
    for s in text.of("allow_share"):
        if not s.ids and (s.functions or "processor" in s.roles):
            message = "recipients are told by function only: flows to them stay vague"
            yield Defect("unnamed-recipients", message, s.quote)


def _collected_yet_elsewhere(text: _Text) -> Iterator[Defect]:
    held = [s for s in text.of("collect") if set(s.data) & set(_CARD)]
    for s in text.of("locate", "prohibit"):
        if held and set(s.data) & set(_CARD) and (s.only_at or s.kind == "prohibit"):
            message = "payment data is collected, yet said to lie elsewhere only"
            yield Defect("collected-yet-elsewhere", message, s.quote)


def _instruction_too_wide(text: _Text) -> Iterator[Defect]:
    every = text.lexicon.groups["signs"]["all_on_instruction"]
    others = {role for s in text.of("allow_share") for role in s.roles} & {"authority", "partner"}
    for s in text.of("allow_share"):
        if s.rule == "instruction" and others and every.search(s.quote):
            message = f"all third parties act on instructions, but {' and '.join(sorted(others))} do not"
            yield Defect("instruction-too-wide", message, s.quote)


def _sends_to_recipients(text: _Text) -> Iterator[Defect]:
    for s in text.of("right"):
        if s.rule == "turn_to_recipients":
            message = "people are sent to the recipients; GDPR art. 19 asks the company to tell them"
            yield Defect("sends-to-recipients", message, s.quote)


def _incomplete_notice(text: _Text) -> Iterator[Defect]:
    asked = {"legal_basis": "legal basis", "controller": "controller", "privacy_contact": "privacy officer"}
    missing = [name for sign, name in asked.items() if not text.says(sign)]
    abroad = {place for s in text.of("locate", "secure", "allow_share") for place in s.places} - set(_HOME)
    if abroad and not text.says("safeguard"):
        missing.append(f"safeguard for transfers to {', '.join(sorted(abroad))}")
    if missing:
        yield Defect("incomplete-notice", f"GDPR art. 13 asks for what is not there: {', '.join(missing)}")


def _vague_terms(text: _Text) -> Iterator[Defect]:
    vague = [s for s in text.statements if s.vague]
    for s in vague[:_SHOWN]:
        yield Defect("vague-term", f"“{s.vague[0]}” can't be proved wrong", s.quote)
    if len(vague) > _SHOWN:
        yield Defect("vague-term", f"and {len(vague) - _SHOWN} more statements with vague terms")


def _sale_not_said(text: _Text) -> Iterator[Defect]:
    if text.says("ccpa") and not text.says("sale"):
        yield Defect("sale-not-said", "the CCPA is named, but nothing is said on the sale of data")


def _broader_than_law(text: _Text) -> Iterator[Defect]:
    for s in text.of("notify"):
        if s.rule == "exposure":
            message = "notice is promised for less than a breach (GDPR art. 33 and 34)"
            yield Defect("broader-than-law", message, s.quote)


_LOOKS: Final[tuple[Callable[[_Text], Iterator[Defect]], ...]] = (
    _unlisted_purpose, _uncollected_category, _no_period, _function_not_named, _unnamed_recipients,
    _collected_yet_elsewhere, _instruction_too_wide, _sends_to_recipients, _incomplete_notice,
    _vague_terms, _sale_not_said, _broader_than_law,
)  # fmt: skip


def _keys(statements: Sequence[Statement]) -> list[str]:
    return list(dict.fromkeys(key for s in statements for key in s.data if key != ROOT))


def _related(one: str, other: str) -> bool:
    return one == other or one.startswith(other + ".") or other.startswith(one + ".")
