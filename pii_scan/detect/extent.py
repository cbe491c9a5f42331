"""How far hits reach where a limited check saw a sample of a column's values: shares and their intervals."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ..core.detection import wilson
from ..core.profile import Hits, Profile
from .hits import CANDIDATE, CHECKED, FOREIGN, NO_HITS, UNSEEN
from .rules import Rule


@dataclass(frozen=True, slots=True)
class Part:
    """Rows that a check left out, the rate of hits among those it looked at, and how many these are."""

    unseen: int
    rate: float
    looked: int


@dataclass(frozen=True)
class Extent:
    """Estimates of one column.

    A limited check sees some distinct values, chosen by keyed hash, of those that have its form, with all
    their rows. The rate of hits among these rows is a ratio estimate for those it did not see; values of
    other forms are no part of it. Values that a rule with a limit matches from end to end and leaves out are
    not seen by any other rule: of these the estimate is the part of the sample that was left to it and hit.
    """

    profile: Profile
    rules: Sequence[Rule]

    def rows(self, category: str, hit: Hits, count: int | None = None) -> int:
        """The estimated rows with a hit among all values; of `count`, such as the whole matches alone."""
        count = hit.rows if count is None else count
        more = sum(part.unseen * part.rate for part in self._parts(category, hit))
        more *= count / hit.rows if hit.rows else 0.0
        return min(count + round(more), max(self.profile.values, count))

    def share(self, category: str, hit: Hits, count: int | None = None) -> float:
        return self.rows(category, hit, count) / self.profile.values if self.profile.values else 0.0

    def interval(self, category: str, hit: Hits) -> tuple[float, float]:
        """The 95% interval of the share: that of the sample's rate, then that of the rows."""
        low = high = float(hit.rows)
        for part in self._parts(category, hit):
            least, most = self._bounds(part)
            low, high = low + part.unseen * least, high + part.unseen * most
        values = self.profile.values
        return wilson(min(low, values), values)[0], wilson(min(high, values), values)[1]

    def missed(self, category: str, hit: Hits) -> str:
        """What was not looked at and may hold, in words; empty if all was."""
        parts = list(self._parts(category, hit))
        left = min(sum(part.unseen for part in parts), self.profile.values)
        if not left:
            return ""
        most = min(left, math.ceil(sum(part.unseen * self._bounds(part)[1] for part in parts)))
        seen = "a sample of the distinct values of its form was checked"
        return f"{seen}: {left} values were not, and may hold up to {most} more (95%)"

    def _bounds(self, part: Part) -> tuple[float, float]:
        """Rows of one value were drawn together, so the sample is as large as its distinct values."""
        values = max(self.profile.values, 1)
        size = max(part.looked * min(self.profile.sketch.distinct / values, 1.0), 1.0)
        return wilson(part.rate * size, size)

    def _parts(self, category: str, hit: Hits) -> Iterator[Part]:
        hits = self.profile.hits
        mine = [rule for rule in self._limited if rule.category == category]
        for rule in mine:
            unseen = hits.get(UNSEEN + rule.id, NO_HITS).rows
            looked = hits.get(CHECKED + rule.id, NO_HITS).rows
            if unseen and looked:
                yield Part(unseen, min(self._taken(rule) / looked, 1.0), looked)
        if mine:
            yield from self._left_by_others(category, sum(self._taken(rule) for rule in mine))
        elif category not in self._categories:
            yield from self._left_by_users(hit)

    def _left_by_others(self, category: str, taken: int) -> Iterator[Part]:
        hits = self.profile.hits
        for rule in self._limited:
            unseen = hits.get(UNSEEN + rule.id, NO_HITS).whole
            looked = hits.get(CHECKED + rule.id, NO_HITS).rows
            if rule.category != category and unseen and looked:
                yield Part(unseen, min(taken, max(looked - self._taken(rule), 0)) / looked, looked)

    def _left_by_users(self, hit: Hits) -> Iterator[Part]:
        """What the user's recognizers did not see: all else was looked at."""
        known = {rule.id for rule in self.rules}
        for key, limit in self.profile.hits.items():
            looked = self.profile.values - limit.rows
            if key[:1] == UNSEEN and key != FOREIGN and key[1:] not in known and looked > 0:
                yield Part(limit.rows, min(hit.rows / looked, 1.0), looked)

    def _taken(self, rule: Rule) -> int:
        """Rows that a limited check took, for certain or if the column bears it out."""
        hits: Mapping[str, Hits] = self.profile.hits
        return hits.get(CHECKED + rule.id, NO_HITS).whole + hits.get(CANDIDATE + rule.id, NO_HITS).rows

    @cached_property
    def _categories(self) -> frozenset[str]:
        return frozenset(rule.category for rule in self.rules)

    @cached_property
    def _limited(self) -> list[Rule]:
        """The rules whose checks looked at some values here."""
        return [rule for rule in self.rules if CHECKED + rule.id in self.profile.hits]
