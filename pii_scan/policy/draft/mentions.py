"""What a clause names: categories, recipients, functions, purposes, conditions, periods, places."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from ...core.lineage import Processor
from ...data.known import processors
from .lexicon import Lexicon, common

_PROPER = re.compile(
    r"(?<![.!?:–—] )(?<!^)\b(?:[A-Z][\w&'-]*[a-z][\w&'-]*)(?:\s(?:[A-Z][\w&-]*|&|of))*(?<! of)(?<! &)"
)
_LEADING = re.compile(r"([A-Z][\w&'.-]+(?:\s(?:[A-Z][\w&'.-]*|&|of|et|de))*?)\s*(?:[,(|:]|\s[–—-]\s)")
#: What follows a company's name is none.
_FIRM = re.compile(r"Inc|Ltd|LLC|GmbH|N\.?V|B\.?V|S\.?A\.?S?|SARL|Corp|Limited|Company", re.IGNORECASE)
_HOST = re.compile(r"\b(?:[a-z0-9-]+\.)+[a-z]{2,}\b")


@dataclass(frozen=True, slots=True)
class Named:
    """Recipients that a text names: those that we know by id, and other proper names."""

    known: tuple[Processor, ...] = ()
    others: tuple[str, ...] = ()


def found(words: str, group: Mapping[str, re.Pattern[str]]) -> tuple[str, ...]:
    """The keys whose patterns stand in the words, in the order of their places; the longest wins a place."""
    hits = [(m.start(), m.end(), key) for key, form in group.items() for m in form.finditer(words) if m[0]]
    taken: list[tuple[int, int, str]] = []
    for start, end, key in sorted(hits, key=lambda hit: (hit[0] - hit[1], hit[0])):
        if all(end <= a or start >= b for a, b, _ in taken):
            taken.append((start, end, key))
    return tuple(dict.fromkeys(key for _, _, key in sorted(taken)))


def categories(words: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Category keys named in the words."""
    return found(words, lexicon.groups["categories"])


def period(words: str, lexicon: Lexicon) -> str:
    """The first period, as `90d`, `12m` or `3y`; empty if there is none. Hours are rounded up to days."""
    numbers = "|".join(sorted(map(re.escape, lexicon.numbers), key=len, reverse=True))
    units = "|".join(sorted(map(re.escape, lexicon.units), key=len, reverse=True))
    form = rf"\b(\d{{1,4}}|{numbers})[ -](?:\([^)]*\) )?(?:\w+ )?({units})s?\b"
    written = re.search(form, words, re.IGNORECASE)
    if written is None:
        return ""
    number = written[1].casefold()
    count = int(number) if number.isdigit() else lexicon.numbers[number]
    unit = lexicon.units[written[2].casefold()]
    if unit in "wh":
        return f"{count * 7 if unit == 'w' else math.ceil(count / 24)}d"
    return f"{count}{unit}"


def named(words: str) -> tuple[Processor, ...]:
    """The known recipients named in the words, by name or by host."""
    hosts = set(_HOST.findall(words.casefold()))
    by_host = [p for p in processors() if any(_below(host, p.hosts) for host in hosts)]
    by_name = [_by_name()[m[0]] for m in _names().finditer(words)]
    return tuple({p.id: p for p in (*by_name, *by_host)}.values())


def proper_names(words: str, lexicon: Lexicon, but: Iterable[str]) -> tuple[str, ...]:
    """Capitalised names within the words that are neither places, known recipients, nor among `but`."""
    rest = _names().sub(lambda m: " " * len(m[0]), words)
    for form in (*lexicon.groups["places"].values(), *lexicon.groups["roles"].values()):
        rest = form.sub(lambda m: " " * len(m[0]), rest)
    ours = {name.casefold() for name in but}
    names = (m[0] for m in _PROPER.finditer(rest))
    return tuple(dict.fromkeys(name for name in names if not _ours(name, ours)))


def leading_name(words: str, lexicon: Lexicon) -> str:
    """The proper name that an item or a row begins with, as in `Acme, for hosting`; empty if none."""
    opening = _LEADING.match(words)
    forms = (*lexicon.groups["roles"].values(), *lexicon.groups["functions"].values())
    return "" if opening is None or any(form.search(opening[1]) for form in forms) else opening[1]


def _ours(name: str, ours: set[str]) -> bool:
    return (
        len(name) < 3
        or _FIRM.fullmatch(name) is not None
        or any(part in ours for part in (name.casefold(), *name.casefold().split()))
    )


def _below(host: str, domains: Iterable[str]) -> bool:
    return any(host == domain or host.endswith("." + domain) for domain in domains)


@cache
def _by_name() -> Mapping[str, Processor]:
    everyday = frozenset(common()["everyday"])
    return {p.name: p for p in processors() if p.name not in everyday and len(p.name) > 2}


@cache
def _names() -> re.Pattern[str]:
    names = sorted(map(re.escape, _by_name()), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(names)})(?!\w)")
