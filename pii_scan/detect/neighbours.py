"""The columns beside: a `last_name` is surer with a `first_name`, an id with the table it refers to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Final

from ..core import urn as urns
from ..core.detection import Evidence
from ..core.model import Dataset, Field, FieldType
from ..core.profile import Profile
from . import surroundings
from .clues import Beside
from .names import NameHit, Names, Subject
from .nested import MARKS
from .tokens import Tokens

Path = tuple[str, ...]
IDENTIFIER: Final = "user.unique_id"
ADDRESS: Final = "user.contact.address"
STREET: Final = f"{ADDRESS}.street"
_PARTS: Final = frozenset(f"{ADDRESS}.{part}" for part in ("city", "postal_code", "state"))
#: First words of keys that every table has, whatever it is about.
_WRITERS: Final = tuple((word,) for word in ("created", "updated", "modified", "deleted", "changed"))
#: Categories of columns that other tables refer to when they mean a person.
_KEYS: Final = (IDENTIFIER, "user.account.identifier")
#: Categories that tell that a record is of a person.
_PERSONAL: Final = (
    "user.name",
    "user.contact.email",
    "user.contact.phone_number",
    "user.demographic",
    "user.government_id",
    "user.account.username",
    "user.device.ip_address",
)


class Neighbours:
    """Reads the names of a dataset's fields together."""

    def __init__(
        self,
        names: Names,
        dataset: Dataset,
        fields: Sequence[Field],
        profiles: Mapping[Path, Profile],
        labels: Mapping[Path, Evidence],
    ) -> None:
        self.labels = labels
        self.names = self._names = names
        # A log is named for the program that writes it, not for what its lines are of.
        self._table = () if dataset.kind == "log" else dataset.path
        self._fields = fields
        self._declared = {field.path: field.type for field in dataset.fields}

    @cached_property
    def _personal(self) -> dict[Path, set[Path]]:
        """By parent path, the fields whose names are a person's without any context."""
        found: dict[Path, set[Path]] = defaultdict(set)
        for field in self._fields:
            said = self._names.read(self._table, field.path, self._kind(field))
            if any(hit.strong and self._tells(hit.category) for hit in said):
                found[field.path[:-1]].add(field.path)
        return found

    @cached_property
    def _words(self) -> dict[Path, frozenset[Tokens]]:
        """By parent path, the words of all the names that stand there."""
        found: dict[Path, set[Tokens]] = defaultdict(set)
        for field in self._fields:
            found[field.path[:-1]].add(self._names.words(field.path))
        return {path: frozenset(words) for path, words in found.items()}

    def _tells(self, category: str) -> bool:
        ancestors = self._names.taxonomy.ancestors(category)
        return any(key in ancestors for key in _PERSONAL)

    def siblings(self, field: Field) -> set[Path]:
        """The other fields of the same record that are a person's by their names."""
        return self._personal.get(field.path[:-1], set()) - {field.path}

    def _kind(self, field: Field) -> FieldType:
        """The declared type; digits in a file are text as often as numbers, and bar nothing."""
        declared = self._declared.get(field.path, "unknown")
        return field.type if declared != "unknown" or field.type == "boolean" else "unknown"

    def beside(self, field: Field) -> Beside:
        return Beside(bool(self.siblings(field)), self._words[field.path[:-1]])

    def read(self, field: Field) -> tuple[NameHit, ...]:
        """What the field's name says beside the others; an address beside its city is a street."""
        beside = self.beside(field)
        said = self._names.read(self._table, field.path, self._kind(field), beside.person, beside.names)
        if any(hit.category == ADDRESS for hit in said) and field.path[:-1] in self._parted:
            return tuple(replace(h, category=STREET) if h.category == ADDRESS else h for h in said)
        return said

    def candidates(self, field: Field) -> tuple[NameHit, ...]:
        """All that the field's name may say, whatever it weighs."""
        return tuple(self._names.candidates(self._table, field.path, self._kind(field), self.beside(field)))

    @cached_property
    def _parted(self) -> set[Path]:
        """The parent paths with a column for a part of an address."""
        return {f.path[:-1] for f in self._fields if _PARTS & self._names.hints(f.path)}

    def refers(self, field: Field) -> bool:
        """True if a foreign key of the field points at the key of a table of persons."""
        if not field.references:
            return False
        _, path, column = urns.split(field.references)
        words = self._names.vocabulary.split(path[-1]) if path else ()
        if surroundings.kind_of(words, self._names.vocabulary) != "person":
            return False
        said = self._names.read(path, column)
        return not any(hit.strong and not hit.category.startswith(_KEYS) for hit in said)

    def subject(self, field: Field) -> Subject:
        """What names in the field's values are names of."""
        return self._names.subject(self._table, field.path)

    def matter(self, field: Field, category: str) -> str:
        """The reason why a field may be of the category: its name's end, or the table whose names it has."""
        word = self._names.ending(field.path, category)
        if word:
            return f"the name token '{word}'"
        named = self._names.words(field.path)[-1:]
        if not named or named[0] not in self._names.vocabulary.called or len(field.path) > 1:
            return ""
        table = self._names.ending(self._table[-1:], category)
        return f"a name in a table of '{table}'" if table else ""

    def tie(self, field: Field) -> str:
        """What ties a record to a person, in words; empty if nothing does, or it is of a thing."""
        if self._about(field) in ("thing", "organisation"):
            return ""
        if any(self._points(f) for f in self._fields if f.path[:-1] == field.path[:-1] and f != field):
            return "in a record that refers to a person"
        return "beside columns of a person" if self.siblings(field) else ""

    def _about(self, field: Field) -> surroundings.Kind:
        parents = [part for part in field.path[:-1] if part not in MARKS]
        return surroundings.of(self._table, parents, self._names.vocabulary).kind

    def of_person(self, field: Field) -> bool:
        return self._about(field) == "person"

    def of_organisation(self, field: Field) -> bool:
        """True in the record of an organisation, if the field's name has no person's word."""
        words = self._names.words(field.path)
        own = surroundings.kind_of(words, self._names.vocabulary)
        return own != "person" and self._about(field) == "organisation"

    def _points(self, field: Field) -> bool:
        """True if the field is a key of a person, other than of who last wrote the record."""
        if self._names.words(field.path)[:1] in _WRITERS:
            return False
        return self.refers(field) or any(h.category == IDENTIFIER for h in self.read(field))

    def keys(self, field: Field) -> bool:
        """True for the `id` in a table that is named for persons and has a column of a person."""
        own = len(field.path) == 1 and self._names.key(field.path)
        return own and self._record == "person" and bool(self._told)

    @cached_property
    def _record(self) -> surroundings.Kind:
        return surroundings.of(self._table, (), self._names.vocabulary).record

    @cached_property
    def _told(self) -> set[Path]:
        """The columns whose names are a person's in this table."""
        return {
            field.path
            for field in self._fields
            if len(field.path) == 1 and any(self._tells(hit.category) for hit in self.read(field))
        }
