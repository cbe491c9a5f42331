"""Puts the reader of texts together, as options say."""

from __future__ import annotations

from typing import Final

from ..options import Options
from ..patterns import Matcher
from . import relations, shipped, special, titles
from .columns import Budget, Texts
from .installed import ENGINES
from .models import Models
from .reader import Reader
from .ruled import Ruled

#: How the detectors' names begin that read texts and may err: models, titles, relations, lexicons.
ERRING: Final = (
    shipped.NAME,
    *(f"{engine}:" for engine in ENGINES),
    *(part.DETECTOR for part in (titles, relations, special)),
)


def texts(options: Options) -> Texts:
    """The texts of columns; the rules of patterns have looked at them already."""
    return Texts(reader(options), Budget(options.limit("texts"), options.limit("text_characters")))


def reader(options: Options, matcher: Matcher | None = None) -> Reader:
    """The reader; with a matcher the rules of patterns are looked for, too."""
    return Reader(Models(options.models), Ruled(matcher) if matcher else None)
