"""What a source says of how its data is guarded, of jobs that were run, and what the registers in it say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from ..core.errors import SourceError
from ..core.keyed import Key
from ..core.mapping import Mapping as Mapped
from ..core.mapping import Place
from ..core.ports import Connector, HasMappings, HasRegisters, HasSettings
from ..core.redact import Masker
from ..core.register import Entry
from ..core.setting import Setting

#: The purpose for which identifiers of people in registers are keyed.
PURPOSE = "subjects"


@dataclass(frozen=True, slots=True)
class Facts:
    """Masked settings, entries and mappings; `faults` are why some could not be read."""

    settings: Sequence[Setting] = ()
    entries: Sequence[Entry] = ()
    mappings: Sequence[Mapped] = ()
    faults: Sequence[str] = ()

    def __bool__(self) -> bool:
        return bool(self.settings or self.entries or self.mappings or self.faults)


def facts(connector: Connector, masker: Masker, key: Key, addresses: Mapping[str, str]) -> Facts:
    """Asks the connector for what it can tell; what fails is named, and the rest stands.

    `addresses` gives the names of our sources by where they are.
    """
    settings: list[Setting] = []
    entries: list[Entry] = []
    mappings: list[Mapped] = []
    faults: list[str] = []
    if isinstance(connector, HasSettings):
        try:
            settings += (masker.setting(setting) for setting in connector.settings())
        except SourceError as error:
            faults.append(f"its settings could not be read: {error}")
    if isinstance(connector, HasRegisters):
        try:
            entries += (masker.entry(entry) for entry in connector.entries(key.derive(PURPOSE)))
        except SourceError as error:
            faults.append(f"its registers could not be read: {error}")
    if isinstance(connector, HasMappings):
        try:
            mappings += (masker.mapping(_placed(mapping, addresses)) for mapping in connector.mappings())
        except SourceError as error:
            faults.append(f"its events could not be read: {error}")
    return Facts(settings, entries, mappings, faults)


def _placed(mapping: Mapped, addresses: Mapping[str, str]) -> Mapped:
    """With our own name of the databases that it names by their address."""
    source = _at(mapping.source, addresses) if mapping.source else None
    return replace(mapping, source=source, target=_at(mapping.target, addresses))


def _at(place: Place, addresses: Mapping[str, str]) -> Place:
    database = ".".join(place.path).partition(".")[0]
    found = addresses.get(f"{place.namespace}/{database}", "")
    return replace(place, store=found) if found and not place.store else place


def lines(settings: Sequence[Setting]) -> Iterator[str]:
    """A heading for each store, bucket or resource, and a line for each setting."""
    for subject, group in groupby(settings, key=lambda setting: setting.subject):
        yield subject
        for setting in group:
            detail = f"  ({setting.detail})" if setting.detail else ""
            yield f"  {setting.name:<22} {setting.value}{detail}"


def documents(settings: Sequence[Setting]) -> list[dict[str, str]]:
    return [{"subject": s.subject, "name": s.name, "value": s.value, "detail": s.detail} for s in settings]
