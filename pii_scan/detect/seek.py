"""From cells to counted hits, the cheapest look first, each only on what the one before left.

1. `pool`: cells that have what a rule needs, by length, digits and characters.
2. The rule's superset as a Rust regex; rules that count only beside a word, only where one stands.
3. Values that are one match from end to end: checked a column at a time.
4. Texts that only one sure rule can hit: its first match, checked.
5. What is left: every distinct text by the exact patterns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import polars as pl

from ..core.profile import Hits
from . import needs, prefilter, shapes, whole
from .cells import Column, Ints
from .hits import CANDIDATE, CHECKED, FAILED, UNSEEN, findings
from .patterns import ORNAMENT, Matcher
from .pool import FEW, Pool, pool
from .rules import SHIPPED, Rule
from .sampling import spread
from .standing import Standing
from .tally import Tally
from .words import Words, words_of

#: No match of a rule that needs the whole value is longer than this.
_WHOLE: Final = 120
#: Texts that tell whether a rule matches values from end to end, so that this is tested first.
_PROBES: Final = 64
Prints = Mapping[int, Any]


@dataclass(frozen=True)
class Seeker:
    """Seeks the rules in the columns of a batch; `dear` is the limit of distinct values for dear checks.

    Texts of fewer than `few` bytes together are matched one by one.
    """

    matcher: Matcher
    dear: int
    few: int = FEW

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The sure ones first: of two that match from end to end the first counts."""
        order = {"strong": 0, "card": 1, "consistent": 2}
        return tuple(sorted(self.matcher.rules, key=lambda rule: order.get(rule.strength, 3)))

    @cached_property
    def _places(self) -> dict[str, int]:
        return {rule.id: place for place, rule in enumerate(self.matcher.rules)}

    def as_given(self, rules: Iterable[Rule]) -> list[Rule]:
        """Rules in the matcher's order: of equal matches in one text the first counts."""
        return sorted(rules, key=lambda rule: self._places[rule.id])

    @cached_property
    def words(self) -> Words:
        """The words that rules may need beside a match."""
        return words_of(tuple(rule for rule in self.rules if rule.needy))

    def seek(
        self, columns: Sequence[Column], hinted: Mapping[int, frozenset[str]], prints: Prints
    ) -> dict[int, Mapping[str, Hits]]:
        """Hits by the number of the column; `hinted` are the rule ids that its name speaks for.

        `prints` are hashes of the cells by number of the column: they choose what a limit lets through.
        """
        return self.search(columns, hinted, prints).tally.hits()

    def search(
        self, columns: Sequence[Column], hinted: Mapping[int, frozenset[str]], prints: Prints
    ) -> Search:
        """As `seek`, with all that is known of single cells."""
        found = Search(self, pool(columns, self.rules, hinted, self.few), hinted, prints)
        found.sure()
        found.others()
        found.spans()
        found.texts()
        return found


class Search:
    """One batch under way: `standing` tells for every text of the pool which rules may still hit it."""

    def __init__(
        self, seeker: Seeker, pool: Pool, hinted: Mapping[int, frozenset[str]], prints: Prints
    ) -> None:
        self._seeker, self._pool, self._prints = seeker, pool, prints
        self._rules = list(seeker.rules)
        self._hints = [hinted.get(column.number, frozenset()) for column in pool.columns]
        self._standing = Standing(len(self._rules), len(pool.texts))
        self._claims = Standing(len(self._rules), len(pool.texts) if any(self._hints) else 0)
        for row, rule in enumerate(self._rules) if any(self._hints) else ():
            positions = pool.may[rule.id]
            self._claims.add(row, positions[self._named(rule, positions)])
        self._settled = np.zeros(len(pool.texts), bool)
        self._limit = np.zeros(len(pool.texts), bool)
        self._sure = [row for row, rule in enumerate(self._rules) if rule.strength == "strong"]
        self.tally = Tally(pool.columns)

    def limited(self) -> Iterable[tuple[int, Ints]]:
        """By index of the column the cells whose findings depend on what else is in the batch."""
        for index, part in self._pool.columns_of(np.flatnonzero(self._limit)):
            yield index, self._pool.cell[part]

    def sure(self) -> None:
        """Rules that count by themselves; what one of them matches from end to end is settled."""
        for row in self._sure:
            self._narrow(row, self._open(self._rules[row]))

    def others(self) -> None:
        """The rest: rules that need a word, a name or the whole column."""
        positions = self._pool.speakable
        positions = positions[~self._settled[positions]]
        spoken = positions[self._seeker.words.stand(self._pool.of(positions))]
        said = self._seeker.words.said(spoken, self._pool.of(spoken))
        beside = self._pool.beside(spoken, [rule for rule in self._rules if rule.id in said])
        beside = {rule: np.intersect1d(near, said[rule], assume_unique=True) for rule, near in beside.items()}
        for rule_id, near in self._pool.near.items():
            beside[rule_id] = np.union1d(near, beside.get(rule_id, near))
        for row, rule in enumerate(self._rules):
            if rule.strength == "card":
                self._narrow(row, self._open(rule))
            elif rule.strength != "strong":
                near = beside.get(rule.id, spoken[:0])
                self._beside(row, near, self._open(rule))
                if rule.free:
                    self._alone(row, near)
        for row, rule in enumerate(self._rules):
            if rule.free:
                self._rivalled(row)

    def _open(self, rule: Rule) -> Ints:
        """Where the rule may hit and nothing is settled yet."""
        positions = self._pool.may[rule.id]
        return positions[~self._settled[positions]] if len(positions) else positions

    def _holding(self, positions: Ints, rule: Rule) -> Ints:
        """Where the rule's superset matches, and what its validator asks for stands."""
        return self._asked(self._pool.matching(positions, rule, prefilter.superset), rule)

    def _asked(self, positions: Ints, rule: Rule) -> Ints:
        """Where what the rule's validator asks for stands."""
        return self._pool.matching(positions, rule, prefilter.asked) if prefilter.asked(rule) else positions

    def _narrow(self, row: int, positions: Ints) -> None:
        """Whole matches are settled, unless another rule has a say; the rule stays where it may match."""
        rule = self._rules[row]
        free = self._uncontested(row, positions)
        probes = free[spread(len(free), _PROBES)]
        held = len(free) < _PROBES or not len(self._pool.matching(probes, rule, prefilter.whole))
        if held:
            positions = self._holding(positions, rule)
            free = np.intersect1d(free, positions, assume_unique=True)
        full = self._settle_whole(row, free[self._fits(rule)[free]])
        rest = np.setdiff1d(positions, full, assume_unique=True) if len(full) else positions
        self._standing.add(row, rest if held else self._holding(rest, rule))

    def _alone(self, row: int, near: Ints) -> None:
        """A rule that counts as the whole value, where no word stands."""
        rule = self._rules[row]
        positions = self._open(rule)
        positions = positions[~self._named(rule, positions) & self._short(rule)[positions]]
        if len(near):
            positions = np.setdiff1d(positions, near, assume_unique=True)
        full = self._pool.matching(positions, rule, prefilter.ornamented)
        self._standing.add(row, full)
        self._settle_whole(row, self._uncontested(row, full))

    def _settle_whole(self, row: int, positions: Ints) -> Ints:
        """Settles those texts that the rule matches from end to end, where it no longer stands."""
        rule = self._rules[row]
        full = self._asked(self._pool.matching(positions, rule, prefilter.whole), rule)
        self._standing.drop(row, full)
        for index, part in self._pool.columns_of(full):
            self._settle(row, index, part)
        return full

    def _fits(self, rule: Rule) -> Any:
        """True where a text is no longer than a match may be, of characters of four bytes at most."""
        return self._pool.lengths <= 4 * needs.of(rule.regex).longest

    def _short(self, rule: Rule) -> Any:
        """True where a text is no longer than a match with signs around it, but for space."""
        limit = min(needs.of(rule.regex).longest, _WHOLE) + ORNAMENT
        return (self._pool.lengths <= limit) | self._padded

    @cached_property
    def _padded(self) -> Any:
        """True for texts with space, or characters outside ASCII, at an end."""
        padded = np.zeros(len(self._pool.texts), bool)
        for index, part in self._pool.columns_of(np.arange(len(padded))):
            padded[part] = self._pool.columns[index].padded[self._pool.cell[part]]
        return padded

    def _beside(self, row: int, near: Ints, open_ones: Ints) -> None:
        """The rule stays where its superset matches beside one of its words, or in a column named so."""
        if not len(near) and not any(self._hints):
            return
        rule = self._rules[row]
        named = open_ones[self._named(rule, open_ones)]
        near = self._holding(near[~self._settled[near]], rule)
        if len(named) and not rule.free:
            full = self._settle_whole(row, self._uncontested(row, named))
            named = np.setdiff1d(named, full, assume_unique=True)
        named = self._holding(named, rule)
        self._standing.add(row, np.union1d(near, named))

    def _rivalled(self, row: int) -> None:
        """Whole matches that waited for rules of the column's name, which come first."""
        positions = self._standing.of(row)
        if not any(self._hints) or not len(positions):
            return
        waited = self._claims.any(range(len(self._rules)), positions)
        for index, part in self._pool.columns_of(positions[waited]):
            rivals = [n for n in self._foreign(row) if self._rules[n].id in self._hints[index]]
            part = part[~self._standing.any([*rivals, *self._above(row)], part)]
            self._settle_whole(row, self._certain(row, part))

    def _named(self, rule: Rule, positions: Ints) -> Any:
        """True where the column's name speaks for the rule."""
        return np.array([rule.id in ids for ids in self._hints], bool)[self._pool.column[positions]]

    def _foreign(self, row: int) -> list[int]:
        """The rules of other categories."""
        mine = self._rules[row].category
        return [n for n, rule in enumerate(self._rules) if rule.category != mine]

    def _above(self, row: int) -> list[int]:
        """The rules that come before it wherever they hit."""
        return [] if self._rules[row].strength == "strong" else self._sure

    def _uncontested(self, row: int, positions: Ints) -> Ints:
        """Where no rule of the column's name may hit that is of another category, and no surer one."""
        taken = np.zeros(len(positions), bool)
        if any(self._hints):
            taken |= self._claims.any(self._foreign(row), positions)
        taken |= self._standing.any(self._above(row), positions)
        return self._certain(row, positions[~taken])

    def _certain(self, row: int, positions: Ints) -> Ints:
        """Those whose text holds no value that the user has the rule pass over."""
        ignored = self._rules[row].ignored
        if ignored and len(positions):
            positions = positions[~self._pool.of(positions).str.contains(ignored).to_numpy()]
        return positions

    def _count(self, index: int, key: str, rule: Rule, positions: Ints, *, as_whole: bool) -> None:
        if rule.personal:
            self.tally.add(index, key, rule.id, self._pool.cell[positions], as_whole)

    def _settle(self, row: int, index: int, full: Ints) -> None:
        """Values of one column that the rule matches from end to end, checked and counted."""
        rule = self._rules[row]
        told = rule.strength == "strong" or rule.id in self._hints[index]
        if not told and rule.origin == SHIPPED:
            full = full[~self._plain(full)]
        if not len(full):
            return
        looked, valid = self._checked(rule, index, full, told)
        good = looked[valid]
        self._standing.drop_all(good)
        self._settled[good] = True
        if rule.strength == "card":
            self._cards(row, index, looked, valid, told)
        else:
            self._count(index, rule.category if told else CANDIDATE + rule.id, rule, good, as_whole=True)

    def _cards(self, row: int, index: int, looked: Ints, valid: Any, told: bool) -> None:
        """Plain digits are candidates, grouped ones hits; what only fails its check digit is counted."""
        rule, good, bad = self._rules[row], looked[valid], looked[~valid]
        if told:
            self._count(index, rule.category, rule, good, as_whole=True)
        elif len(good):
            grouped = self._pool.of(good).str.contains("[ -]").to_numpy()
            self._count(index, rule.category, rule, good[grouped], as_whole=True)
            self._count(index, CANDIDATE + rule.id, rule, good[~grouped], as_whole=True)
        rivals = self._standing.count(bad) > 0
        self._standing.add(row, bad[rivals])
        bad = bad[~rivals]
        if len(bad):
            failed = bad[whole.card_like(self._pool.of(bad))]
            self._count(index, FAILED + rule.id, rule, failed, as_whole=True)

    def _checked(self, rule: Rule, index: int, positions: Ints, told: bool) -> tuple[Ints, Any]:
        """The positions that the validator saw, and whether it took them."""
        check = whole.VALIDATORS.get(rule.check(told))
        if check is not None:
            return positions, check(self._pool.of(positions))
        seen, unseen = self._limited(index, positions)
        self._standing.drop_all(unseen)
        self._settled[unseen] = True
        self._count(index, UNSEEN + rule.id, rule, unseen, as_whole=True)
        valid = _each(self._seeker.matcher.checks[rule.check(told)], self._pool.of(seen))
        hit = valid & told
        self._count(index, CHECKED + rule.id, rule, seen[hit], as_whole=True)
        self._count(index, CHECKED + rule.id, rule, seen[~hit], as_whole=False)
        return seen, valid

    def _limited(self, index: int, positions: Ints) -> tuple[Ints, Ints]:
        """As many distinct texts as a dear check may see, chosen by keyed hash; and the others."""
        self._limit[positions] = True
        if len(positions) <= self._seeker.dear:
            return positions, positions[:0]
        prints = self._prints[self._pool.columns[index].number][self._pool.cell[positions]]
        distinct = np.unique(prints)
        if len(distinct) <= self._seeker.dear:
            return positions, positions[:0]
        seen = prints < distinct[self._seeker.dear]
        return positions[seen], positions[~seen]

    def _plain(self, positions: Ints) -> Any:
        """True for values of shapes that can hold no pattern: dates, decimals, words."""
        plain = np.zeros(len(positions), bool)
        for regex in shapes.PLAIN_FORMS:
            rest = np.flatnonzero(~plain)
            if rest.size:
                plain[rest] = self._pool.of(positions[rest]).str.contains(regex).to_numpy()
        return plain

    def spans(self) -> None:
        """Texts with one sure rule alone: its first match decides, if its check takes it."""
        for row in self._sure:
            positions = self._standing.of(row)
            if len(positions) and not self._rules[row].dear:
                self._spans(row, self._certain(row, positions[self._standing.count(positions) == 1]))

    def _spans(self, row: int, positions: Ints) -> None:
        rule = self._rules[row]
        if rule.unless and len(positions):
            words = list(rule.unless)
            doubtful = self._pool.holds(
                positions, lambda texts: texts.str.contains_any(words, ascii_case_insensitive=True), *words
            )
            positions = positions[~doubtful]
        if not len(positions):
            return
        texts = self._pool.of(positions)
        spans = self._pool.spans(positions, *prefilter.span(rule))
        found = spans.is_not_null().to_numpy()
        self._standing.drop(row, positions[~found])
        some = np.flatnonzero(found)
        held = spans.gather(some)
        valid = _valid(rule, held, self._seeker.matcher)
        longest = texts.gather(some).str.strip_chars().str.len_chars() - ORNAMENT
        full = (held.str.len_chars() >= longest).to_numpy()
        self._standing.drop(row, positions[some[valid]])
        for flag in (True, False):
            for index, part in self._pool.columns_of(positions[some[valid & (full == flag)]]):
                self._count(index, rule.category, rule, part, as_whole=flag)

    def texts(self) -> None:
        """The exact look at every distinct text that is left."""
        for index, part in self._pool.columns_of(self._standing.everywhere()):
            self._texts(index, part)

    def _texts(self, index: int, positions: Ints) -> None:
        hinted = self._hints[index]
        own = [n for n, rule in enumerate(self._rules) if rule.origin != SHIPPED or rule.id in hinted]
        plain = positions[self._plain(positions)]
        for row in set(range(len(self._rules))).difference(own) if len(plain) else ():
            self._standing.drop(row, plain)
        positions = self._without_unseen(index, positions)
        if not len(positions):
            return
        frame = pl.DataFrame({"t": self._pool.of(positions), "p": positions})
        grouped = frame.group_by("t", maintain_order=True).agg("p")
        for text, same in zip(grouped["t"], grouped["p"], strict=True):
            rules = self._seeker.as_given(self._rules[row] for row in self._standing.at(int(same[0])))
            matches = self._seeker.matcher.look(text, rules, hinted)
            cells = self._pool.cell[same.to_numpy()]
            for key, detector, full in findings(text, matches) if matches else ():
                self.tally.add(index, key, detector, cells, full)
            for rule in rules:
                if rule.dear and rule.personal:
                    hit = any(m.rule is rule and m.kind == "hit" for m in matches)
                    self.tally.add(index, CHECKED + rule.id, rule.id, cells, hit)

    def _without_unseen(self, index: int, positions: Ints) -> Ints:
        """Dear rules see so many distinct texts; the others stay for the other rules."""
        for row, rule in enumerate(self._rules):
            if rule.dear:
                _, unseen = self._limited(index, positions[self._standing.any([row], positions)])
                self._standing.drop(row, unseen)
                self._count(index, UNSEEN + rule.id, rule, unseen, as_whole=False)
        left: Ints = positions[self._standing.count(positions) > 0]
        return left


def _valid(rule: Rule, texts: pl.Series, matcher: Matcher) -> Any:
    check = whole.VALIDATORS.get(rule.validator)
    return check(texts) if check is not None else _each(matcher.checks[rule.validator], texts)


def _each(check: Any, texts: pl.Series) -> Any:
    """The answers of a validator of single texts, asked once a distinct text."""
    known: dict[str, bool] = {}
    for text in texts.unique():
        known[text] = check(text)
    return np.fromiter((known[text] for text in texts), bool, len(texts))
