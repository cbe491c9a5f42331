"""spaCy without its command line, which it imports for one function that nobody asks for here."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any, Final

_COMMANDS: Final = ("spacy.cli", "spacy.cli.info")


def spacy() -> Any:
    """The library: 300 modules, 14 MB and a third of a second less than by itself.

    What asks for `spacy.cli` later gets it.
    """
    if "spacy" not in sys.modules and not any(name in sys.modules for name in _COMMANDS):
        with _without_commands():
            import spacy
        spacy.__dict__["__getattr__"] = _later
    import spacy

    return spacy


def _later(name: str) -> Any:
    """The command line, when it is asked for after all."""
    if name == "cli":
        return import_module(_COMMANDS[0])
    raise AttributeError(name)


@contextmanager
def _without_commands() -> Iterator[None]:
    absent = {name: ModuleType(name) for name in _COMMANDS}
    absent[_COMMANDS[0]].__path__ = []
    absent[_COMMANDS[1]].__dict__["info"] = _info
    sys.modules.update(absent)
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


def _info(*arguments: Any, **options: Any) -> Any:
    """`spacy.info`."""
    from spacy.cli.info import info

    return info(*arguments, **options)
