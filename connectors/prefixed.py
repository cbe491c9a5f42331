"""Connectors of files that are meant by name alone: `infra://path`, since no file tells what it is for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from pii_scan.core.ports import Connector, ConnectorType

from . import files

#: More than any file connector answers for a path.
_MEANT: Final = 12


def prefixed(kind: str, summary: str, config: type[Any], opened: Callable[[Any], Connector]) -> ConnectorType:
    """The type of a connector that reads a path where it is named with its kind before it."""
    return ConnectorType(kind, summary, config, opened, partial(_matches, kind), partial(_config_of, kind))


def _matches(kind: str, text: str) -> int:
    return _MEANT if text.startswith(f"{kind}://") else 0


def _config_of(kind: str, text: str) -> dict[str, Any]:
    return files.config_of(text.removeprefix(f"{kind}://"))
