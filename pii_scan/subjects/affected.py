"""Whom the exposure of a store concerns: people by their addresses, with what, and until when to report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from ..core.errors import SourceError
from ..core.inventory import Inventory
from ..core.keyed import Key
from ..core.model import Batch, Field, Note
from ..core.register import Entry
from .answer import Ledger, NotSearched, Path
from .audit import keyed
from .reading import FULL
from .redaction import EMAIL
from .scope import Known, Scope

#: GDPR, article 33(1): from when the company became aware.
NOTICE: Final = timedelta(hours=72)
_BY: Final = ("user.contact.email", "user.contact.phone_number")


@dataclass(frozen=True, slots=True)
class Affected:
    """`people` maps keyed identifiers to the identifiers; only the keys are shown unless asked for."""

    store: str
    people: Mapping[str, str] = field(repr=False)
    categories: Mapping[str, int]  # to the number of fields
    special: tuple[str, ...]
    aware_at: str
    due: str
    incident: str
    searched: tuple[str, ...]
    not_searched: tuple[NotSearched, ...]


def affected(scope: Scope, store: str, aware: datetime | None, now: datetime, key: Key) -> Affected:
    """Reads the store's columns of addresses and numbers; the clock runs from the incident's entry if any."""
    ledger = Ledger()
    people: dict[str, str] = {}
    for known in scope.datasets:
        if known.shown.store.urn == store:
            for text in _identifiers(scope, known, ledger):
                people.setdefault(keyed(key, text), text)
    found = {urn: c for urn, c in scope.by_field.items() if urn.startswith(f"{store}/")}
    counted = _counted(found)
    special = tuple(c for c in counted if scope.inventory.taxonomy.is_special(c))
    entry = incident(scope.inventory, store)
    since = aware or _time(entry.get("aware_at") if entry else "") or now
    return Affected(
        store,
        people,
        counted,
        special,
        since.isoformat(timespec="minutes"),
        (since + NOTICE).isoformat(timespec="minutes"),
        entry.get("id") if entry else "",
        ledger.whole(),
        ledger.not_searched(),
    )


def incident(inventory: Inventory, store: str) -> Entry | None:
    """The last entry of the register of incidents that names the store, by URN or name."""
    name = store.partition("://")[2]
    found = [e for e in inventory.entries if e.register == "incidents" and e.get("store") in (store, name)]
    return max(found, key=lambda entry: entry.get("aware_at"), default=None)


def _counted(found: Mapping[str, Sequence[str]]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for categories in found.values():
        for category in categories:
            counts[category] = counts.get(category, 0) + 1
    return dict(sorted(counts.items()))


def _time(text: str) -> datetime | None:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _identifiers(scope: Scope, known: Known, ledger: Ledger) -> Iterator[str]:
    """The addresses, else the numbers, in a dataset's fields that hold them."""
    shown = known.shown.urn
    if known.raw.skip:
        ledger.gap(shown, known.raw.skip)
        return
    ledger.searched.append(shown)
    if not any(urn.startswith(f"{shown}#") and _wanted(c) for urn, c in scope.by_field.items()):
        return
    try:
        for shard in known.connector.shards(known.raw, FULL):
            for item in known.connector.read(shard):
                if isinstance(item, Batch):
                    yield from _in(scope, known, item)
                elif isinstance(item, Note) and (item.lost or item.changed):
                    ledger.gap(shown, item.reason or "it was changed while it was read")
    except SourceError as error:
        ledger.gap(shown, str(error))


def _wanted(categories: Sequence[str]) -> bool:
    return any(c in _BY for c in categories)


def _in(scope: Scope, known: Known, batch: Batch) -> Iterator[str]:
    """The addresses of each row, its numbers where it has no address: one person is not two."""
    columns = [
        (path, batch.table.column(number).to_pylist())
        for number, path in enumerate(batch.columns)
        if _any_below(scope, known, path)
    ]
    for row in range(batch.table.num_rows):
        mails: list[str] = []
        numbers: list[str] = []
        for column, cells in columns:
            text = cells[row]
            for path, leaf in [(column, text), *scope.leaves(column, text)] if text else ():
                categories = scope.categories(known, path)
                mails += _mails(leaf) if _BY[0] in categories else []
                numbers += _number(leaf) if _BY[1] in categories else []
        yield from mails or numbers


def _mails(text: str) -> list[str]:
    return [found.group().casefold() for found in EMAIL.finditer(text)]


def _number(text: str) -> list[str]:
    """A number as its digits; a longer text is none."""
    digits = "".join(c for c in text if c.isdigit())
    return [f"+{digits}" if text.strip().startswith("+") else digits] if 7 <= len(digits) <= 15 else []


def _any_below(scope: Scope, known: Known, column: Path) -> bool:
    """True for a column in which, or in whose values, an address or number was found."""
    own = Field(known.shown.urn, scope.masker.path(column)).urn if column else f"{known.shown.urn}#"
    found = (categories for urn, categories in scope.by_field.items() if urn.startswith(own))
    return any(map(_wanted, found))
