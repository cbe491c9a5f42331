"""Personal data in prose that needs no model: special categories, births, ages, addresses, names.

The whole interface: `Prose` finds with all components, each of which can be used alone; `gate` of each
says which texts of a series are worth a look.
"""

from __future__ import annotations

from .addresses import Addresses
from .dates import Dates
from .folding import Folded, fold
from .prose import Prose
from .relations import Relations
from .span import Span, merged
from .special import Special
from .titles import Titles

__all__ = [
    "Addresses",
    "Dates",
    "Folded",
    "Prose",
    "Relations",
    "Span",
    "Special",
    "Titles",
    "fold",
    "merged",
]
