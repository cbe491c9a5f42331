"""Copies that nobody declared: a column of ours that holds the values of another one.

Between stores each column counts. Within a database tables share values as a rule: keys point at others, and
an order repeats its customer's address. There a copy is a table that has several of the other's columns, or
is named as a copy, and in which as in the other each row has values of its own; what statements say of the
two tables needs no proof.

Common values alone do not say which was first. What statements and jobs say of both datasets decides,
then a hash, which is made from what it is a hash of, names of copies, a file beside a table, and a part
beside the whole; else the direction stays open, and the link says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from ..core.category import Taxonomy
from ..core.lineage import Link
from ..core.model import Dataset
from ..core.profile import Profile
from ..core.urn import dataset_of, split
from ..core.words import words_of
from .containment import Containment
from .fitting import Categories, bounds, fitting, form
from .repeats import COPY, named_as_copy
from .values import Sets, pairs

#: The least share of one column's values that a copy has in common with the other, by its lower bound.
_MOSTLY: Final = 0.5
#: The same within a database, where tables of the same people are common.
_NEARLY: Final = 0.8
#: The share from which one is a part of the other, and below which the other is more than that.
_WHOLE: Final = 0.95
_LESS: Final = 0.8
_SURE: Final = {"text": 0.9}
_SURE_OF_OTHERS: Final = 0.99
#: Columns of a table that prove a copy of it within a database; ids alone are keys and what points at them.
_COLUMNS: Final = 2
_ID: Final = "id"
#: The share of rows that have a value of their own, as far as estimates of large sets go.
_UNIQUE: Final = 0.95
_OPEN: Final = "which of both was first is not known"


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two columns with common values; `shares` of the distinct values of each that the other has."""

    ends: tuple[str, str]
    kind: str
    algorithm: str
    shares: tuple[Containment | None, Containment | None]

    @property
    def between(self) -> tuple[str, str]:
        return dataset_of(self.ends[0]), dataset_of(self.ends[1])


@dataclass(frozen=True)
class Copies:
    """`datasets` are our own, `profiles` those of all fields; `links` tell how data moves between them."""

    datasets: Sequence[Dataset]
    categories: Categories
    taxonomy: Taxonomy = field(repr=False)
    sets: Sets = field(repr=False)
    profiles: Mapping[str, Profile] = field(repr=False)
    links: Sequence[Link] = ()

    def found(self) -> tuple[Link, ...]:
        """One link for each pair of columns, sorted."""
        met = [pair for pair in self._pairs() if self._is_copy(pair)]
        # Names alone are those of many: they count beside something that is one person's.
        proven = {pair.between for pair in met if pair.kind != "text"}
        kept = [pair for pair in met if pair.kind != "text" or pair.between in proven]
        copied = self._copied(pair for pair in kept if self._is_within(pair))
        kept = [pair for pair in kept if not self._is_within(pair) or pair.between in copied]
        return tuple(sorted(map(self._link, kept), key=lambda link: (link.source, link.target, link.detail)))

    def _pairs(self) -> Iterator[_Pair]:
        ours = self._by_urn
        sets = {urn: kinds for urn, kinds in self.sets.items() if dataset_of(urn) in ours}
        personal = {
            urn: fits
            for urn, kinds in sets.items()
            if (fits := {k: v for k, v in kinds.items() if fitting(self.taxonomy, self.categories, urn, k)})
        }

        def apart(one: str, other: str) -> bool:
            first, second = ours[dataset_of(one)], ours[dataset_of(other)]
            if first.store.urn != second.store.urn:
                return True
            tables = first.kind == second.kind == "table" and first.urn != second.urn
            return tables and not {(first.urn, second.urn), (second.urn, first.urn)} & self._moves

        plain: dict[tuple[str, str, str], dict[str, Containment]] = {}
        for whole, part, share in pairs(personal, sets, apart):
            if whole.algorithm:
                yield _Pair((whole.urn, part.urn), whole.kind, whole.algorithm, (None, share))
                continue
            first, second = sorted((whole.urn, part.urn))
            plain.setdefault((first, second, whole.kind), {})[part.urn] = share
        for (one, other, kind), shares in plain.items():
            yield _Pair((one, other), kind, "", (shares.get(one), shares.get(other)))

    def _is_within(self, pair: _Pair) -> bool:
        one, other = pair.between
        return self._by_urn[one].store.urn == self._by_urn[other].store.urn

    def _copied(self, pairs: Iterable[_Pair]) -> set[tuple[str, str]]:
        """The tables of one database of which one is a copy of the other, each pair both ways."""
        met: dict[frozenset[str], list[_Pair]] = defaultdict(list)
        for pair in pairs:
            met[frozenset(pair.between)].append(pair)
        found: set[tuple[str, str]] = set()
        for between, columns in met.items():
            one, other = sorted(between)
            telling = [pair for pair in columns if pair.kind != _ID]
            few = min((len({pair.ends[end] for pair in telling}) for end in (0, 1)), default=0)
            named = self._is_named(one) != self._is_named(other) or bool(self._longer(one, other))
            if few >= (1 if named else _COLUMNS) and any(map(self._is_unique, columns)):
                found |= {(one, other), (other, one)}
        return found

    def _is_unique(self, pair: _Pair) -> bool:
        """True if both columns have a value of its own in each row."""
        profiles = [self.profiles.get(end) for end in pair.ends]
        sets = [max(kinds.distinct for kinds in self.sets[end].values()) for end in pair.ends]
        told = zip(profiles, sets, strict=True)
        return all(profile is not None and count >= _UNIQUE * profile.values for profile, count in told)

    def _longer(self, one: str, other: str) -> str:
        """Which of two tables has the other's name and something more, as `users_2023` has."""
        words = {urn: words_of(split(urn)[1][-1:]) for urn in (one, other)}
        if words[one] < words[other] or words[other] < words[one]:
            return max(words, key=lambda urn: len(words[urn]))
        return ""

    def _is_copy(self, pair: _Pair) -> bool:
        least = _NEARLY if self._is_within(pair) else _MOSTLY
        return any(share is not None and share.low >= least for share in pair.shares)

    def _link(self, pair: _Pair) -> Link:
        turned, because = self._direction(pair)
        source, target = reversed(pair.ends) if turned else pair.ends
        of_source, of_target = reversed(pair.shares) if turned else pair.shares
        told, whose = (of_target, "target") if of_target else (of_source, "source")
        assert told is not None
        detail = f"{bounds(told)} of the {whose}'s distinct values are{form(pair.algorithm)} the other's"
        sure = _SURE.get(pair.kind, _SURE_OF_OTHERS)
        masked = bool(pair.algorithm)
        return Link(source, target, COPY, target, f"{detail}; {because}", told.shared, sure, masked)

    def _direction(self, pair: _Pair) -> tuple[bool, str]:
        """True if the second end was first, and why."""
        one, other = pair.between
        if pair.algorithm:
            return False, "a hash is made from what it is a hash of"
        if (said := (other, one) in self._moves) != ((one, other) in self._moves):
            return said, "a statement or job goes the same way"
        if (named := self._is_named(one)) != self._is_named(other):
            return named, "the target is named as a copy"
        if self._is_within(pair) and (longer := self._longer(one, other)):
            return longer == one, "the target has the source's name and more"
        if (filed := self._is_file(one)) != self._is_file(other):
            return filed, "the target is a file beside a table"
        return _by_part(*pair.shares)

    @cached_property
    def _moves(self) -> frozenset[tuple[str, str]]:
        return frozenset((dataset_of(link.source), dataset_of(link.target)) for link in self.links)

    @cached_property
    def _by_urn(self) -> Mapping[str, Dataset]:
        return {dataset.urn: dataset for dataset in self.datasets}

    def _is_named(self, urn: str) -> bool:
        return named_as_copy(self._by_urn[urn])

    def _is_file(self, urn: str) -> bool:
        return self._by_urn[urn].kind not in ("table", "view")


def _by_part(one: Containment | None, other: Containment | None) -> tuple[bool, str]:
    """What lies whole in the other, which has more, was most likely drawn from it."""
    first, second = (share.share if share else 0.0 for share in (one, other))
    if second >= _WHOLE and first < _LESS:
        return False, "the target is a part of the source"
    if first >= _WHOLE and second < _LESS:
        return True, "the target is a part of the source"
    return False, _OPEN
