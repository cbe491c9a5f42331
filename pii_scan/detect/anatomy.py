"""What one short text is made of: its parts known as names, places and words, and its outer form, as marks."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from .gazetteer import (
    CITY,
    CITY_LARGE,
    COUNTRY,
    EAST,
    FAMILY,
    FAMILY_OFTEN,
    GIVEN,
    GIVEN_OFTEN,
    NAME,
    PLACE,
    REGION,
    WORD,
    Gazetteer,
    plain,
    words,
)

#: Texts longer than this are no name of anything.
LONGEST: Final = 120
MARKS: Final = (
    *("core0", "core1", "core2", "core3", "core4", "core7", "core8"),
    *("digit", "digit_first", "code", "symbol", "ampersand", "comma_name", "commas", "stop", "speech", "hyphen"),
    *("title_case", "upper", "lower", "mixed", "camel"),
    *("title", "suffix", "initial", "particle", "legal", "street", "organisation", "connector", "possessive"),
    *("pair_often", "pair_known", "given_unknown", "family_unknown", "all_names", "all_words", "any_word"),
    *("any_unknown", "all_unknown", "given_first", "family_last", "reverse"),
    *("given_often", "given_seldom", "family_often", "family_seldom", "name_word"),
    *("city", "city_large", "country", "region", "part_place"),
    *("tiny", "short", "long", "abroad", "east_asian", "country_code", "number_street"),
)
INDEX: Final = {name: number for number, name in enumerate(MARKS)}
_BIT: Final = {name: 1 << number for name, number in INDEX.items()}
_CODE: Final = re.compile(r"(?=[^a-z]*[0-9])[A-Z0-9]+(?:[-_./:#][A-Z0-9]+)*|[0-9a-f]{8,}(?:-[0-9a-f]+)*")
_SYMBOL: Final = re.compile(r"[_/@#:;*=<>{}\[\]|\\$%^~]|\.[a-z]{2,4}\b")
_SPEECH: Final = re.compile(r"[()\"!?«»“”…]")
_STOP: Final = re.compile(r"\w{4,}\.(?:\s|$)")
_CAMEL: Final = re.compile(r"[a-z][A-Z]|[A-Z]{2,}[a-z]{2,}")
_EAST_ASIAN: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_SIZES: Final = {0: "core0", 1: "core1", 2: "core2", 3: "core3", 4: "core4", 5: "core7", 6: "core7", 7: "core7"}


@dataclass(frozen=True, slots=True)
class Part:
    """A text taken apart: its plain form, its marks as bits, flags of the whole, flags of each core word."""

    folded: str
    marks: int
    whole: int
    cores: tuple[int, ...]

    def has(self, mark: str) -> bool:
        return bool(self.marks & _BIT[mark])


@dataclass(frozen=True)
class Anatomist:
    """Takes texts apart with a gazetteer."""

    gazetteer: Gazetteer

    def part(self, text: str) -> Part:
        """The parts of a stripped text of at most `LONGEST` characters."""
        folded = plain(text)
        found = words(folded)
        get = self.gazetteer.entries.get
        whole = get(" ".join(found), 0)
        marks = _outer(text) | self._inner(found)
        cores = self._cores(found)
        if not text.isascii() and not whole & PLACE and _EAST_ASIAN.fullmatch(folded):
            split = _split(folded, get)
            if split:
                cores, marks = split, marks | _BIT["east_asian"]
        flags = tuple(get(core, 0) for core in cores)
        marks |= _known(flags) | _placed(whole, flags)
        if len(flags) == 1:
            marks |= _single(flags[0])
        if "," in text and _BIT["comma_name"] & marks and not _BIT["digit"] & marks:
            marks |= _BIT["reverse"]
        return Part(folded, marks, whole, flags)

    def _cores(self, found: Sequence[str]) -> list[str]:
        """The words that are neither titles, suffixes, initials nor particles; all, if nothing is left."""
        g = self.gazetteer
        kept = [w for w in found if (len(w) > 1 or w > EAST) and w not in g.particles]
        if len(kept) > 1 and kept[0] in g.titles:
            del kept[0]
        if len(kept) > 1 and kept[0] in g.titles and not g.entries.get(kept[0], 0) & NAME:
            del kept[0]
        if len(kept) > 2 and kept[-1] in g.suffixes:
            del kept[-1]
        return kept or [w for w in found if len(w) > 1 or w > EAST]

    def _inner(self, found: Sequence[str]) -> int:
        """Marks of the words that stand in names of people, companies and streets."""
        g = self.gazetteer
        marks = 0
        if len(found) > 1:
            marks |= _BIT["title"] * (found[0] in g.titles) | _BIT["suffix"] * (found[-1] in g.suffixes)
            marks |= _BIT["initial"] * any(len(w) == 1 and w < EAST and w.isalpha() for w in found)
            marks |= _BIT["legal"] * (found[-1] in g.legal)
            marks |= _BIT["connector"] * (not g.connectors.isdisjoint(found))
            marks |= _BIT["particle"] * (not g.particles.isdisjoint(found))
            marks |= _BIT["street"] * (
                not g.streets.isdisjoint(found) or any(w.endswith(g.street_endings) for w in found)
            )
        elif found:
            marks |= _BIT["street"] * (len(found[0]) > 7 and found[0].endswith(g.street_endings))
        return marks | _BIT["organisation"] * (not g.organisations.isdisjoint(found))


def _split(folded: str, get: Callable[[str, int], int]) -> list[str]:
    """A Chinese, Japanese or Korean name without a space: family name of one or two signs, given name."""
    if not 2 <= len(folded) <= 6:
        return []
    for size in (2, 3, 1):
        family, given = folded[:size], folded[size:]
        if given and get(family, 0) & FAMILY and (get(given, 0) & GIVEN or (size == 1 and len(given) <= 2)):
            return [family, given]
    return []


def _outer(text: str) -> int:
    """Marks of the form: signs, digits, case, length."""
    marks = 0
    if not text.isalpha():
        marks = _signs(text)
    if text.isupper():
        marks |= _BIT["upper"] | _BIT["country_code"] * (len(text) <= 3)
    elif text.islower():
        marks |= _BIT["lower"]
    elif text.istitle():
        marks |= _BIT["title_case"]
    else:
        marks |= _BIT["mixed"] | _BIT["camel"] * bool(_CAMEL.search(text))
    size = len(text)
    marks |= _BIT["tiny"] * (size <= 3) | _BIT["short"] * (size == 4) | _BIT["long"] * (size > 40)
    return marks | _BIT["abroad"] * (size > 0 and text[0] > "\u0250")


def _signs(text: str) -> int:
    """Marks of what is no letter."""
    marks = 0
    if any(c.isdigit() for c in text):
        marks |= _BIT["digit"] | _BIT["digit_first"] * text[0].isdigit()
        marks |= _BIT["code"] * bool(_CODE.fullmatch(text))
        marks |= _BIT["number_street"] * (text[0].isdigit() != text[-1].isdigit() and " " in text)
    commas = text.count(",")
    if commas:
        marks |= _BIT["comma_name"] if commas == 1 and 1 < len(text.split()) <= 5 else _BIT["commas"]
    marks |= _BIT["symbol"] * bool(_SYMBOL.search(text)) | _BIT["speech"] * bool(_SPEECH.search(text))
    marks |= _BIT["ampersand"] * ("&" in text or "+" in text) | _BIT["hyphen"] * ("-" in text)
    return marks | _BIT["stop"] * bool(_STOP.search(text)) | _BIT["possessive"] * ("'s" in text or "’s" in text)


def _known(flags: Sequence[int]) -> int:
    """Marks of how many core words there are and how they are known together."""
    size = len(flags)
    marks = _BIT[_SIZES.get(size, "core8")]
    unknown = sum(1 for f in flags if not f & (NAME | WORD))
    plain_words = sum(1 for f in flags if f & WORD and not f & (GIVEN_OFTEN | FAMILY_OFTEN))
    marks |= _BIT["any_unknown"] * (unknown > 0) | _BIT["any_word"] * (plain_words > 0)
    if not size:
        return marks
    marks |= _BIT["all_unknown"] * (unknown == size) | _BIT["all_words"] * (plain_words == size)
    if size < 2:
        return marks
    marks |= _BIT["all_names"] * all(f & NAME for f in flags)
    marks |= _BIT["given_first"] * bool(flags[0] & GIVEN) | _BIT["family_last"] * bool(flags[-1] & FAMILY)
    if not flags[0] & GIVEN_OFTEN and flags[0] & FAMILY and flags[-1] & GIVEN:
        marks |= _BIT["reverse"]
    return marks | _pair(flags, unknown)


def _pair(flags: Sequence[int], unknown: int) -> int:
    """Marks of the best pair of a given name and another name."""
    often = sum(1 for f in flags if f & GIVEN_OFTEN)
    known = sum(1 for f in flags if f & GIVEN)
    names = sum(1 for f in flags if f & NAME)
    if often and names > 1:
        return _BIT["pair_often"]
    if known and names > 1:
        return _BIT["pair_known"]
    if known and unknown:
        return _BIT["given_unknown"]
    return _BIT["family_unknown"] * (names > 0 and unknown > 0)


def _placed(whole: int, flags: Sequence[int]) -> int:
    marks = _BIT["city"] * bool(whole & CITY) | _BIT["city_large"] * bool(whole & CITY_LARGE)
    marks |= _BIT["country"] * bool(whole & COUNTRY) | _BIT["region"] * bool(whole & REGION)
    return marks | _BIT["part_place"] * (
        len(flags) > 1 and any(f & (CITY_LARGE | COUNTRY | REGION) for f in flags)
    )


def _single(flag: int) -> int:
    """Marks of a core word that stands alone."""
    marks = _BIT["given_often"] * bool(flag & GIVEN_OFTEN) | _BIT["family_often"] * bool(flag & FAMILY_OFTEN)
    marks |= _BIT["given_seldom"] * (flag & (GIVEN | GIVEN_OFTEN) == GIVEN)
    marks |= _BIT["family_seldom"] * (flag & (FAMILY | FAMILY_OFTEN) == FAMILY)
    return marks | _BIT["name_word"] * bool(flag & WORD and flag & NAME)
