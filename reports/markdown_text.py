"""Data in Markdown: shown as it is, read as nothing, on every forge that renders it."""

from __future__ import annotations

import re
from typing import Final

from pii_scan.core.redact import clean

from .wording import NOTHING

_SPECIAL: Final = re.compile(r"([\\`*_\[\]|~$])")
#: What a forge turns into a link, a mention or a reference; a zero-width space stands in the way.
_ACTIVE: Final = re.compile(
    r"(?i)(?<=@)|(?<=[#!])(?=\d)|(?:(?<=https)|(?<=http)|(?<=ftp)|(?<=mailto)|(?<=xmpp))(?=:)|(?<=www)(?=\.)"
)
_BARE: Final = "&#8203;"


def prose(text: str) -> str:
    """Text that is escaped for a paragraph, list item or table cell."""
    safe = clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").strip()
    escaped = _SPECIAL.sub(r"\\\1", safe)
    return _ACTIVE.sub(_BARE, escaped) or NOTHING


def code(text: str) -> str:
    """Text as a code span; backticks and pipes, which no table cell holds safely, are replaced."""
    safe = clean(text).strip().replace("`", "ˋ").replace("|", "¦")
    return f"`{safe}`" if safe else NOTHING


def row(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


def table(*names: str) -> list[str]:
    """The two head lines of a table."""
    return ["", row(*names), row(*("---" for _ in names))]
