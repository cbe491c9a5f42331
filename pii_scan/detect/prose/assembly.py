"""Puts the reader of texts together, as options say."""

from __future__ import annotations

from ..options import Options
from ..patterns import Matcher
from .columns import Budget, Texts
from .models import Models
from .prose import Prose
from .reader import Reader
from .ruled import Ruled


def texts(options: Options) -> Texts:
    """The texts of columns; the rules of patterns have looked at them already."""
    return Texts(reader(options), Budget(options.limit("texts"), options.limit("text_characters")))


def reader(options: Options, matcher: Matcher | None = None) -> Reader:
    """The reader; with a matcher the rules of patterns are looked for, too."""
    return Reader(Models(options.models), Prose(), Ruled(matcher) if matcher else None)
