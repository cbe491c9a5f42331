"""What the inventory knows of a dataset's fields, as far as cohorts need it; paths are masked ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ...core.inventory import Inventory
from ...core.model import OWN, Field
from ...core.words import words, words_of
from ...data.known import vocabulary
from ...data.times import best
from ..answer import Path
from ..scope import Known

EMAIL: Final = "user.contact.email"
_KEYS: Final = frozenset(("id", "uuid", "guid", "key", "customer", "reference", "external"))
_SURE: Final = 0.5


def told(kind: str) -> frozenset[str]:
    """The words of `data/cohorts.yaml`."""
    return vocabulary("cohorts")[kind]


@dataclass(frozen=True, slots=True)
class Fields:
    """Fields and categories by the shown URN of the dataset."""

    inventory: Inventory
    by_dataset: Mapping[str, Sequence[Field]]
    categories: Mapping[str, frozenset[str]]
    types: Mapping[str, frozenset[str]]  # the categories that a field is, not those that its texts hold

    def is_own(self, field: Field) -> bool:
        """True for a field of addresses, not of texts that hold one."""
        return EMAIL in self.types.get(field.urn, ())

    @classmethod
    def of(cls, inventory: Inventory) -> Fields:
        grouped: dict[str, list[Field]] = defaultdict(list)
        for field in inventory.fields:
            grouped[field.dataset].append(field)
        categories: dict[str, set[str]] = defaultdict(set)
        types: dict[str, set[str]] = defaultdict(set)
        for detection in inventory.detections:
            if detection.confidence >= _SURE:
                categories[detection.field].add(detection.category)
                if detection.verdict == "type":
                    types[detection.field].add(detection.category)
        return cls(inventory, grouped, _frozen(categories), _frozen(types))

    def all(self, known: Known) -> Sequence[Field]:
        """As scanned; as listed where a scan stored none."""
        return self.by_dataset.get(known.shown.urn) or known.shown.fields

    def named(self, known: Known, name: str) -> Field | None:
        """The field of this name or dotted path, the least nested first."""
        wanted = name.casefold()
        fit = [f for f in self.all(known) if wanted in (f.name.casefold(), ".".join(f.path).casefold())]
        return min(fit, key=lambda f: (len(f.path), f.urn), default=None)

    def with_words(self, known: Known, wanted: frozenset[str]) -> list[Field]:
        """The fields whose names have one of the words."""
        return [f for f in self.all(known) if words_of(f.path[-1:]) & wanted]

    def of_category(self, known: Known, top: str, *, whole: bool = False) -> list[Field]:
        """The fields in which the category was found; with `whole` those that are nothing else."""
        taxonomy, found = self.inventory.taxonomy, self.types if whole else self.categories
        return [f for f in self.all(known) if any(taxonomy.subsumes(top, c) for c in found.get(f.urn, ()))]

    def identifying(self, known: Known) -> list[Path]:
        """Where addresses stand, and keys that may be somebody's; those of logs are of requests."""
        keys = [
            f.path
            for f in self.all(known)
            if f.type not in ("timestamp", "date", "boolean", "number") and words_of(f.path[-1:]) & _KEYS
        ]
        addresses = [f.path for f in self.of_category(known, EMAIL)]
        return list(dict.fromkeys([*addresses, *(keys if known.raw.kind != "log" else [])]))

    def time(self, known: Known, preferred: Sequence[str]) -> tuple[Path, bool] | None:
        """The column of a row's time, and whether it is one of those preferred."""
        for name in preferred:
            found = self.named(known, name)
            if found is not None:
                return found.path, True
        field = best(self.all(known), self.inventory.profiles)
        return (field.path, False) if field else None

    def streams(self, known: Known) -> list[Path]:
        return [f.path for f in self.all(known) if set(words(f.name)) & told("stream")]

    def events(self, known: Known) -> list[Path]:
        return [f.path for f in self.all(known) if f.name.casefold() in told("event")]


def _frozen(found: Mapping[str, set[str]]) -> dict[str, frozenset[str]]:
    return {urn: frozenset(categories) for urn, categories in found.items()}


def named_as(known: Known, kind: str) -> bool:
    """True for a dataset whose own name has one of the words."""
    return bool(words_of(known.shown.path[-1:]) & told(kind))


def is_people(known: Known) -> bool:
    """True for a table of ours whose rows are people."""
    return known.raw.kind == "table" and known.raw.store.role == OWN and named_as(known, "person")


def promotional(known: Known) -> bool:
    """True for a dataset whose name says that it is of promotion."""
    return bool(words_of(known.shown.path) & told("promotional_dataset"))
