"""How the numbers of a region are dialled and written: libphonenumber's metadata, each pattern built once.

The library parses a number anew for every region it is asked about, at a third of a millisecond each, and a
column of telephone numbers asks for fifteen. The answers here are the library's, as the tests hold.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Any, Final

#: The kinds of numbers in libphonenumber's metadata.
_KINDS: Final = (
    "fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost", "personal_number", "voip", "pager",
    "uan", "voicemail",
)  # fmt: skip
#: A rule for national prefixes that adds none to the first group.
_FIRST_GROUP_ONLY: Final = re.compile(r"\(?\\1\)?")
_GROUP: Final = re.compile(r"[0-9]+")
#: Numbers for works of fiction that are in no plan: ARCEP's decision 2018-0881, Ofcom's numbers for drama.
_FICTION: Final = {33: re.compile("63998[0-9]{4}"), 44: re.compile("7700900[0-9]{3}|1632960[0-9]{3}")}


@dataclass(frozen=True, slots=True)
class National:
    """A number as its region counts it: the significant digits, and what stood before them."""

    digits: str
    #: The country's code stood before the number.
    coded: bool


@dataclass(frozen=True, slots=True)
class _Format:
    leading: re.Pattern[str] | None
    pattern: re.Pattern[str]
    template: str
    #: Numbers of this format are written with the national prefix.
    prefixed: bool

    def begins(self, digits: str) -> bool:
        return self.leading is None or self.leading.match(digits) is not None

    def of(self, digits: str) -> bool:
        return self.begins(digits) and self.pattern.fullmatch(digits) is not None

    def ends(self, digits: str) -> list[int]:
        """Where each group of the digits ends when they are written in this format."""
        written = self.pattern.sub(self.template, digits)
        return list(accumulate(len(group) for group in _GROUP.findall(written)))


@dataclass(frozen=True, slots=True)
class Plan:
    """The numbering plan of a region."""

    code: int
    lengths: frozenset[int]
    local_lengths: frozenset[int]
    general: re.Pattern[str]
    prefix: re.Pattern[str] | None
    #: Rewrites a prefix that stands for other digits.
    transform: str
    abroad: re.Pattern[str]

    def leaves(self, digits: str) -> str:
        """What follows the prefix for calls abroad, if the digits begin with it."""
        away = self.abroad.match(digits)
        rest = digits[away.end() :] if away else ""
        return "" if rest.startswith("0") else rest

    def significant(self, digits: str) -> National:
        """The number that the dialled digits mean in the region."""
        code = str(self.code)
        if digits.startswith(code):
            main = _main(self.code)
            rest = self._stripped(digits[len(code) :])
            better = self.general.fullmatch(rest) and not self.general.fullmatch(digits)
            if better or (len(digits) not in self.local_lengths and len(digits) > max(self.lengths)):
                return National(main.kept(rest), coded=True)
        return National(self.kept(digits), coded=False)

    def kept(self, digits: str) -> str:
        """The digits without a national prefix, unless too few are left for a number."""
        stripped = self._stripped(digits)
        if len(stripped) in self.local_lengths:
            return digits
        return stripped if len(stripped) in self.lengths or len(stripped) > max(self.lengths) else digits

    def dialled(self, digits: str) -> bool:
        """True if the digits begin with the national prefix; some regions' may be of no digit."""
        return self._without_prefix(digits) is not None

    def _stripped(self, digits: str) -> str:
        rest = self._without_prefix(digits)
        return digits if rest is None else rest

    def _without_prefix(self, digits: str) -> str | None:
        match = self.prefix.match(digits) if self.prefix and digits else None
        if match is None:
            return None
        if self.transform and match.lastindex == match.re.groups:
            rest = match.expand(self.transform) + digits[match.end() :]
        else:
            rest = digits[match.end() :]
        spoilt = self.general.fullmatch(digits) and not self.general.fullmatch(rest)
        return None if spoilt else rest


@dataclass(frozen=True, slots=True)
class _Writing:
    """How the numbers of a country code are written."""

    plan: Plan
    national: tuple[_Format, ...]
    international: tuple[_Format, ...]
    others: tuple[_Format, ...]
    #: The country has a national prefix, so the first group tells the area.
    areas: bool


def grouped(text: str, dialled: str, number: National, code: int) -> bool:
    """True if a text's groups of digits are groups of the number as its country writes them.

    `dialled` is all digits of the text. A group may be joined to the next but not broken, and once the first
    stands alone or the number in one piece; where the country writes its prefix, it must be there. The rule
    is the strict grouping of libphonenumber's matcher.
    """
    writing = _writing(code)
    lead = len(dialled) - len(number.digits)
    if not dialled.endswith(number.digits) or text.count("/") > 1:
        return False
    if not number.coded and _lacks_prefix(writing, number.digits, dialled):
        return False
    ends = accumulate(len(group) for group in _GROUP.findall(text))
    breaks = {end - lead for end in ends if lead < end < len(dialled)}
    return any(_kept_together(breaks, groups, writing) for groups in _ways(writing, number.digits))


def _kept_together(breaks: set[int], groups: list[int], writing: _Writing) -> bool:
    if not breaks:
        return True
    return breaks <= set(groups) and (groups[0] in breaks or not writing.areas)


def _lacks_prefix(writing: _Writing, digits: str, dialled: str) -> bool:
    chosen = next((f for f in writing.national if f.of(digits)), None)
    return chosen is not None and chosen.prefixed and not writing.plan.dialled(dialled)


def _ways(writing: _Writing, digits: str) -> Iterator[list[int]]:
    """The ends of groups in each way to write a number; the usual one first."""
    usual = next((f for f in writing.international if f.of(digits)), None)
    yield usual.ends(digits) if usual else [len(digits)]
    for other in writing.others:
        if other.begins(digits):  # the library lets the last group be longer than its format
            yield other.ends(digits)


@lru_cache(maxsize=256)
def plan(region: str) -> Plan | None:
    """A region's plan; None for a region without numbers of its own."""
    from phonenumbers import PhoneMetadata

    data: Any = PhoneMetadata.metadata_for_region(region)
    return None if data is None else _plan_of(data)


def abroad(digits: str) -> tuple[int, str] | None:
    """The country and the significant digits of what follows a `+`; None if no country has the code."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

    for length in (1, 2, 3):
        code = int(digits[:length] or 0)
        if code in COUNTRY_CODE_TO_REGION_CODE:
            return code, _main(code).kept(digits[length:])
    return None


def _plan_of(data: Any) -> Plan:
    prefix = data.national_prefix_for_parsing
    return Plan(
        data.country_code,
        frozenset(data.general_desc.possible_length),
        frozenset(data.general_desc.possible_length_local_only),
        re.compile(data.general_desc.national_number_pattern or "(?!)"),
        re.compile(prefix) if prefix else None,
        data.national_prefix_transform_rule or "",
        re.compile(data.international_prefix or "(?!)"),
    )


@lru_cache(maxsize=256)
def _main(code: int) -> Plan:
    """The plan of a country code's main region, or of the code itself if it is of no country."""
    return _plan_of(_main_data(code))


def _main_data(code: int) -> Any:
    from phonenumbers import PhoneMetadata, region_code_for_country_code

    return PhoneMetadata.metadata_for_region_or_calling_code(code, region_code_for_country_code(code))


@lru_cache(maxsize=256)
def _writing(code: int) -> _Writing:
    from phonenumbers.data import _ALT_NUMBER_FORMATS

    data = _main_data(code)
    national = _formats(data.number_format)
    return _Writing(
        _main(code),
        national,
        _formats(data.intl_number_format) or national,
        _formats(_ALT_NUMBER_FORMATS.get(code, ())),
        areas=data.national_prefix is not None,
    )


def _formats(given: Iterable[Any]) -> tuple[_Format, ...]:
    return tuple(
        _Format(
            re.compile(entry.leading_digits_pattern[-1]) if entry.leading_digits_pattern else None,
            re.compile(entry.pattern),
            entry.format,
            _prefixed(entry),
        )
        for entry in given
    )


def _prefixed(entry: Any) -> bool:
    rule = entry.national_prefix_formatting_rule
    if not rule or entry.national_prefix_optional_when_formatting:
        return False
    return not _FIRST_GROUP_ONLY.fullmatch(rule)


def assigned(code: int, digits: str) -> bool:
    """True for a national significant number of some kind under a country code.

    The answer of `phonenumbers.is_valid_number`, which builds its patterns again for each number; but that
    numbers kept for fiction, which demonstrations and tests are full of, count as well.
    """
    fiction = _FICTION.get(code)
    if fiction and fiction.fullmatch(digits):
        return True
    regions = _regions(code)
    for leading, kinds in regions:
        if leading is None or len(regions) == 1:
            if kinds(digits):
                return True
        elif leading.match(digits):
            return kinds(digits)
    return False


@lru_cache(maxsize=256)
def _regions(code: int) -> list[tuple[re.Pattern[str] | None, Callable[[str], bool]]]:
    """The regions of a country code: with what their numbers begin, if that tells, and their kinds."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

    found = []
    for region in COUNTRY_CODE_TO_REGION_CODE.get(code, ()):
        data: Any = PhoneMetadata.metadata_for_region_or_calling_code(code, region)
        if data is not None:
            leading = re.compile(data.leading_digits) if data.leading_digits else None
            found.append((leading, _kinds_of(data)))
    return found


def _kinds_of(data: Any) -> Callable[[str], bool]:
    """Tells whether digits are a number of some kind of a region."""
    kinds = [getattr(data, kind) for kind in _KINDS]
    patterns = {
        length: re.compile("|".join(f"(?:{kind.national_number_pattern})" for kind in some))
        for length in range(2, 18)
        if _has_length(data.general_desc, length)
        and (some := [kind for kind in kinds if _has_length(kind, length)])
    }
    general = re.compile(data.general_desc.national_number_pattern or "(?!)")

    def told(digits: str) -> bool:
        pattern = patterns.get(len(digits))
        return bool(pattern and pattern.fullmatch(digits) and general.fullmatch(digits))

    return told


def _has_length(kind: Any, length: int) -> bool:
    """True if a kind of numbers has a pattern and may have so many digits; without lengths any will do."""
    if kind is None or not kind.national_number_pattern:
        return False
    return not kind.possible_length or length in kind.possible_length
