"""Profiles and their copies: how many rows elsewhere say something else than the profile does today."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from ...core.cohort import PROFILES, Roll, Tally
from ..answer import Path
from ..scope import Known
from .cells import Cells, Row, texts
from .fields import EMAIL, Fields, is_people
from .hashing import Hasher
from .moments import days, moment

PHONE: Final = "user.contact.phone_number"
NAME: Final = "user.name"
_DIGITS: Final = 9  # of a number's end: what stands before may be a country's code or a zero
_CHANGED: Final = frozenset(("updated", "modified", "changed"))


@dataclass(frozen=True, slots=True)
class _Profile:
    """Hashes of what a profile says; `changed` is when it was last written, where that is known."""

    email: frozenset[bytes] = field(repr=False)
    phone: bytes | None = field(repr=False)
    name: bytes | None = field(default=None, repr=False)
    changed: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Columns:
    email: Path
    phone: Path
    names: tuple[Path, ...] = ()
    changed: Path | None = None

    @property
    def wanted(self) -> frozenset[Path]:
        return frozenset((self.email, self.phone, *self.names, *([self.changed] if self.changed else [])))


def copies(
    fields: Fields, hasher: Hasher, cells: Cells, datasets: Sequence[Known], now: datetime
) -> Iterator[Roll | Tally]:
    """The profiles that were read, and for each other dataset with addresses and numbers its differences.

    A row is matched by its address, and its number compared; where no profile has the address, by its number
    and name together, since people share numbers.
    """
    found = [(known, columns) for known in datasets if (columns := _columns(fields, known))]
    own = [pair for pair in found if is_people(pair[0])]
    profiles: list[_Profile] = []
    for known, columns in own:
        before = len(profiles)
        profiles += [_profile(hasher, columns, row) for row in cells.read(known, columns.wanted)]
        yield Roll(PROFILES, known.shown.urn, cells.rows, len(profiles) - before, cells.gap, cells.bound)
    if not profiles:
        return
    book = _Book(profiles)
    for known, columns in found:
        if not is_people(known):
            yield _compared(hasher, cells, known, columns, book, now)


class _Book:
    """Profiles by what they say; what two of them say tells nobody apart."""

    def __init__(self, profiles: Sequence[_Profile]) -> None:
        self.by_email = {form: profile for profile in profiles for form in profile.email}
        named: dict[tuple[bytes, bytes], list[_Profile]] = defaultdict(list)
        for profile in profiles:
            if profile.phone and profile.name:
                named[profile.phone, profile.name].append(profile)
        self._by_phone = {pair: found[0] for pair, found in named.items() if len(found) == 1}

    def by_phone(self, copy: _Profile) -> _Profile | None:
        return self._by_phone.get((copy.phone, copy.name)) if copy.phone and copy.name else None


def _compared(
    hasher: Hasher, cells: Cells, known: Known, columns: _Columns, book: _Book, now: datetime
) -> Tally:
    held, undated = 0, Counter[str]()
    over: dict[str, Counter[int]] = defaultdict(Counter)
    for row in cells.read(known, columns.wanted):
        copy = _profile(hasher, columns, row)
        match = next((book.by_email[form] for form in copy.email if form in book.by_email), None)
        profile = match or book.by_phone(copy)
        if profile is None:
            continue
        held += 1
        category = ""
        if match and copy.phone and match.phone and copy.phone != match.phone:
            category = PHONE
        elif not match and copy.email and profile.email:
            category = EMAIL
        if category and profile.changed is None:
            undated[category] += 1
        elif category and profile.changed is not None:
            passed = days(profile.changed, now)
            over[category][passed or 0] += 1
    return Tally(
        PROFILES,
        known.shown.urn,
        rows=cells.rows,
        held=held,
        over={category: dict(sorted(found.items())) for category, found in sorted(over.items())},
        filled=dict(sorted(undated.items())),
        gap=cells.gap,
        bound=cells.bound,
    )


def _columns(fields: Fields, known: Known) -> _Columns | None:
    """One address and one number that the row's person has; none for datasets of several people a row."""
    emails = [f.path for f in fields.of_category(known, EMAIL) if fields.is_own(f) and "[]" not in f.path]
    phones = [f.path for f in fields.of_category(known, PHONE) if "[]" not in f.path]
    if len(emails) != 1 or len(phones) != 1:
        return None
    changed = [f.path for f in fields.with_words(known, _CHANGED)]
    named = fields.of_category(known, NAME, whole=True)
    names = tuple(f.path for f in named if "[]" not in f.path)
    return _Columns(emails[0], phones[0], names, changed[0] if changed else None)


def _profile(hasher: Hasher, columns: _Columns, row: Row) -> _Profile:
    emails = frozenset(form for text in row.get(columns.email, ()) for form in hasher.seen(text))
    written = row.get(columns.phone, [""])[0]
    digits = "".join(c for c in written if c.isdecimal())
    phone = hasher.value(digits[-_DIGITS:]) if len(digits) >= _DIGITS else None
    said = {word.casefold() for text in texts(row, columns.names) for word in text.split()}
    name = hasher.value(" ".join(sorted(said))) if said else None
    changed = row.get(columns.changed, ()) if columns.changed else ()
    return _Profile(emails, phone, name, moment(changed[0]) if changed else None)
