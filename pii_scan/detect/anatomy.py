"""What a short text is made of: words known as names and places, and its outer form, as marks."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

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
    *(
        "digit",
        "digit_first",
        "code",
        "symbol",
        "ampersand",
        "comma_name",
        "commas",
        "stop",
        "speech",
        "hyphen",
    ),
    *("title_case", "upper", "lower", "mixed", "camel"),
    *("title", "suffix", "initial", "particle", "legal", "street", "organisation", "connector", "possessive"),
    *("pair_often", "pair_known", "given_unknown", "family_unknown", "all_names", "all_words", "any_word"),
    *("any_unknown", "all_unknown", "given_first", "family_last", "reverse"),
    *("given_often", "given_seldom", "family_often", "family_seldom", "name_word"),
    *("city", "city_large", "country", "region", "part_place"),
    *("clean_pair", "clean_given", "clean_family", "word_names"),
    *("tiny", "short", "long", "abroad", "east_asian", "country_code", "number_street"),
)
INDEX: Final = {name: number for number, name in enumerate(MARKS)}
_BIT: Final = {name: 1 << number for name, number in INDEX.items()}
#: What speaks of a thing, a place or a company; two to four words; a given name among them.
_THINGS: Final = sum(
    _BIT[mark]
    for mark in (
        *("digit", "symbol", "ampersand", "commas", "speech", "stop", "possessive", "camel"),
        *("legal", "street", "organisation", "connector", "long"),
    )
)
_SEVERAL: Final = _BIT["core2"] | _BIT["core3"] | _BIT["core4"]
_PAIRED: Final = _BIT["pair_often"] | _BIT["pair_known"]
#: A comma between the parts of a name, and the digits that speak against it.
_COMMA: Final = _BIT["comma_name"] | _BIT["digit"]
_PLAIN: Final = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)*")
_LETTER: Final = re.compile(r"[^\W\d_]")
_DIGIT: Final = re.compile(r"\d")
_CODE: Final = re.compile(r"(?=[^a-z]*[0-9])[A-Z0-9]+(?:[-_./:#][A-Z0-9]+)*|[0-9a-f]{8,}(?:-[0-9a-f]+)*")
_SYMBOL: Final = re.compile(r"[_/@#:;*=<>{}\[\]|\\$%^~]|\.[a-z]{2,4}\b")
_SPEECH: Final = re.compile(r"[()\"!?«»“”…]")
_STOP: Final = re.compile(r"\w{4,}\.(?:\s|$)")
_CAMEL: Final = re.compile(r"[a-z][A-Z]|[A-Z]{2,}[a-z]{2,}")
_EAST_ASIAN: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_SIZES: Final = {
    0: "core0",
    1: "core1",
    2: "core2",
    3: "core3",
    4: "core4",
    5: "core7",
    6: "core7",
    7: "core7",
}


class Part(NamedTuple):
    """A text taken apart: its plain form, marks as bits, flags of the whole, flags of each core word.

    A tuple, for one is made for every distinct value.
    """

    folded: str
    marks: int
    whole: int
    cores: tuple[int, ...]

    @property
    def wordless(self) -> bool:
        """True if nothing in it is a word: signs, or digits alone."""
        return not self.cores or (self.has("digit") and not _LETTER.search(self.folded))

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
        marks |= _clean(marks, whole)
        if marks & _COMMA == _BIT["comma_name"]:
            marks |= _BIT["reverse"]
        return Part(folded, marks, whole, flags)

    def _cores(self, found: list[str]) -> list[str]:
        """The words that are neither titles, suffixes, initials nor particles; all, if nothing is left."""
        g = self.gazetteer
        if len(found) == 2 and len(found[0]) > 1 and len(found[1]) > 1 and g.special.isdisjoint(found):
            return found
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
        marks = self._shaped(found)
        if g.special.isdisjoint(found):
            return marks
        if not g.organisations.isdisjoint(found):
            marks |= _BIT["organisation"]
        if len(found) < 2:
            return marks
        if found[0] in g.titles:
            marks |= _BIT["title"]
        if found[-1] in g.suffixes:
            marks |= _BIT["suffix"]
        if found[-1] in g.legal:
            marks |= _BIT["legal"]
        for group, mark in ((g.connectors, "connector"), (g.particles, "particle"), (g.streets, "street")):
            if not group.isdisjoint(found):
                marks |= _BIT[mark]
        return marks

    def _shaped(self, found: Sequence[str]) -> int:
        """Marks of single letters, and of words that end as streets do."""
        marks, endings, alone = 0, self.gazetteer.street_endings, len(found) < 2
        for word in found:
            size = len(word)
            if size == 1:
                if word < EAST and word.isalpha() and not alone:
                    marks |= _BIT["initial"]
            elif size > 5 and word.endswith(endings) and (size > 7 or not alone):
                marks |= _BIT["street"]
        return marks


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
    marks = 0 if _PLAIN.fullmatch(text) else _signs(text)
    size = len(text)
    if text.istitle():
        marks |= _BIT["title_case"]
    elif text.islower():
        marks |= _BIT["lower"]
    elif text.isupper():
        marks |= _BIT["upper"] | (_BIT["country_code"] if size <= 3 else 0)
    else:
        marks |= _BIT["mixed"] | (_BIT["camel"] if _CAMEL.search(text) else 0)
    if size <= 4:
        marks |= _BIT["tiny"] if size <= 3 else _BIT["short"]
    elif size > 40:
        marks |= _BIT["long"]
    return marks | _BIT["abroad"] if text[0] > "\u0250" else marks


def _signs(text: str) -> int:
    """Marks of what is no letter."""
    marks = _digits(text) if _DIGIT.search(text) else 0
    if "," in text:
        marks |= _BIT["comma_name"] if text.count(",") == 1 and 1 < len(text.split()) <= 5 else _BIT["commas"]
    if _SYMBOL.search(text):
        marks |= _BIT["symbol"]
    if _SPEECH.search(text):
        marks |= _BIT["speech"]
    if "&" in text or "+" in text:
        marks |= _BIT["ampersand"]
    if "-" in text:
        marks |= _BIT["hyphen"]
    if "'s" in text or "’s" in text:
        marks |= _BIT["possessive"]
    return marks | _BIT["stop"] if _STOP.search(text) else marks


def _digits(text: str) -> int:
    """Marks of a text with digits."""
    first, last = text[0].isdigit(), text[-1].isdigit()
    marks = _BIT["digit"] | (_BIT["digit_first"] if first else 0)
    if first != last and " " in text:
        marks |= _BIT["number_street"]
    return marks | _BIT["code"] if _CODE.fullmatch(text) else marks


def _known(flags: Sequence[int]) -> int:
    """Marks of how many core words there are and how they are known together."""
    size = len(flags)
    unknown = wordy = names = given = often = doubtful = 0
    for flag in flags:
        if flag & NAME:
            names += 1
            if flag & GIVEN:
                given += 1
                often += flag & GIVEN_OFTEN
        elif not flag & WORD:
            unknown += 1
        if flag & WORD and not flag & (GIVEN_OFTEN | FAMILY_OFTEN):
            wordy += 1
        doubtful += flag & WORD
    marks = _BIT[_SIZES.get(size, "core8")]
    if unknown:
        marks |= _BIT["any_unknown"] | (_BIT["all_unknown"] if unknown == size else 0)
    if wordy:
        marks |= _BIT["any_word"] | (_BIT["all_words"] if wordy == size else 0)
    if size < 2:
        return marks
    if names == size:
        marks |= _BIT["all_names"] | (_BIT["word_names"] if doubtful == size * WORD else 0)
    return marks | _ordered(flags) | _pair(names, given, often, unknown)


def _ordered(flags: Sequence[int]) -> int:
    """Marks of which word stands first and which last."""
    first, last = flags[0], flags[-1]
    marks = (_BIT["given_first"] if first & GIVEN else 0) | (_BIT["family_last"] if last & FAMILY else 0)
    return marks | _BIT["reverse"] if first & FAMILY and last & GIVEN and not first & GIVEN_OFTEN else marks


def _pair(names: int, given: int, often: int, unknown: int) -> int:
    """The mark of the best pair of a given name and another name."""
    if often and names > 1:
        return _BIT["pair_often"]
    if given and names > 1:
        return _BIT["pair_known"]
    if given and unknown:
        return _BIT["given_unknown"]
    return _BIT["family_unknown"] if names and unknown else 0


def _clean(marks: int, whole: int) -> int:
    """Marks of a name in which nothing speaks of a thing, a place or a company."""
    if marks & _THINGS or whole & PLACE or not marks & _SEVERAL:
        return 0
    if marks & _BIT["all_names"]:
        return _BIT["clean_pair"] if marks & _PAIRED else _BIT["clean_family"]
    return _BIT["clean_given"] if marks & _BIT["given_unknown"] and not marks & _BIT["any_word"] else 0


def _placed(whole: int, flags: Sequence[int]) -> int:
    marks = 0
    if whole & PLACE:
        marks |= (_BIT["city"] if whole & CITY else 0) | (_BIT["city_large"] if whole & CITY_LARGE else 0)
        marks |= (_BIT["country"] if whole & COUNTRY else 0) | (_BIT["region"] if whole & REGION else 0)
    if len(flags) > 1:
        for flag in flags:
            if flag & (CITY_LARGE | COUNTRY | REGION):
                return marks | _BIT["part_place"]
    return marks


def _single(flag: int) -> int:
    """Marks of a core word that stands alone."""
    marks = 0
    if flag & GIVEN:
        marks |= _BIT["given_often"] if flag & GIVEN_OFTEN else _BIT["given_seldom"]
    if flag & FAMILY:
        marks |= _BIT["family_often"] if flag & FAMILY_OFTEN else _BIT["family_seldom"]
    return marks | _BIT["name_word"] if marks and flag & WORD else marks
