"""Logs to stderr: an event name and a few plain facts, never a value and never an exception's text."""

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass
from typing import Final

from ..core.errors import classify
from ..core.redact import clean

_LEVELS: Final = {0: logging.WARNING, 1: logging.INFO}
_NAME: Final = "pii_scan"


@dataclass(frozen=True, slots=True)
class Logger:
    """The one place through which every line goes; facts are given by name."""

    target: logging.Logger

    def debug(self, event: str, **facts: object) -> None:
        self._write(logging.DEBUG, event, facts)

    def info(self, event: str, **facts: object) -> None:
        self._write(logging.INFO, event, facts)

    def warning(self, event: str, **facts: object) -> None:
        self._write(logging.WARNING, event, facts)

    def error(self, event: str, **facts: object) -> None:
        self._write(logging.ERROR, event, facts)

    def _write(self, level: int, event: str, facts: dict[str, object]) -> None:
        """`warning: what happened (facts)`: for people first, and still one line an event."""
        if self.target.isEnabledFor(level):
            told = ", ".join(f"{name} {fact}" for name, given in facts.items() if (fact := _safe(given)))
            line = f"{logging.getLevelName(level).lower()}: {clean(event)}"
            self.target.log(level, "%s", f"{line} ({told})" if told else line)


def _safe(fact: object) -> str:
    """Exceptions become their class, texts lose controls, anything unknown becomes its type's name."""
    if fact is None:
        return ""
    if isinstance(fact, BaseException):
        return classify(fact)
    if isinstance(fact, str):
        return clean(fact)
    return str(fact) if isinstance(fact, bool | int | float) else type(fact).__name__


def configure(verbosity: int = 0) -> None:
    """Warnings and worse by default, `-v` adds information, `-vv` everything."""
    own = logging.getLogger(_NAME)
    own.handlers[:] = [logging.StreamHandler(sys.stderr)]
    own.setLevel(_LEVELS.get(verbosity, logging.DEBUG))
    own.propagate = False
    # Foreign loggers quote values in their messages (drivers, Presidio): ours alone speaks.
    logging.getLogger().handlers[:] = [logging.NullHandler()]
    logging.captureWarnings(True)


def logger() -> Logger:
    return Logger(logging.getLogger(_NAME))
