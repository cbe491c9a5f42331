"""Runs the examples of every rule: each `match` must hit, each `reject` must not."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from .options import Options
from .patterns import Matcher
from .phones import Phones
from .rules import Rule, neutral, shipped

_ALPHABET = "q7Xw2Rk9Tz4Vb6Nm1Pc8Lh3Jd5Gf0SyYaEuHoKiZ"


@dataclass(frozen=True, slots=True)
class Failure:
    """An example that did not do what it should; `example` counts from 1 in its list."""

    rule: str
    kind: str
    example: int


def example(text: str) -> str:
    """An example with its `{n}` and `{UPPERn}` filled in: secrets never stand in a file as they are."""
    filled = re.sub(r"\{UPPER(\d+)\}", lambda m: _fill(int(m[1])).upper(), text)
    return re.sub(r"\{(\d+)\}", lambda m: _fill(int(m[1])), filled)


def _fill(count: int) -> str:
    return (_ALPHABET * (count // len(_ALPHABET) + 1))[:count]


def check_rules(rules: Iterable[Rule] = (), options: Options | None = None) -> list[Failure]:
    """The failures of all examples of `rules` (the shipped ones by default)."""
    chosen = tuple(rules) or (*shipped(), *neutral())
    options = options or Options()
    matcher = Matcher(chosen, Phones(options.regions), options.limit("window"))
    return [failure for rule in chosen for failure in _failures(matcher, rule)]


def _failures(matcher: Matcher, rule: Rule) -> Iterable[Failure]:
    for number, text in enumerate(rule.match, 1):
        if not any(m.kind != "failed" for m in matcher.look(example(text), [rule])):
            yield Failure(rule.id, "match", number)
    for number, text in enumerate(rule.reject, 1):
        if any(m.kind != "failed" for m in matcher.look(example(text), [rule])):
            yield Failure(rule.id, "reject", number)
