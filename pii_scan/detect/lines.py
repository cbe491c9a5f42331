"""Columns of lines: which rules may hit a line is told by its form, in which every digit is masked.

Programs print the same lines again with other numbers in them, so there are far fewer forms than lines. A
pattern whose classes hold either all digits or none can't tell a line from its form; widened to such, the
superset of a rule finds in the forms every line that the rule may hit. The exact patterns see only those.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

import numpy as np
import polars as pl

from . import prefilter, wishes
from .cells import Ints, Templates, union
from .rules import Rule
from .text import folded
from .words import words_of

Bools = np.ndarray[Any, np.dtype[np.bool_]]

#: The parts of a regex: an escape, a class, how often something is repeated, how a group begins, a character.
_PART: Final = re.compile(
    r"\\x[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}|\\."
    r"|\[\^?\]?(?:\\.|[^\\\]])*\]|\{[0-9]*,?[0-9]*\}|\(\?P?<[^>]*>|.",
    re.DOTALL,
)
_DIGITS: Final = "0123456789"
#: Rules that are sought by one automaton; of more it would have too many states.
_TOGETHER: Final = 4


@lru_cache(maxsize=1024)
def widened(regex: str) -> str:
    """`regex` with every character and class that some digits match taking all of them."""
    return _PART.sub(lambda part: _open(part.group()), regex)


def closed(regex: str) -> bool:
    """True for a regex that finds the same in a text whichever digits its digits are."""
    return widened(regex) == regex


def _open(part: str) -> str:
    if part[0] in "^$.({" or not (part[0] in "\\[" or part in _DIGITS):
        return part
    taken = sum(re.fullmatch(part, digit) is not None for digit in _DIGITS)
    return f"(?:{part}|[0-9])" if 0 < taken < len(_DIGITS) else part


def able(lines: Templates, rules: Sequence[Rule], named: frozenset[str]) -> dict[str, Ints]:
    """By rule the cells in which it may count by itself, or by the column's name (`named`)."""
    some = wishes.able(lines.forms, rules, told=False)
    return _cells(lines, [rule for rule in rules if rule.id in some], some, named)


def beside(lines: Templates, rules: Sequence[Rule]) -> dict[str, Ints]:
    """By rule the cells that may hold a match of it and have one of its words, which may be further away."""
    some = wishes.able(lines.forms, rules, told=True)
    spoken = union(len(lines.forms), some.values())
    if not spoken.size:
        return {}
    words = words_of(tuple(rules)).masked
    texts = folded(lines.forms.take(spoken))
    standing = np.flatnonzero(words.stand(texts))
    said = words.said(spoken[standing], texts.gather(standing))
    near = {
        rule: np.intersect1d(forms, some[rule], assume_unique=True)
        for rule, forms in said.items()
        if rule in some
    }
    told = [rule for rule in rules if rule.id in near]
    return _cells(lines, told, near, frozenset(near))


def spans(texts: pl.Series, forms: pl.Series, codes: Ints, before: str, regex: str, after: str) -> pl.Series:
    """The first match of a closed regex in each text, found in the text's form; `codes` tell the form."""
    some, places = np.unique(codes, return_inverse=True)
    found = forms.gather(some).str.extract_groups(rf"^((?s:.*?){before})({regex}){after}").struct
    at, size = (found.field(name).str.len_chars().to_numpy() for name in ("1", "2"))
    frame = pl.DataFrame({"t": texts, "at": at[places], "size": size[places]}, nan_to_null=True)
    return frame.select(pl.col("t").str.slice(pl.col("at").cast(pl.Int64), pl.col("size").cast(pl.UInt64)))[
        "t"
    ]


def _cells(
    lines: Templates, rules: Sequence[Rule], forms: Mapping[str, Ints], told: frozenset[str]
) -> dict[str, Ints]:
    """By rule the cells of those forms that may hold a match of it; a few rules are sought at a time.

    Rules that count as the whole value alone, and are not `told` of, must be the whole text.
    """
    chosen = union(len(lines.forms), forms.values())
    texts = folded(lines.forms.take(chosen))
    groups = [rules[start : start + _TOGETHER] for start in range(0, len(rules), _TOGETHER)]
    held = _hold(texts, ["|".join(f"(?:{_regex(rule, told)})" for rule in group) for group in groups])
    some = np.flatnonzero(held.any(axis=0))
    chosen, texts = chosen[some], texts.gather(some)
    rules = [rule for group, seen in zip(groups, held, strict=True) if seen.any() for rule in group]
    found: dict[str, Ints] = {}
    for rule, holds in zip(rules, _hold(texts, [_regex(rule, told) for rule in rules]), strict=True):
        left = np.intersect1d(chosen[holds], forms[rule.id], assume_unique=True)
        asked = prefilter.asked(rule)
        if asked and left.size:
            left = left[folded(lines.forms.take(left)).str.contains(widened(asked)).to_numpy()]
        if left.size:
            found[rule.id] = lines.where(left)
    return found


def _regex(rule: Rule, told: frozenset[str]) -> str:
    alone = rule.strength == "consistent" and rule.id not in told
    return widened(prefilter.ornamented(rule) if alone else prefilter.superset(rule))


def _hold(texts: pl.Series, regexes: Sequence[str]) -> Bools:
    """Which texts each of the regexes matches, a row a regex."""
    if not len(texts) or not regexes:
        return np.zeros((len(regexes), len(texts)), bool)
    looks = [pl.col("t").str.contains(regex).alias(str(n)) for n, regex in enumerate(regexes)]
    return pl.DataFrame({"t": texts}).select(looks).to_numpy().T
