"""What a report is asked for: which sections (`kind`), how many rows (`limit`), how wide (`width`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pii_scan.core.errors import ConfigError

KINDS: Final = ("inventory", "check", "lineage", "all")


def kind(options: Mapping[str, str], default: str) -> str:
    """The kind asked for.

    Raises ConfigError for one that no report knows.
    """
    wanted = options.get("kind") or default
    if wanted not in KINDS:
        raise ConfigError("unknown kind of report", f"known: {', '.join(KINDS)}")
    return wanted


def whole(options: Mapping[str, str], name: str, default: int) -> int:
    """A whole number of at least 1.

    Raises ConfigError for anything else.
    """
    text = options.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and int(text[:9]) > 0):
        raise ConfigError(f"report option '{name}' is no whole number above 0")
    return int(text[:9])
