"""Takes the user's records as rules, and says what is wrong with one that can't be taken."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice
from typing import Any, Final

from . import checksums, linear, presidio
from .rules import EDGES, Rule, rule_of, shipped

_EXAMPLES: Final = "use edges, unless or a validator instead"
_LOOK: Final = re.compile(r"\(\?<?[=!]")
_BACK: Final = re.compile(r"\\[1-9]|\(\?P=")
#: Constructs that Rust and Python read differently: the prefilter would lose what Python finds.
_DIFFERENT: Final = re.compile(r"\\[bBWDSAZz]|\[\^[^\]]*\\[wds]")
_INNER: Final = re.compile(r"\[\^?\]?[^\]\[]*(?:\[|&&|--|~~)")
_ANCHOR: Final = re.compile(r"[$^]")
_CLASS: Final = re.compile(r"\[\^?\]?[^\]]*\]")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a record and what to do; `at` is the part of the record."""

    reason: str
    hint: str
    at: tuple[str | int, ...]


def taken(record: Mapping[str, Any], origin: str) -> Rule:
    """A record without faults as a rule."""
    return rule_of({**record, "origin": origin})


def faults(record: Mapping[str, Any]) -> Iterator[Fault]:
    """What is wrong with a rule's record, but for its category and its examples."""
    ids = shipped_ids()
    if record["id"] in ids and not record["replaces"]:
        yield Fault(f"'{record['id']}' is a shipped rule", "choose another id or set replaces: true", ("id",))
    if record["replaces"] and record["id"] not in ids:
        hint = near(record["id"], ids, "pii-scan rules list shows them all")
        yield Fault(f"no shipped rule '{record['id']}' is there to replace", hint, ("replaces",))
    said = regex_faults(record["regex"], record.get("edges", "word"))
    yield from (Fault(*fault, ("regex",)) for fault in said)
    if record["validator"] and record["validator"] not in validators():
        hint = near(record["validator"], validators())
        yield Fault(f"unknown validator '{record['validator']}'", hint, ("validator",))
    if record["strength"] in ("weak", "context") and not record["context"]:
        yield Fault(
            "a weak rule never counts without words of its context", "add context: [word, …]", ("strength",)
        )


def validators() -> set[str]:
    """The names of the checks that a rule may use."""
    return {*checksums.validators(), "phone_international", "phone_national"}


def shipped_ids() -> set[str]:
    """The ids of all rules that come with us, those of Presidio's recognizers included."""
    return {rule.id for rule in shipped()} | {entity.rule.id for entity in presidio.entities()}


def near(wrong: str, known: set[str], otherwise: str = "") -> str:
    """The known name that was probably meant, else what to do `otherwise`, else all of them."""
    close = get_close_matches(wrong, sorted(known), n=1)
    return f"did you mean '{close[0]}'?" if close else otherwise or f"known: {', '.join(sorted(known))}"


def ignored_faults(regex: str) -> Iterator[tuple[str, str]]:
    """What is wrong with a regex that only Python reads, the first fault alone."""
    return _first(regex, (_python, _slow))


def regex_faults(regex: str, edges: str = "word") -> Iterator[tuple[str, str]]:
    """What is wrong with a rule's regex: reason and hint, the first fault alone."""
    before, after = EDGES.get(edges, ("", ""))
    return _first(regex, (_portable, _python, _rust, lambda plain: _slow(f"{before}(?:{plain}){after}")))


def _first(
    regex: str, checks: Sequence[Callable[[str], tuple[str, str] | None]]
) -> Iterator[tuple[str, str]]:
    return islice((fault for check in checks if (fault := check(regex))), 1)


def _portable(regex: str) -> tuple[str, str] | None:
    bare = re.sub(r"\\\\", "", regex)
    if _LOOK.search(bare):
        return "the regex has a look-around", _EXAMPLES
    if _BACK.search(bare):
        return "the regex has a back reference", "write the parts out"
    if _DIFFERENT.search(bare):
        return (
            "the regex has one of \\b \\B \\W \\D \\S \\A \\Z, which engines read differently",
            "use edges, or a class such as [^0-9]",
        )
    plain = re.sub(r"\\.", "", bare)
    if _INNER.search(plain):
        return "the regex has a class that engines read differently", "put a backslash before [ & ~ - in it"
    if _ANCHOR.search(_CLASS.sub("", plain)):
        return (
            "the regex has an anchor, but rules find values inside texts too",
            "leave out ^ and $; edges bound a match",
        )
    return None


def _python(regex: str) -> tuple[str, str] | None:
    try:
        compiled = re.compile(f"(?<!x)(?:{regex})", re.ASCII)
    except (re.error, OverflowError, RecursionError) as error:
        place = getattr(error, "pos", None)
        where = f" near its character {max(place - 8, 0) + 1}" if place is not None else ""
        return f"the regex is not valid{where}", "check brackets, braces and backslashes"
    if compiled.search("") or compiled.fullmatch(""):
        return "the regex matches the empty text", "make a part of it obligatory"
    return None


def _rust(regex: str) -> tuple[str, str] | None:
    import polars as pl

    try:
        pl.Series(["x"]).str.contains(regex)
    except pl.exceptions.PolarsError:
        hint = "use the syntax that Rust's regex crate and Python share"
        return "the regex can't be read by Rust's regex crate", hint
    return None


def _slow(regex: str) -> tuple[str, str] | None:
    reason = linear.check(regex)
    hint = "bound the repetitions, such as {1,40}, and leave none inside an unbounded one"
    return (f"the regex may take very long: {reason}", hint) if reason else None
