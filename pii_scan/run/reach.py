"""Whether each source can be scanned: its door, what is visible, what reading is held to, and a first row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ..core.errors import ConfigError, SourceError
from ..core.model import Batch, Dataset, Plan
from ..core.ports import Connector, HasGuards
from .context import configuration
from .reading import internal
from .sources import Source, chosen

#: Objects of which a row is tried to be read: the first may be empty, or not ours to read.
_TRIED: Final = 5


@dataclass(frozen=True, slots=True)
class Reach:
    """One source as a first look finds it; `error` is why it can't be scanned, or not all of it."""

    name: str
    kind: str
    objects: int = 0
    readable: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    guards: tuple[str, ...] = ()
    error: str = ""

    @property
    def good(self) -> bool:
        return not self.error

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "kind": self.kind,
            "reachable": self.good,
            "objects": self.objects,
            "readable": self.readable,
            "skipped": self.skipped,
            "guards": list(self.guards),
            "error": self.error,
        }

    @property
    def line(self) -> str:
        if not self.good:
            return f"FAIL {self.name}: {self.kind}: {self.error}"
        parts = [f"{self.objects} object{'s' * (self.objects != 1)}", f"{self.readable} to read"]
        parts += [f"{count} skipped: {reason}" for reason, count in self.skipped.items()]
        held = f"; held to: {', '.join(self.guards)}" if self.guards else ""
        return f"ok   {self.name}: {self.kind}: {', '.join(parts)}{held}"


def reached(config: Path | None, wanted: Sequence[str]) -> Iterator[Reach]:
    """Each wanted source in turn, all that are configured if none is named."""
    for source in chosen(configuration(config), wanted):
        try:
            yield look(source, read=True)
        except Exception as error:  # noqa: BLE001 - a connector's bug costs its own source, and says so
            yield Reach(source.name, source.kind, error=internal(error))


def look(source: Source, *, read: bool) -> Reach:
    """What is visible of one source; with `read` a row is tried, too."""
    try:
        with closing(source.open()) as connector:
            found = list(connector.datasets())
            able = [dataset for dataset in found if not dataset.skip]
            skipped = Counter(dataset.skip for dataset in found if dataset.skip)
            guards = connector.guards() if isinstance(connector, HasGuards) else ()
            error = _read(connector, able, tuple(skipped)) if read else ""
    except (SourceError, ConfigError) as fault:
        return Reach(source.name, source.kind, error=str(fault))
    return Reach(
        source.name, source.kind, len(found), len(able), dict(sorted(skipped.items())), guards, error
    )


def _read(connector: Connector, able: Sequence[Dataset], skipped: Sequence[str]) -> str:
    """Why no row of any of the first few objects can be read; nothing if one gives some, or all are empty.

    `skipped` are the reasons why others are not read.
    """
    if not able:
        return ": ".join(
            filter(None, ("nothing that can be read is visible", "; ".join(sorted(skipped)[:3])))
        )
    errors = []
    for dataset in able[:_TRIED]:
        try:
            for shard in list(connector.shards(dataset, Plan(rows=1)))[:1]:
                if any(isinstance(item, Batch) for item in connector.read(shard)):
                    return ""
        except SourceError as error:
            errors.append(str(error))
    return errors[0] if errors else ""
