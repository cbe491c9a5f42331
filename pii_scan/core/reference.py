"""References to secrets in written texts: `${env:NAME}`, `${file:PATH}`, `${keyring:SERVICE/NAME}`."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import Final

from .errors import ConfigError

KINDS: Final = ("env", "file", "keyring")
_REFERENCE = re.compile(r"\$\{([^}]*)\}")


@dataclass(frozen=True, slots=True)
class Reference:
    """One reference: where to look (`kind`), for what (`name`), and its place in the text."""

    kind: str
    name: str
    start: int
    end: int


def references(text: str, where: str = "") -> tuple[Reference, ...]:
    """Every reference of a text in order.

    Raises ConfigError (with `where`) for an unknown kind or an empty name.
    """
    return tuple(_parse(match, where) for match in _REFERENCE.finditer(text))


def _parse(match: re.Match[str], where: str) -> Reference:
    kind, colon, name = match.group(1).partition(":")
    kind, name = kind.strip(), name.strip()
    if kind not in KINDS:
        close = difflib.get_close_matches(kind, KINDS, n=1)
        hint = f"did you mean '${{{close[0]}:…}}'?" if close else "known: ${env:…}, ${file:…}, ${keyring:…}"
        raise ConfigError("a reference of an unknown kind", hint, where)
    if not colon or not name:
        raise ConfigError(f"a reference without a name: '${{{kind}}}'", f"write ${{{kind}:…}}", where)
    return Reference(kind, name, match.start(), match.end())


def blank(text: str) -> str:
    """The text with every reference replaced by as many NUL characters, so that places stay."""
    return _REFERENCE.sub(lambda match: "\0" * len(match.group()), text)
