"""Phone numbers by libphonenumber's metadata, loaded at the first number."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

_DATE: Final = re.compile(
    r"(?:19|20)[0-9]{2}[-/. ][01]?[0-9][-/. ][0-3]?[0-9]|[0-3]?[0-9][-/. ][0-3]?[0-9][-/. ](?:19|20)[0-9]{2}"
)
_DECIMAL: Final = re.compile(r"[0-9]+[.][0-9]+")
#: The kinds of numbers in libphonenumber's metadata.
_KINDS: Final = (
    "fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost", "personal_number", "voip", "pager",
    "uan", "voicemail",
)  # fmt: skip
_AROUND: Final = " ()"
_NO_DIGIT: Final = re.compile(r"[^0-9]")


@dataclass(frozen=True, slots=True)
class Phones:
    """`regions` are tried in order for numbers without a country code."""

    regions: tuple[str, ...]
    #: The regions of the latest numbers first: a column's numbers are of few, and any will do.
    _recent: list[str] = field(default_factory=list, compare=False, repr=False)

    def international(self, text: str) -> bool:
        number = "+" + text[2:] if text.startswith("00") else text
        return len(set(_NO_DIGIT.sub("", number))) > 2 and _valid(number, None)

    def national(self, text: str) -> bool:
        digits = _NO_DIGIT.sub("", text)
        if not 8 <= len(digits) <= 12 or len(set(digits)) <= 2:
            return False
        if _DATE.match(text) or _DECIMAL.fullmatch(text):
            return False
        return any(self._of(text, digits, region) for region in self._likely_first())

    def _likely_first(self) -> tuple[str, ...]:
        """The regions, each once, the latest number's first."""
        return tuple(dict.fromkeys((*self._recent, *self.regions)))

    def written(self, text: str) -> bool:
        """As `national`, of a number whose prefix and groups of digits are those of one region.

        Of fifteen regions some takes nearly any eight to ten digits; few write them `1234-5678`.
        """
        if not self.national(text):
            return False
        digits = _NO_DIGIT.sub("", text)
        return any(_possible(digits, region) and _grouped(text, region) for region in self._likely_first())

    def _of(self, text: str, digits: str, region: str) -> bool:
        if not _possible(digits, region) or not _valid(text, region):
            return False
        self._recent[:] = [region]
        return True


def _valid(text: str, region: str | None) -> bool:
    import phonenumbers

    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return False
    return assigned(number.country_code or 0, phonenumbers.national_significant_number(number))


def _grouped(text: str, region: str) -> bool:
    from phonenumbers import Leniency, PhoneNumberMatcher

    found = PhoneNumberMatcher(text, region, leniency=Leniency.STRICT_GROUPING)
    return found.has_next() and len(found.next().raw_string) >= len(text.strip(_AROUND))


def assigned(code: int, digits: str) -> bool:
    """True for a national significant number of some kind under a country code.

    The answer of `phonenumbers.is_valid_number`, which builds its patterns again for each number.
    """
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


def _possible(digits: str, region: str) -> bool:
    """False only for digits that can't be a number of the region: parsing takes twenty times as long."""
    plan = _plan(region)
    if plan is None:
        return True
    pattern, prefix, code = plan
    return any(pattern.fullmatch(form) for form in _forms(digits, prefix, code))


def _forms(digits: str, prefix: re.Pattern[str] | None, code: str) -> Iterator[str]:
    """The digits as they are, and without the country's code and the national prefix."""
    for form in (digits, digits.removeprefix(code)):
        yield form
        match = prefix.match(form) if prefix else None
        if match:
            yield form[match.end() :]


def _patterns(code: int) -> list[str]:
    """The patterns of all kinds of numbers in all regions that share a country code."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

    found: dict[str, None] = {}
    for region in COUNTRY_CODE_TO_REGION_CODE[code]:
        data: Any = PhoneMetadata.metadata_for_region(region)
        kinds = [getattr(data, kind) for kind in _KINDS] if data is not None else []
        found |= dict.fromkeys(k.national_number_pattern for k in kinds if k and k.national_number_pattern)
    return list(found)


@lru_cache(maxsize=256)
def _plan(region: str) -> tuple[re.Pattern[str], re.Pattern[str] | None, str] | None:
    """The patterns of a region's kinds of numbers, its national prefix and its country code.

    A number is valid if it is of some kind. None for a region that rewrites prefixes.
    """
    from phonenumbers import PhoneMetadata

    data: Any = PhoneMetadata.metadata_for_region(region)
    if data is None or data.national_prefix_transform_rule:
        return None
    prefix = data.national_prefix_for_parsing
    return (
        re.compile("|".join(f"(?:{pattern})" for pattern in _patterns(data.country_code))),
        re.compile(prefix) if prefix else None,
        str(data.country_code),
    )
