"""Personal data in prose that needs no model: special categories, births, ages, addresses, names,
told phone numbers, identifiers and secrets.

The whole interface: `Prose` finds with all components, each of which can be used alone; `gate` of each
says which texts of a series are worth a look.
"""

from __future__ import annotations

from .addresses import Addresses
from .dates import Dates
from .folding import Folded, fold
from .ids import Ids
from .phones import Phones
from .prose import Prose
from .relations import Relations
from .secrets import Secrets
from .span import Span, merged
from .special import Special
from .titles import Titles

__all__ = [
    "Addresses",
    "Dates",
    "Folded",
    "Ids",
    "Phones",
    "Prose",
    "Relations",
    "Secrets",
    "Span",
    "Special",
    "Titles",
    "fold",
    "merged",
]
