"""Which rules a scan uses: the shipped ones and the user's, without what is switched off."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

from ..core.category import Taxonomy
from ..core.globs import fits
from .ignored import passing_over
from .options import Options
from .rules import SHIPPED, Rule, shipped

PRESIDIO: Final = "presidio_"
_PREFIXES: Final = {"uk": "GB"}


def effective(options: Options, taxonomy: Taxonomy, more: Sequence[Rule] = ()) -> tuple[Rule, ...]:
    """The rules in use; `more` are shipped ones that are made elsewhere. The user's come first."""
    kept = [rule for rule in (*shipped(), *more) if not left_out(rule, options)]
    return tuple(passing_over(rule, options.ignored, taxonomy) for rule in (*options.rules, *kept))


def left_out(rule: Rule, options: Options) -> str:
    """Why a rule is not used: `disabled`, `replaced` or `country`; empty if it is."""
    if rule.origin != SHIPPED:
        return "country" if _abroad(rule, options) else ""
    if any(fits(rule.id, glob) for glob in options.disabled):
        return "disabled"
    if any(own.id == rule.id for own in options.rules):
        return "replaced"
    return "country" if _abroad(rule, options) else ""


def _abroad(rule: Rule, options: Options) -> bool:
    country = country_of(rule)
    return bool(country and options.countries) and country not in options.countries


def country_of(rule: Rule) -> str:
    """The country of a rule, as it says or, for a shipped one, as its id begins: `fr_nir`."""
    if rule.country or rule.origin != SHIPPED:
        return rule.country
    prefix, mark, _ = rule.id.removeprefix(PRESIDIO).partition("_")
    code = _PREFIXES.get(prefix, prefix.upper()) if mark and len(prefix) == 2 else ""
    return code if code in _countries() else ""


@cache
def _countries() -> frozenset[str]:
    from phonenumbers import SUPPORTED_REGIONS

    return frozenset(SUPPORTED_REGIONS)
