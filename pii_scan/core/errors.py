"""Errors, named by what the runner does with them.

* `ConfigError`: stop; the user has to change something (exit code 2).
* `SourceError`: skip this object, mark its coverage, go on.
* `TransientError`: retry, then treat as `SourceError`.
* `StoreError`: stop; the inventory can't be used, what was committed stays valid (exit code 2).

Anything else is a bug. None of them may carry a value read from a source: `reason` and `hint`
are our own words, and `detail` is a class name or a driver's error code, never a driver's text.
"""

from __future__ import annotations

from typing import Final

MAX_DETAIL: Final = 80


class PiiScanError(Exception):
    """Base of the three families; `str()` is one line that says what and what to do."""

    def __init__(self, reason: str, hint: str = "", detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint
        self.detail = detail[:MAX_DETAIL]

    def __str__(self) -> str:
        text = f"{self.reason} ({self.detail})" if self.detail else self.reason
        return f"{text}; {self.hint}" if self.hint else text


class ConfigError(PiiScanError):
    """The configuration, an argument or a declared list is wrong: stop.

    `where` is `file:line:column` when the fault has a place in a file.
    """

    def __init__(self, reason: str, hint: str = "", where: str = "") -> None:
        super().__init__(reason, hint)
        self.where = where

    def __str__(self) -> str:
        text = super().__str__()
        return f"{self.where}: {text}" if self.where else text


class SourceError(PiiScanError):
    """One object of a source can't be read: skip it, say so in its coverage, go on."""


class TransientError(SourceError):
    """The same call may work in a moment (lock, timeout, lost connection): retry first."""


class StoreError(PiiScanError):
    """The inventory can't be read or written: stop. What was committed stays valid."""


def classify(error: BaseException) -> str:
    """The class of an exception, with the driver's error code if it has one: never its text."""
    code = getattr(error, "sqlstate", None) or getattr(error, "errno", None)
    name = type(error).__name__
    return f"{name} {code}" if code else name
