"""A rule's regexes for Rust: its superset, its whole form, and its form with the edges taken in.

The superset has the rule's edges as text that is matched instead of looked at, and large bounds opened,
so it contains the exact set; a property test holds it against the exact patterns.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from .rules import Rule

_BOUND: Final = re.compile(r"\{(\d+),(\d+)\}")
_LARGE: Final = 12
#: Bounds that no automaton should count to; what is longer is of the same kind.
_HUGE: Final = 100
_FREE: Final = "(?s:.?)"

#: The edges of `rules.EDGES` as text that is matched instead of looked at.
_TAKEN: Final[dict[str, tuple[str, str]]] = {
    "none": ("", ""),
    "word": (r"(?:^|[^A-Za-z0-9])", r"(?:$|[^A-Za-z0-9])"),
    "phone": (r"(?:^|[^A-Za-z0-9+.,_-]|(?:^|[^0-9])[.,_-])", r"(?:$|[^A-Za-z0-9])"),
    "digit": (r"(?:^|[^0-9.])", r"(?:$|[^0-9])"),
    "number": (
        r"(?:^|[^A-Za-z0-9.,_-]|(?:^|[^0-9])[.,_-])",
        r"(?:$|[^A-Za-z0-9.,_-]|[.,_-](?:$|[^0-9]))",
    ),
    "dialled": (
        r"(?:^|[^A-Za-z0-9.,_-]|(?:^|[^0-9])[.,_-])",
        r"(?:$|[^A-Za-z0-9.,_-]|[Xx][0-9]|[.,_-](?:$|[^0-9]))",
    ),
    "token": (r"(?:^|[^A-Za-z0-9_-])", r"(?:$|[^A-Za-z0-9_-])"),
    "pair": (
        r"(?:^|[^0-9., ]|(?:^|[^,;]) )",
        r"(?:$|[^0-9.,;]|\.(?:$|[^0-9])|[,;] ?[+-]?(?:$|[^0-9 +-])|[,;](?:[+-]| [+-]?) )",
    ),
    "hex": (r"(?:^|[^0-9A-Za-z:-])", r"(?:$|[^0-9A-Za-z:-]|:(?:$|[^0-9A-Fa-f]))"),
    "ip": (
        r"(?:^|[^A-Za-z0-9:.])",
        r"(?:$|[^A-Za-z0-9:.]|:[0-9A-Fa-f]*(?:$|[^0-9A-Fa-f.:])"
        r"|\.(?:$|[^0-9A-Fa-f.:]|[A-Fa-f][0-9A-Fa-f]*(?:$|[^0-9A-Fa-f.:])))",
    ),
    "email": (
        r"(?:^|[^A-Za-z0-9._%+'-])",
        r"(?:$|[^A-Za-z0-9_@:.-]|:(?:$|[^A-Za-z])|\.(?:$|[^A-Za-z0-9]))",
    ),
}

#: What a text must hold for a validator to take any match in it.
_ASKED: Final = {
    "ipv6": r"(?:^|[^A-Za-z0-9:.])(?:::|(?:[0-9A-Fa-f]{1,4}:){1,7}:|(?:[0-9A-Fa-f]{1,4}:){7})",
}


def opened(regex: str, above: int = _LARGE) -> str:
    """`regex` with every upper bound above so many opened: the automaton stays small."""
    return _BOUND.sub(lambda m: f"{{{m[1]},}}" if int(m[2]) > above else m[0], regex)


@lru_cache(maxsize=1024)
def superset(rule: Rule) -> str:
    """Matches every text in which the rule's exact pattern matches.

    With its edges a match can only begin where a word does, so the automaton has few states; without
    any, a free character before it keeps Rust's search from stopping at all that could begin a match.
    """
    before, after = _TAKEN[rule.edges]
    return f"{before or _FREE}(?:{opened(rule.regex)}){after}"


def asked(rule: Rule) -> str:
    """Matches every text in which the rule's validator takes a match; empty if that is not known."""
    return _ASKED.get(rule.validator, "")


def whole(rule: Rule) -> str:
    """Matches texts that are one match of the rule from end to end."""
    return f"^(?:{opened(rule.regex, _HUGE)})$"


def ornamented(rule: Rule) -> str:
    """Matches texts that are one match of the rule but for signs and space around it."""
    return f"^[^0-9A-Za-z]*(?:{opened(rule.regex)})[^0-9A-Za-z]*$"


@lru_cache(maxsize=4096)
def single(rule: Rule, form: Callable[[Rule], str]) -> Callable[[str], object]:
    """The test of one text that a form makes of many: of the superset the exact pattern itself.

    Building an automaton costs about as much as Python's search through `pool.FEW` bytes.
    """
    if form is superset:
        return rule.exact.search
    if form is asked:
        return re.compile(asked(rule), re.ASCII).search
    return re.compile(form(rule)[1:-1], re.ASCII).fullmatch


def span(rule: Rule) -> tuple[str, str, str]:
    """Regexes of a match, which is the first exact one, with what may stand before and behind it."""
    before, after = _TAKEN[rule.edges]
    return before, opened(rule.regex, _HUGE), after
