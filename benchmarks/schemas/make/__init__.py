"""Makers of values by name: functions of a row and an argument."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from . import codes, numbers, persons, texts
from .row import Row

Maker = Callable[[Row, str], Any]


def makers() -> Mapping[str, Maker]:
    """All of them; a name belongs to one module alone."""
    return {**persons.MAKERS, **codes.MAKERS, **numbers.MAKERS, **texts.MAKERS}
