"""Logs to stderr: an event name and a few plain facts, never a value and never an exception's text."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from ..core.errors import classify
from ..core.redact import clean

_LEVELS = {0: logging.WARNING, 1: logging.INFO}


def _safe(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Exceptions become their class, texts lose controls, anything unknown becomes its type's name."""
    for key, value in event.items():
        if isinstance(value, BaseException):
            event[key] = classify(value)
        elif isinstance(value, str):
            event[key] = clean(value)
        elif value is not None and not isinstance(value, bool | int | float):
            event[key] = type(value).__name__
    event.pop("exc_info", None)
    return event


def _line(_logger: object, _method: str, event: MutableMapping[str, Any]) -> str:
    """`warning: what happened (facts)`: for people first, and still one line an event."""
    level, text = event.pop("level", "info"), event.pop("event", "")
    facts = ", ".join(f"{key} {value}" for key, value in event.items() if value not in ("", None))
    return f"{level}: {text} ({facts})" if facts else f"{level}: {text}"


def configure(verbosity: int = 0) -> None:
    """Warnings and worse by default, `-v` adds information, `-vv` everything."""
    level = _LEVELS.get(verbosity, logging.DEBUG)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            _safe,
            _line,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    # Foreign loggers quote values in their messages (drivers, Presidio): ours alone speaks.
    logging.getLogger().handlers[:] = [logging.NullHandler()]
    logging.captureWarnings(True)


def logger() -> Any:
    return structlog.get_logger()
