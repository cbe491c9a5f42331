"""Examines the installation, the configuration and each source's door."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from .. import __version__, plugins
from ..config.load import Loaded
from ..core.errors import PiiScanError
from .check import checks
from .context import context
from .models import models, readers
from .reach import look
from .sources import Source, chosen


def examine(config: Path | None) -> Iterator[tuple[bool, str]]:
    """Pairs of whether it is well and a line that says what, and the cure if not."""
    python = ".".join(str(part) for part in sys.version_info[:3])
    yield True, f"pii-scan {__version__}, Python {python}"
    for package in ("presidio-analyzer", "spacy", "polars", "pyarrow", "sqlalchemy"):
        yield True, f"{package} {metadata.version(package)}"
    for group in plugins.GROUPS:
        yield from _plugins(group)
    yield from _configured(config)


def _plugins(group: str) -> Iterator[tuple[bool, str]]:
    for name in plugins.names(group):
        try:
            plugins.get(group, name)
        except PiiScanError as error:
            yield False, f"{group}: {error}"
    if plugins.names(group):
        yield True, f"{group}: {', '.join(plugins.names(group))}"


def _configured(config: Path | None) -> Iterator[tuple[bool, str]]:
    try:
        with context(config) as opened:
            yield True, f"configuration {opened.loaded.path or '(none: defaults)'}, key {opened.key.id}"
            yield from _texts(opened.loaded)
            declaration = opened.declaration()
            checks(opened)
            said = f"{len(declaration.claims)} claims" if declaration else "none named"
            yield True, f"declared list: {said}"
            if opened.loaded.config.sources:
                for source in chosen(opened.loaded, ()):
                    yield _reachable(source)
    except PiiScanError as error:
        yield False, str(error)


def _texts(loaded: Loaded) -> Iterator[tuple[bool, str]]:
    """Which model reads each language. Raises ConfigError if one that is named is not installed."""
    if not loaded.config.detect.texts:
        yield True, "texts are not read: detect.texts is false"
        return
    for language, model in readers(models(loaded)).items():
        yield True, f"texts in {language}: {model or 'no model, names are found by their surroundings alone'}"


def _reachable(source: Source) -> tuple[bool, str]:
    reach = look(source, read=False)
    said = f"{reach.kind}, {reach.objects} objects listed" if reach.good else reach.error
    return reach.good, f"source {reach.name}: {said}"
