"""Phone numbers by libphonenumber's metadata, loaded at the first number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

_DATE: Final = re.compile(
    r"(?:19|20)[0-9]{2}[-/. ][01]?[0-9][-/. ][0-3]?[0-9]|[0-3]?[0-9][-/. ][0-3]?[0-9][-/. ](?:19|20)[0-9]{2}"
)
_DECIMAL: Final = re.compile(r"[0-9]+[.][0-9]+")
_NO_DIGIT: Final = re.compile(r"[^0-9]")


@dataclass(frozen=True, slots=True)
class Phones:
    """`regions` are tried in order for numbers without a country code."""

    regions: tuple[str, ...]

    def international(self, text: str) -> bool:
        number = "+" + text[2:] if text.startswith("00") else text
        return len(set(_NO_DIGIT.sub("", number))) > 2 and _valid(number, None)

    def national(self, text: str) -> bool:
        digits = _NO_DIGIT.sub("", text)
        if not 8 <= len(digits) <= 12 or len(set(digits)) <= 2:
            return False
        if _DATE.match(text) or _DECIMAL.fullmatch(text):
            return False
        return any(_valid(text, region) for region in self.regions if _possible(digits, region))


def _valid(text: str, region: str | None) -> bool:
    import phonenumbers

    try:
        return bool(phonenumbers.is_valid_number(phonenumbers.parse(text, region)))
    except phonenumbers.NumberParseException:
        return False


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


@lru_cache(maxsize=256)
def _plan(region: str) -> tuple[re.Pattern[str], re.Pattern[str] | None, str] | None:
    """A region's general pattern, national prefix and country code; None if its prefixes are rewritten."""
    from phonenumbers import PhoneMetadata

    data: Any = PhoneMetadata.metadata_for_region(region)
    if data is None or data.national_prefix_transform_rule:
        return None
    prefix = data.national_prefix_for_parsing
    return (
        re.compile(data.general_desc.national_number_pattern),
        re.compile(prefix) if prefix else None,
        str(data.country_code),
    )
