"""Phone numbers by libphonenumber's metadata, loaded at the first number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_DATE: Final = re.compile(
    r"(?:19|20)[0-9]{2}[-/. ][01]?[0-9][-/. ][0-3]?[0-9]|[0-3]?[0-9][-/. ][0-3]?[0-9][-/. ](?:19|20)[0-9]{2}"
)
_DECIMAL: Final = re.compile(r"[0-9]+[.][0-9]+")


@dataclass(frozen=True, slots=True)
class Phones:
    """`regions` are tried in order for numbers without a country code."""

    regions: tuple[str, ...]

    def international(self, text: str) -> bool:
        number = "+" + text[2:] if text.startswith("00") else text
        return len(set(re.sub(r"\D", "", number))) > 2 and self._valid(number, None)

    def national(self, text: str) -> bool:
        count = sum(c.isdigit() for c in text)
        if not 8 <= count <= 12 or _DATE.match(text) or _DECIMAL.fullmatch(text):
            return False
        return len({c for c in text if c.isdigit()}) > 2 and any(self._valid(text, r) for r in self.regions)

    @staticmethod
    def _valid(text: str, region: str | None) -> bool:
        import phonenumbers

        try:
            return bool(phonenumbers.is_valid_number(phonenumbers.parse(text, region)))
        except phonenumbers.NumberParseException:
            return False
