"""What must be kept for a time, from the register of legal holds, and to which places it applies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from ..core.hold import applies, live
from ..core.inventory import Inventory
from .answer import Place


@dataclass(frozen=True, slots=True)
class Hold:
    """A line of the register: what is held (a category, or a word of datasets' names), why, until when."""

    id: str
    category: str
    basis: str
    expires_on: str

    @property
    def said(self) -> str:
        until = f" until {self.expires_on}" if self.expires_on else ""
        return f"hold {self.id}: {self.basis or 'no ground is given'}{until}"


def holds(inventory: Inventory, subjects: Sequence[str], today: date) -> tuple[Hold, ...]:
    """Those that are not over and are either for everybody or for one of the keyed subjects."""
    found = []
    for entry in inventory.entries:
        other = bool(entry.get("subject")) and entry.get("subject") not in subjects
        if entry.register == "legal_holds" and live(entry, today.isoformat()) and not other:
            names = ("id", "category", "basis", "expires_on")
            found.append(Hold(*(entry.get(name) for name in names)))
    return tuple(found)


def applying(given: Iterable[Hold], inventory: Inventory, place: Place) -> Hold | None:
    """The first hold that names a category of the place, or a word of its dataset's name."""
    return next(
        (h for h in given if applies(h.category, inventory.taxonomy, place.dataset_path, place.categories)),
        None,
    )
