"""Matches that prove nothing one by one: a whole column of them, or more than chance gives, do."""

from __future__ import annotations

import math
from collections.abc import Mapping

from ..core.profile import Hits, Profile
from .extent import Extent
from .hits import CANDIDATE, CHECKED, FAILED, NO_HITS, PEOPLE, UNSEEN
from .options import Options
from .protection import MARK
from .rules import Rule

#: Chance below which so many valid check digits are no accident.
_ACCIDENT = 1e-3


def promoted(extent: Extent, options: Options) -> dict[str, Hits]:
    """Hits by category: the certain ones, and candidates that the column as a whole bears out."""
    profile = extent.profile
    marks = (CANDIDATE, CHECKED, FAILED, UNSEEN, PEOPLE, MARK)
    found = {key: hit for key, hit in profile.hits.items() if key[:1] not in marks}
    for rule in extent.rules:
        hit = profile.hits.get(CANDIDATE + rule.id)
        if hit is None:
            continue
        if rule.strength == "card":
            hit = _cards(hit, profile.hits.get(FAILED + rule.id, NO_HITS), options)
        elif hit.whole < 2 or not _consistent(hit, found, rule, extent, options):
            hit = None
        if hit is not None:
            found[rule.category] = found.get(rule.category, NO_HITS).merge(hit)
    doubtful = {rule.id for rule in extent.rules if rule.likely and _by_chance(rule, profile, options)}
    kept = {c: _inside(hit) if set(hit.detector.split("+")) <= doubtful else hit for c, hit in found.items()}
    return {category: hit for category, hit in sorted(kept.items()) if hit.rows}


def _by_chance(rule: Rule, profile: Profile, options: Options) -> bool:
    """True if too many values of the rule's form fail its check.

    Of numbers drawn at random many are somebody's telephone number; of a column of those nearly all are.
    """
    seen = profile.hits.get(CHECKED + rule.id, NO_HITS)
    return seen.whole < options.share("consistent") * seen.rows


def _inside(hit: Hits) -> Hits:
    """The matches that are a part of their value."""
    return Hits(hit.rows - hit.whole, 0, hit.detector, hit.places)


def _consistent(hit: Hits, found: Mapping[str, Hits], rule: Rule, extent: Extent, options: Options) -> bool:
    """True if nearly all values are of the rule's form, or certainly of its category.

    Beside many that are certainly, others of its form are, too.
    """
    together = found.get(rule.category, NO_HITS).merge(hit)
    return extent.share(rule.category, together, together.whole) >= options.share("consistent")


def _cards(hit: Hits, failed: Hits, options: Options) -> Hits | None:
    """Cards among plain digits: not where numbers of that form pass only as often as by chance.

    One number in ten passes Luhn, so a column of order numbers has its share of "cards".
    """
    inside, failing = hit.rows - hit.whole, failed.rows - failed.whole
    text = inside > 0 and inside * 2 >= failing
    chance = float(options.defaults["chance"]["card"])
    alone = hit.whole > 0 and tail(hit.whole, hit.whole + failed.whole, chance) < _ACCIDENT
    if not text and not alone:
        return None
    return Hits(
        (inside if text else 0) + (hit.whole if alone else 0),
        hit.whole if alone else 0,
        hit.detector,
        hit.places,
    )


def tail(hits: int, trials: int, chance: float) -> float:
    """The chance of at least so many hits in so many trials, after Chernoff's bound for large ones."""
    if trials <= 60:
        return sum(
            math.comb(trials, k) * chance**k * (1 - chance) ** (trials - k) for k in range(hits, trials + 1)
        )
    share = hits / trials
    if share <= chance:
        return 1.0
    rest = (1 - share) * math.log((1 - share) / (1 - chance)) if share < 1 else 0.0
    return math.exp(-trials * (share * math.log(share / chance) + rest))
